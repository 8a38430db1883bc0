"""Pure functions on Kubernetes objects, which are plain dicts, exactly the JSON.

Here: metadata, owners, selectors, field paths, JSONPath, quantities, times, patches, YAML, and the one source of clock,
ids and suffixes. Not here: anything that knows a kind, touches a file, or prints. May import `pkctl.errors` only.
"""
