"""What the kubelet decides for one pod on its node, in pure parts.

`looks` (one look at a pod: what it is given, what it gathers), `outcomes` (what became of the actions of the last look), `backoff`
(how long to wait after a failure), `images` (pulling), `env` and `volumes` (what a container is given), `addresses` (the pod's IP,
/etc/hosts, /etc/resolv.conf), `containers` (which to start and stop, in which order), `probes` (which are due and what they mean),
`status` (what is told of it all). The decision as a whole is `controllers.pods`.
"""
