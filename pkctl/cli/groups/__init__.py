"""pkctl's own command groups, on click, each loaded only when named; the doing is in `pkctl.wiring`."""
