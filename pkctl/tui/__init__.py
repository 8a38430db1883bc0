"""The full-screen monitor: Textual screens over a `client.base.Client`, watching and asking only through it."""
