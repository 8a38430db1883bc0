"""A module per command, each with `run(ctx)`, and what a command alone needs. Not here: what several of them share, one floor up."""
