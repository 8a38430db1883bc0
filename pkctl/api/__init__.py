"""What a request means: the API server's verbs over a store, in the API server's own order of steps.

`resources` is the only writer of objects: users, controllers and HTTP all come through it. Beside it: admission in order,
deletion, server-side apply, the sealing of secrets, Tables, discovery. Not here: who asks (client/), what follows from a
write (controllers/). May import `pkctl.kinds` and lower.
"""
