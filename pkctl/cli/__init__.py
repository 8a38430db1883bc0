"""The command line: `flags` (pflag's semantics), `table` (a row per command), `verbs` (a module each), `report` (stderr, exit codes).

A command's module has `run(ctx)`, which judges its flags before it touches `ctx.client` and returns the exit code. Sees objects only
through a client. May import anything below `cli`, but at module level only what every start needs.
"""
