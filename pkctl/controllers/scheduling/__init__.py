"""What the scheduler weighs: `nodes` (who has room, kept current with every change), `filters` (which nodes a pod can't have, and
Kubernetes' words for why), `affinity` (terms on nodes and pods, spreading), `scores` (which of the rest is best).

The decision itself is `controllers.scheduler`. May import `pkctl.controllers.plan` and lower.
"""
