"""Where containers run: `base` is the protocol, `podman` this machine, `ssh` another one, `sim` a simulated one.

`podspec` turns a pod into libpod's container specifications, purely. Not here: what should run (controllers/pods), retries,
back-off, or any status in Kubernetes' words. May import `pkctl.objects` and `pkctl.errors` only.
"""
