"""The command line: `flags` (pflag's semantics), `table` (one row per command), a module per verb, `report` (stderr, exit codes).

A command's module defines `complete(ctx, parsed) -> options` (judges arguments; no client) and `run(options, client, io) -> int`.
Sees objects only through a client. May import anything below `cli`, but at module level only what every start needs.
"""
