"""What is particular to each kind: one row in `table`, one room per plural, `podspec/` shared by all that hold a pod.

A room may define (all optional; the API falls back to the generic rule):

    default(obj) -> None              fill defaults in place; obj is the caller's own clone
    prepare(new, old) -> None         before storing: old is None on create; drop or keep what this verb may not touch
    validate(new, old) -> list        every fields.Problem at once; old is None on create
    validate_status(new, old) -> list the same of a write through a subresource; `validate_approval` and `validate_finalize` likewise
    convert(obj, api_version) -> obj  the same object in the form of another version served from one store prefix (events, autoscaling)
    warn(new, old) -> list[str]       texts for Warning headers
    FIELDS                            {field label: function(obj) -> str} that field selectors may use, beside metadata.*
    FIELDS_OF                         {kind id: such labels} where kinds that share a room call the fields otherwise
    COLUMNS                           tuple of columns.Column, in kubectl's order, wide-only ones with priority 1
    cells(obj, now) -> list           one cell for each of COLUMNS; now in epoch seconds
    rank(obj) -> key                  where a table of several shows it, when not by name
    describe(obj, reader) -> str      kubectl describe's text, reader being a `describing.Reader`

Names, verbs and scopes live only in the table; behaviour only in the room. Not here: reading or writing objects (api/), or
bringing them about (controllers/). May import `pkctl.store`, `pkctl.printers`, `pkctl.objects`, `pkctl.errors`.
"""
