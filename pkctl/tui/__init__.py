"""The full-screen monitor: Textual screens over a `client.base.Client`, watching and asking only through it.

`app` is the application, `browser` and `readers` its two kinds of screen, `grids` and `pads` what they are drawn with, `feeds` the threads
that fetch, `actions` what the keys of `keys` do. Nothing here knows a store, an engine or a concrete client.
"""
