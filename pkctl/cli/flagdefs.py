"""What each flag is: its kind, default, shorthand and one line of help. Which command has which flags: `table`.

Not here: parsing (`flags`). A command's row may differ from a definition in kind, default or shorthand; see `flags.rows`.
"""

from __future__ import annotations

SETS = {
    "P": "output template allow-missing-template-keys show-managed-fields",
    "F": "filename recursive kustomize",
    "f": "filename recursive",
    "D": "dry-run",
    "V": "validate",
    "S": "selector",
    "A": "all-namespaces",
    "W": "save-config",
}
"""Letters that stand for flags found together, `%PF` in a row of the table."""

GLOBAL = (
    "as as-group as-uid as-user-extra cache-dir certificate-authority client-certificate client-key cluster context disable-compression "
    "insecure-skip-tls-verify kubeconfig kuberc log-flush-frequency=5s match-server-version namespace no-nodes password profile=none "
    "profile-output request-timeout s/server settle tls-server-name token user:string username v vmodule warnings-as-errors"
)
"""The flags of every command, in `options`' order; `no-nodes` and `settle` are pkctl's own."""

NO_OPT = {"dry-run": "unchanged", "validate": "strict", "cascade": "background"}
"""What a bare `--name` means for flags that are no booleans."""

BOOLEANS = (
    "all all-containers all-pods append-hash append-server-path arguments-only as-current-user attach cached client command "
    "create-annotation current delete-emptydir-data disable-compression disable-eviction disable-filter edit embed-certs "
    "enable-alpha-plugins enable-helm exec-provide-cluster-info expose flatten force force-conflicts global-default helm-debug "
    "ignore-daemonsets ignore-errors ignore-not-found insecure-skip-tls-verify insecure-skip-tls-verify-backend keep-annotations "
    "keep-labels keep-liveness keep-readiness keep-startup leave-stdin-open list local match-server-version minify name-only neat network "
    "no-headers no-nodes no-preserve now output-patch output-watch-events overwrite privileged prune raw remove-extra-permissions "
    "remove-extra-subjects replace resolve rm same-node save-config server-side set-raw-bytes show-capacity show-kind show-labels "
    "show-managed-fields show-secrets show-swap sum timestamps wait warnings-as-errors watch-only windows-line-endings"
)
"""Plain booleans that start false; those with a shorthand or another default have a row in `DEFS`."""

ARRAYS = (
    "allowlist-entry annotation annotations as-group as-user-extra appendarg audience exec-env for from-literal group mount option "
    "prependarg prune-allowlist rule serviceaccount user"
)
"""Lists where every occurrence is one element, commas and all."""

SLICES = (
    "address auth-provider-arg categories exec-arg from-env-file from-file helm-api-versions keys namespaces "
    "non-resource-url resource resource-name tcp types verb verbs"
)
"""Lists split at commas."""

DEFS: dict[str, tuple[str, str, str]] = {
    "accept-hosts": ("string", r"^localhost$,^127\.0\.0\.1$,^\[::1\]$", ""),
    "accept-paths": ("string", "^.*", ""),
    "all-namespaces": ("bool", "false", "A"),
    "allow-missing-template-keys": ("bool", "true", ""),
    "aggregation-rule": ("pairs", "", ""),
    "api-prefix": ("string", "/", ""),
    "cascade": ("string", "background", ""),
    "chunk-size": ("int64", "500", ""),
    "concurrency": ("int", "1", ""),
    "container": ("string", "", "c"),
    "containers": ("string", "*", "c"),
    "current-replicas": ("int", "-1", ""),
    "detach-keys": ("string", "ctrl-p,ctrl-q", ""),
    "docker-server": ("string", "https://index.docker.io/v1/", ""),
    "dry-run": ("string", "none", ""),
    "duration": ("duration", "0s", ""),
    "env": ("array", "", "e"),
    "filename": ("slice", "", "f"),
    "follow": ("bool", "false", "f"),
    "grace-period": ("int", "-1", ""),
    "helm-command": ("string", "helm", ""),
    "interactive": ("bool", "false", "i"),
    "keep-init-containers": ("bool", "true", ""),
    "keepalive": ("duration", "0s", ""),
    "kustomize": ("string", "", "k"),
    "label-columns": ("slice", "", "L"),
    "labels": ("string", "", "l"),
    "limit-bytes": ("int64", "0", ""),
    "load-restrictor": ("string", "LoadRestrictionsRootOnly", ""),
    "log-flush-frequency": ("goduration", "5s", ""),
    "max": ("int32", "-1", ""),
    "max-log-requests": ("int", "5", ""),
    "merge": ("tristate", "true", ""),
    "min": ("int32", "-1", ""),
    "namespace": ("string", "", "n"),
    "namespaced": ("bool", "true", ""),
    "network-name": ("string", "bridge", ""),
    "node-port": ("int", "0", ""),
    "openapi-patch": ("bool", "true", ""),
    "output": ("string", "", "o"),
    "override-type": ("string", "merge", ""),
    "patch": ("string", "", "p"),
    "pod-running-timeout": ("duration", "1m0s", ""),
    "preemption-policy": ("string", "PreemptLowerPriority", ""),
    "previous": ("bool", "false", "p"),
    "profile": ("string", "general", ""),
    "profile-output": ("string", "profile.pprof", ""),
    "quiet": ("bool", "false", "q"),
    "recursive": ("bool", "false", "R"),
    "reject-methods": ("string", "^$", ""),
    "reject-paths": ("string", "^/api/.*/pods/.*/exec,^/api/.*/pods/.*/attach", ""),
    "replicas": ("int", "0", ""),
    "request-timeout": ("string", "0", ""),
    "restart": ("string", "Always", ""),
    "retries": ("int", "0", ""),
    "revision": ("int64", "0", ""),
    "selector": ("string", "", "l"),
    "server-print": ("bool", "true", ""),
    "set-image": ("map", "", ""),
    "settle": ("string", "auto", ""),
    "share-processes": ("bool", "true", ""),
    "show-events": ("bool", "true", ""),
    "since": ("duration", "0s", ""),
    "skip-wait-for-delete-timeout": ("int", "0", ""),
    "stdin": ("bool", "false", "i"),
    "tail": ("int64", "-1", ""),
    "timeout": ("duration", "0s", ""),
    "to-revision": ("int64", "0", ""),
    "tty": ("bool", "false", "t"),
    "unix-socket": ("string", "", "u"),
    "use-protocol-buffers": ("bool", "true", ""),
    "v": ("int32", "0", "v"),
    "vmodule": ("vmodule", "", ""),
    "validate": ("string", "strict", ""),
    "value": ("int32", "0", ""),
    "watch": ("bool", "false", "w"),
    "www": ("string", "", "w"),
    "www-prefix": ("string", "/static/", "P"),
}
"""name -> (kind, default, shorthand), for all flags that are not plain strings or in the lists above."""
