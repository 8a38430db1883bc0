"""One row per command: where it is found, what it is for, which flags it takes, and the module that does it.

A row is (path, module, use, flags, usage, short help). `use` says what a command needs of the cluster: "r" reads it, "w" changes it,
"" neither, "own" marks pkctl's own command groups, which are click's. A path with no flags and no module is a group. Modules are named,
not imported: `get` loads nothing but `get`.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

FILES = "(-f FILENAME | TYPE NAME)"
DRY = "[--dry-run=server|client|none]"
ROWS: tuple[tuple[str, str, str, str, str, str], ...] = (
    ("create", "create", "w", "%PFDVSW field-manager=kubectl-create edit raw:string windows-line-endings", "-f FILENAME",
     "Create objects from a file, from stdin or by a generator"),
    ("create clusterrole", "generators.roles", "w", "%PDVW field-manager=kubectl-create aggregation-rule non-resource-url resource "
     "resource-name:array verb", f"NAME --verb=verb --resource=resource.group [--resource-name=resourcename] {DRY}",
     "Create a ClusterRole"),
    ("create clusterrolebinding", "generators.bindings", "w", "%PDVW field-manager=kubectl-create clusterrole group serviceaccount user",
     f"NAME --clusterrole=NAME [--user=username] [--group=groupname] [--serviceaccount=namespace:serviceaccountname] {DRY}",
     "Create a ClusterRoleBinding"),
    ("create configmap", "generators.configmaps", "w", "%PDVW field-manager=kubectl-create append-hash from-env-file from-file "
     "from-literal",
     f"NAME [--from-file=[key=]source] [--from-literal=key1=value1] {DRY}", "Create a ConfigMap from files, directories or literals"),
    ("create cronjob", "generators.jobs", "w", "%PDVW field-manager=kubectl-create image restart= schedule",
     "NAME --image=image --schedule='0/5 * * * ?' -- [COMMAND] [args...] [flags]", "Create a CronJob"),
    ("create deployment", "generators.deployments", "w", "%PDVW field-manager=kubectl-create image:slice port:int32=-1 r/replicas:int32=1",
     "NAME --image=image -- [COMMAND] [args...]", "Create a Deployment"),
    ("create ingress", "generators.ingresses", "w", "%PDVW field-manager=kubectl-create annotation class default-backend rule",
     "NAME --rule=host/path=service:port[,tls[=secret]] ", "Create an Ingress"),
    ("create job", "generators.jobs", "w", "%PDVW field-manager=kubectl-create from image",
     "NAME --image=image [--from=cronjob/name] -- [COMMAND] [args...]", "Create a Job"),
    ("create namespace", "generators.simple", "w", "%PDVW field-manager=kubectl-create", f"NAME {DRY}", "Create a Namespace"),
    ("create poddisruptionbudget", "generators.simple", "w", "%PDVW field-manager=kubectl-create max-unavailable min-available /selector",
     f"NAME --selector=SELECTOR --min-available=N {DRY}", "Create a PodDisruptionBudget"),
    ("create priorityclass", "generators.simple", "w", "%PDVW field-manager=kubectl-create description global-default "
     "preemption-policy value",
     f"NAME --value=VALUE --global-default=BOOL {DRY}", "Create a PriorityClass"),
    ("create quota", "generators.simple", "w", "%PDVW field-manager=kubectl-create hard scopes",
     f"NAME [--hard=key1=value1,key2=value2] [--scopes=Scope1,Scope2] {DRY}", "Create a ResourceQuota"),
    ("create role", "generators.roles", "w", "%PDVW field-manager=kubectl-create resource resource-name:array verb",
     f"NAME --verb=verb --resource=resource.group/subresource [--resource-name=resourcename] {DRY}", "Create a Role"),
    ("create rolebinding", "generators.bindings", "w", "%PDVW field-manager=kubectl-create clusterrole group role serviceaccount user",
     f"NAME --clusterrole=NAME|--role=NAME [--user=username] [--group=groupname] [--serviceaccount=namespace:serviceaccountname] {DRY}",
     "Create a RoleBinding"),
    ("create secret", "", "", "", "(docker-registry | generic | tls)", "Create a Secret of one of several types"),
    ("create secret docker-registry", "generators.secrets", "w", "%PDVW field-manager=kubectl-create append-hash docker-email "
     "docker-password docker-server docker-username from-file", "NAME --docker-username=user --docker-password=password "
     f"--docker-email=email [--docker-server=string] [--from-file=[key=]source] {DRY}", "Create a Secret with registry credentials"),
    ("create secret generic", "generators.secrets", "w", "%PDVW field-manager=kubectl-create append-hash from-env-file from-file "
     "from-literal type", f"NAME [--type=string] [--from-file=[key=]source] [--from-literal=key1=value1] {DRY}",
     "Create a Secret from files, directories or literals"),
    ("create secret tls", "generators.secrets", "w", "%PDVW field-manager=kubectl-create append-hash cert key",
     f"NAME --cert=path/to/cert/file --key=path/to/key/file {DRY}", "Create a Secret from a certificate and its key"),
    ("create service", "", "", "", "[flags]", "Create a Service of one of several types"),
    ("create service clusterip", "generators.services", "w", "%PDVW field-manager=kubectl-create clusterip tcp",
     f"NAME [--tcp=<port>:<targetPort>] {DRY}", "Create a Service inside the cluster"),
    ("create service externalname", "generators.services", "w", "%PDVW field-manager=kubectl-create external-name tcp",
     f"NAME --external-name external.name {DRY}", "Create a Service that stands for a DNS name"),
    ("create service loadbalancer", "generators.services", "w", "%PDVW field-manager=kubectl-create tcp",
     f"NAME [--tcp=port:targetPort] {DRY}", "Create a Service behind a load balancer"),
    ("create service nodeport", "generators.services", "w", "%PDVW field-manager=kubectl-create node-port tcp",
     f"NAME [--tcp=port:targetPort] {DRY}", "Create a Service on a port of every node"),
    ("create serviceaccount", "generators.simple", "w", "%PDVW field-manager=kubectl-create", f"NAME {DRY}", "Create a ServiceAccount"),
    ("create token", "token", "r", "%P audience bound-object-kind bound-object-name bound-object-uid duration", "SERVICE_ACCOUNT_NAME",
     "Ask for a token of a ServiceAccount"),
    ("expose", "expose", "w", "%PFDW field-manager=kubectl-expose cluster-ip external-ip labels load-balancer-ip name override-type "
     "overrides port protocol /selector session-affinity target-port type", f"{FILES} [--port=port] [--protocol=TCP|UDP|SCTP] "
     "[--target-port=number-or-name] [--name=name] [--external-ip=external-ip-of-service] [--type=type]",
     "Put a Service in front of pods or of what makes them"),
    ("run", "run_pod", "w", "%PFDW field-manager=kubectl-run annotations attach cascade command:bool detach-keys /env expose force "
     "grace-period image image-pull-policy labels leave-stdin-open override-type overrides pod-running-timeout port privileged quiet "
     "restart rm stdin timeout tty wait", 'NAME --image=image [--env="key=value"] [--port=port] [--dry-run=server|client] '
     "[--overrides=inline-json] [--command] -- [COMMAND] [args...]", "Run an image in a pod"),
    ("set", "", "", "", "SUBCOMMAND", "Change one feature of objects"),
    ("set env", "set_env", "w", "%PFDS field-manager=kubectl-set all containers env from keys list local overwrite=true prefix:string "
     "resolve", "RESOURCE/NAME KEY_1=VAL_1 ... KEY_N=VAL_N", "Change environment variables of pod templates"),
    ("set image", "set_template", "w", "%PFDS field-manager=kubectl-set all local",
     f"{FILES} CONTAINER_NAME_1=CONTAINER_IMAGE_1 ... CONTAINER_NAME_N=CONTAINER_IMAGE_N", "Change images of pod templates"),
    ("set resources", "set_template", "w", "%PFDS field-manager=kubectl-set all containers limits local requests",
     f"{FILES}  ([--limits=LIMITS & --requests=REQUESTS]", "Change resource requests and limits of pod templates"),
    ("set selector", "set_other", "w", "%PfD recursive=true field-manager=kubectl-set all local resource-version",
     f"{FILES} EXPRESSIONS [--resource-version=version]", "Replace an object's selector"),
    ("set serviceaccount", "set_template", "w", "%PFD field-manager=kubectl-set all local", f"{FILES} SERVICE_ACCOUNT",
     "Change the service account of pod templates"),
    ("set subject", "set_other", "w", "%PFDS field-manager=kubectl-set all group local serviceaccount user",
     f"{FILES} [--user=username] [--group=groupname] [--serviceaccount=namespace:serviceaccountname] {DRY}",
     "Add subjects to role bindings"),
    ("explain", "explain", "r", "recursive api-version output=plaintext",
     "TYPE [--recursive=FALSE|TRUE] [--api-version=api-version-group] [-o|--output=plaintext|plaintext-openapiv2]",
     "Tell what a kind's fields are for"),
    ("get", "get", "r", "%PFSA chunk-size field-selector ignore-not-found label-columns neat no-headers output-watch-events raw:string "
     "server-print show-kind show-labels sort-by subresource watch watch-only",
     "[(-o|--output=)json|yaml|kyaml|name|go-template|go-template-file|template|templatefile|jsonpath|jsonpath-as-json|jsonpath-file|"
     "custom-columns|custom-columns-file|wide] (TYPE[.VERSION][.GROUP] [NAME | -l label] | TYPE[.VERSION][.GROUP]/NAME ...) [flags]",
     "Show one or many objects"),
    ("edit", "edit", "w", "%PFVW field-manager=kubectl-edit output-patch subresource windows-line-endings", "(RESOURCE/NAME | -f FILENAME)",
     "Change objects in an editor"),
    ("delete", "delete", "w", "%FDSA all cascade field-selector force grace-period ignore-not-found interactive now output raw:string "
     "timeout wait=true", "([-f FILENAME] | [-k DIRECTORY] | TYPE [(NAME | -l label | --all)])", "Delete objects"),
    ("rollout", "", "", "", "SUBCOMMAND", "Follow and steer the rollout of a workload"),
    ("rollout history", "rollout_history", "r", "%PFS revision", "(TYPE NAME | TYPE/NAME) [flags]", "Show earlier revisions"),
    ("rollout pause", "rollout_change", "w", "%PFS field-manager=kubectl-rollout", "RESOURCE", "Pause a rollout"),
    ("rollout restart", "rollout_change", "w", "%PFS field-manager=kubectl-rollout", "RESOURCE", "Restart a workload's pods"),
    ("rollout resume", "rollout_change", "w", "%PFS field-manager=kubectl-rollout", "RESOURCE", "Resume a paused rollout"),
    ("rollout status", "rollout_status", "r", "%FS revision timeout watch=true", "(TYPE NAME | TYPE/NAME) [flags]", "Wait for a rollout"),
    ("rollout undo", "rollout_history", "w", "%PFDS to-revision", "(TYPE NAME | TYPE/NAME) [flags]", "Go back to an earlier revision"),
    ("scale", "scale", "w", "%PFDS all current-replicas replicas resource-version timeout",
     f"[--resource-version=version] [--current-replicas=count] --replicas=COUNT {FILES}", "Set the number of replicas"),
    ("autoscale", "autoscale", "w", "%PFDW field-manager=kubectl-autoscale cpu cpu-percent:int32=-1 max memory min name",
     "(-f FILENAME | TYPE NAME | TYPE/NAME) [--min=MINPODS] --max=MAXPODS [--cpu=CPU] [--memory=MEMORY]",
     "Let load decide the number of replicas"),
    ("certificate", "", "", "", "SUBCOMMAND", "Decide certificate signing requests"),
    ("certificate approve", "certificate", "w", "%PF force", "(-f FILENAME | NAME)", "Approve a certificate signing request"),
    ("certificate deny", "certificate", "w", "%PF force", "(-f FILENAME | NAME)", "Deny a certificate signing request"),
    ("cluster-info", "cluster_info", "r", "", "[flags]", "Tell where the cluster is"),
    ("cluster-info dump", "cluster_info", "r", "%PA namespaces output-directory pod-running-timeout=20s output=json", "[flags]",
     "Write down everything useful for a diagnosis"),
    ("top", "", "", "", "[flags]", "Show the use of CPU and memory"),
    ("top node", "top", "r", "%S no-headers show-capacity show-swap sort-by use-protocol-buffers", "[NAME | -l label]",
     "Show what nodes use"),
    ("top pod", "top", "r", "%SA /containers:bool field-selector no-headers show-swap sort-by sum use-protocol-buffers",
     "[NAME | -l label]", "Show what pods use"),
    ("cordon", "cordon", "w", "%DS", "NODE", "Keep new pods off a node"),
    ("uncordon", "cordon", "w", "%DS", "NODE", "Let new pods onto a node again"),
    ("drain", "drain", "w", "%DS chunk-size delete-emptydir-data disable-eviction force grace-period ignore-daemonsets pod-selector "
     "skip-wait-for-delete-timeout timeout", "NODE", "Move everything off a node"),
    ("taint", "taint", "w", "%PDVS field-manager=kubectl-taint all overwrite",
     "NODE NAME KEY_1=VAL_1:TAINT_EFFECT_1 ... KEY_N=VAL_N:TAINT_EFFECT_N", "Change the taints of nodes"),
    ("describe", "describe", "r", "%FSA chunk-size show-events", "(-f FILENAME | TYPE [NAME_PREFIX | -l label] | TYPE/NAME)",
     "Show an object's details and events"),
    ("logs", "logs", "r", "%S all-containers all-pods container follow ignore-errors insecure-skip-tls-verify-backend limit-bytes "
     "max-log-requests pod-running-timeout=20s prefix:bool previous since since-time tail timestamps",
     "[-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]", "Print what containers wrote"),
    ("attach", "attach", "r", "container detach-keys pod-running-timeout quiet stdin tty", "(POD | TYPE/NAME) -c CONTAINER",
     "Join a running container's process"),
    ("exec", "exec", "r", "container filename pod-running-timeout quiet stdin tty",
     "(POD | TYPE/NAME) [-c CONTAINER] [flags] -- COMMAND [args...]", "Run a command in a container"),
    ("port-forward", "port_forward", "r", "address=localhost pod-running-timeout",
     "TYPE/NAME [options] [LOCAL_PORT:]REMOTE_PORT [...[LOCAL_PORT_N:]REMOTE_PORT_N]", "Forward local ports to a pod"),
    ("proxy", "proxy", "", "accept-hosts accept-paths address:string=127.0.0.1 api-prefix append-server-path disable-filter keepalive "
     "p/port:int=8001 reject-methods reject-paths unix-socket www www-prefix",
     "[--port=PORT] [--www=static-dir] [--www-prefix=prefix] [--api-prefix=prefix]", "Serve the REST API on a local port"),
    ("cp", "cp", "r", "container no-preserve retries", "<file-spec-src> <file-spec-dest>", "Copy files to and from containers"),
    ("auth", "", "", "", "[flags]", "Ask what is allowed"),
    ("auth can-i", "auth", "r", "%A list no-headers quiet subresource", "VERB [TYPE | TYPE/NAME | NONRESOURCEURL]",
     "Ask whether something is allowed"),
    ("auth reconcile", "auth_reconcile", "w", "%PFD remove-extra-permissions remove-extra-subjects", "-f FILENAME",
     "Bring RBAC objects up to a file"),
    ("auth whoami", "auth", "r", "%P", "", "Tell who you are"),
    ("debug", "debug", "w", "arguments-only attach container copy-to custom /env:map filename image image-pull-policy keep-annotations "
     "keep-init-containers keep-labels keep-liveness keep-readiness keep-startup profile quiet replace same-node set-image share-processes "
     "stdin target tty", "(POD | TYPE[[.VERSION].GROUP]/NAME) [ -- COMMAND [args...] ]", "Look into pods and nodes with a container"),
    ("events", "events", "r", "%PA chunk-size for:string no-headers types watch",
     "[(-o|--output=)json|yaml|kyaml|name|go-template|go-template-file|template|templatefile|jsonpath|jsonpath-as-json|jsonpath-file] "
     "[--for TYPE/NAME] [--watch] [--types=Normal,Warning]", "List events, oldest first"),
    ("diff", "diff", "r", "%FS field-manager=kubectl-client-side-apply concurrency force-conflicts prune prune-allowlist server-side "
     "show-managed-fields show-secrets", "-f FILENAME", "Show what apply would change"),
    ("apply", "apply", "w", "%PFDVS field-manager=kubectl-client-side-apply all cascade force force-conflicts grace-period openapi-patch "
     "overwrite=true prune prune-allowlist server-side subresource timeout wait", "(-f FILENAME | -k DIRECTORY)",
     "Bring objects up to a file, creating what is missing"),
    ("apply edit-last-applied", "last_applied", "w", "%PFV field-manager=kubectl-client-side-apply windows-line-endings",
     "(RESOURCE/NAME | -f FILENAME)", "Edit what was applied last"),
    ("apply set-last-applied", "last_applied", "w", "%PD create-annotation filename", "-f FILENAME",
     "Note a file as what was applied last"),
    ("apply view-last-applied", "last_applied", "r", "%FS all output=yaml", "(TYPE [NAME | -l label] | TYPE/NAME | -f FILENAME)",
     "Show what was applied last"),
    ("patch", "patch", "w", "%PFD field-manager=kubectl-patch local patch patch-file subresource type=strategic",
     f"{FILES} [-p PATCH|--patch-file FILE]", "Change fields of an object by a patch"),
    ("replace", "replace", "w", "%PFDVW field-manager=kubectl-replace cascade force grace-period raw:string subresource timeout wait",
     "-f FILENAME", "Replace objects by files"),
    ("wait", "wait", "r", "%PfSA recursive=true all field-selector for local timeout=30s",
     "([-f FILENAME] | resource.group/resource.name | resource.group [(-l label | --all)]) [--for=create|--for=delete|"
     "--for condition=available|--for=jsonpath='{}'[=value]]", "Wait until objects are as told"),
    ("kustomize", "kustomize", "", "as-current-user enable-alpha-plugins enable-helm e/env helm-api-versions:array helm-command helm-debug "
     "helm-kube-version load-restrictor mount network network-name output:string", "DIR [flags]", "Build a kustomization"),
    ("label", "label", "w", "%PFDSA field-manager=kubectl-label all "
     "field-selector list local overwrite resource-version",
     f"[--overwrite] {FILES} KEY_1=VAL_1 ... KEY_N=VAL_N [--resource-version=version]", "Change labels"),
    ("annotate", "label", "w", "%PFDSA field-manager=kubectl-annotate all "
     "field-selector list local overwrite resource-version",
     f"[--overwrite] {FILES} KEY_1=VAL_1 ... KEY_N=VAL_N [--resource-version=version]", "Change annotations"),
    ("completion", "completion", "", "", "SHELL", "Print a shell's completion script"),
    ("api-versions", "api_resources", "r", "", "", "List the API versions that are served"),
    ("api-resources", "api_resources", "r", "api-group cached categories namespaced no-headers output show-managed-fields sort-by verbs",
     "[flags]", "List the kinds that are served"),
    ("config", "", "", "", "SUBCOMMAND", "Change kubeconfig files"),
    ("config current-context", "config.show", "", "", "[flags]", "Print the current context"),
    ("config delete-cluster", "config.change", "", "", "NAME", "Remove a cluster"),
    ("config delete-context", "config.change", "", "", "NAME", "Remove a context"),
    ("config delete-user", "config.change", "", "", "NAME", "Remove a user"),
    ("config get-clusters", "config.show", "", "", "[flags]", "List clusters"),
    ("config get-contexts", "config.show", "", "no-headers output", "[(-o|--output=)name)]", "List contexts"),
    ("config get-users", "config.show", "", "", "[flags]", "List users"),
    ("config rename-context", "config.change", "", "", "CONTEXT_NAME NEW_NAME", "Rename a context"),
    ("config set", "config.change", "", "set-raw-bytes:tristate=false", "PROPERTY_NAME PROPERTY_VALUE", "Set one value"),
    ("config set-cluster", "config.change", "", "certificate-authority embed-certs:tristate=false insecure-skip-tls-verify:tristate=false "
     "proxy-url server tls-server-name", "NAME [--server=server] [--certificate-authority=path/to/certificate/authority] "
     "[--insecure-skip-tls-verify=true] [--tls-server-name=example.com]", "Set a cluster"),
    ("config set-context", "config.change", "", "cluster current namespace user:string",
     "[NAME | --current] [--cluster=cluster_nickname] [--user=user_nickname] [--namespace=namespace]", "Set a context"),
    ("config set-credentials", "config.change", "", "auth-provider auth-provider-arg client-certificate client-key "
     "embed-certs:tristate=false exec-api-version exec-arg exec-command exec-env exec-interactive-mode "
     "exec-provide-cluster-info:tristate=false "
     "password token username", "NAME [--client-certificate=path/to/certfile] [--client-key=path/to/keyfile] [--token=bearer_token] "
     "[--username=basic_user] [--password=basic_password] [--auth-provider=provider_name] [--auth-provider-arg=key=value] "
     "[--exec-command=exec_command] [--exec-api-version=exec_api_version] [--exec-arg=arg] [--exec-env=key=value]", "Set a user"),
    ("config unset", "config.change", "", "", "PROPERTY_NAME", "Remove one value"),
    ("config use-context", "config.change", "", "", "CONTEXT_NAME", "Choose the current context"),
    ("config view", "config.show", "", "%P output=yaml flatten merge minify raw", "[flags]", "Show the merged kubeconfig"),
    ("kuberc", "", "", "", "SUBCOMMAND", "Change kuberc files"),
    ("kuberc set", "kuberc", "", "allowlist-entry:array appendarg command:string kuberc name option overwrite policy prependarg section",
     "--section (defaults|aliases) --command COMMAND", "Set preferences"),
    ("kuberc view", "kuberc", "", "%P output=yaml kuberc", "", "Show preferences"),
    ("plugin", "", "", "", "[flags]", "Work with plugins"),
    ("plugin list", "plugin", "", "name-only", "[flags]", "List plugins on the PATH"),
    ("version", "version", "", "client output", "[flags]", "Print the versions of client and server"),
    ("options", "options", "", "", "", "List the flags of every command"),
    ("node", "groups.node", "own", "", "", "Add, list, check, remove and clean nodes"),
    ("daemon", "groups.daemon", "own", "", "", "Run pkctl in the background"),
    ("secrets", "groups.secrets", "own", "", "", "Look after the key that seals Secrets"),
    ("ctx", "switching", "", "", "[NAME | -]", "List contexts, choose one, or go back to the one before"),
    ("tree", "tree", "r", "no-headers", "(TYPE NAME | TYPE/NAME)", "Show an object, what it owns, and how ready that is"),
    ("ns", "switching", "r", "", "[NAME | -]", "List namespaces, choose one for the context, or go back"),
    ("tui", "groups.tui", "own", "", "", "Look at the cluster full screen"),
)  # fmt: skip

ALIASES = {
    "create cm": "configmap", "create cj": "cronjob", "create deploy": "deployment", "create ing": "ingress", "create ns": "namespace",
    "create pdb": "poddisruptionbudget", "create pc": "priorityclass", "create resourcequota": "quota", "create sa": "serviceaccount",
    "create svc": "service", "set sa": "serviceaccount", "top nodes": "node", "top no": "node", "config use": "use-context",
    "top pods": "pod", "top po": "pod",
}  # fmt: skip

SECTIONS = (
    ("Basic Commands (Beginner)", "create expose run set"),
    ("Basic Commands (Intermediate)", "explain get edit delete"),
    ("Deploy Commands", "rollout scale autoscale"),
    ("Cluster Management Commands", "certificate cluster-info top cordon uncordon drain taint"),
    ("Troubleshooting and Debugging Commands", "describe logs attach exec port-forward proxy cp auth debug events"),
    ("Advanced Commands", "diff apply patch replace wait kustomize"),
    ("Settings Commands", "label annotate completion"),
    ("Other Commands", "api-resources api-versions config kuberc plugin version"),
    ("pkctl's own", "node daemon secrets tui ctx ns tree"),
)

SUGGESTED = {"delete": ("remove", "rm"), "get": ("list",)}
"""Other words for a command, as cobra's SuggestFor has them."""


class Row:
    """A command found: `path` its words, `use` what it needs of the cluster; a group has no module."""

    __slots__ = ("flags", "module", "path", "short", "usage", "use")

    def __init__(self, path: str, module: str, use: str, flags: str, usage: str, short: str) -> None:
        self.path, self.use, self.flags, self.usage, self.short = path, use, flags, usage, short
        self.module = f"verbs.{module}" if module and "." not in module else module

    @property
    def is_group(self) -> bool:
        """A command that only holds others."""
        return not self.module


ROOT = Row("", "", "", "", "[flags]", "")
"""pkctl itself."""


def row(path: str) -> Row | None:
    """The command of exactly this path, aliases not counted."""
    for each in ROWS:
        if each[0] == path:
            return Row(*each)
    return None


def child(path: str, word: str) -> str | None:
    """The path of a command's subcommand, by name or alias."""
    full = f"{path} {word}" if path else word
    if ALIASES.get(full):
        full = f"{path} {ALIASES[full]}"
    return full if any(each[0] == full for each in ROWS) else None


def aliases(path: str) -> list[str]:
    """A command's other names."""
    start, _, name = path.rpartition(" ")
    return [each.rpartition(" ")[2] for each, meant in ALIASES.items() if meant == name and each.rpartition(" ")[0] == start]


def children(path: str) -> list[Row]:
    """The direct subcommands of a path ("" for the root), in the table's order."""
    depth = len(path.split()) + 1
    start = f"{path} " if path else ""
    return [Row(*each) for each in ROWS if each[0].startswith(start) and len(each[0].split()) == depth]


def suggestions(word: str) -> Sequence[str]:
    """Top-level commands that `word` may have meant: cobra's distance of two, a common start, or a known other word.

    Our own commands are meant only by their start: kubectl knows nothing of them."""
    typed = word.lower()
    names = [each.path for each in children("")]
    own = SECTIONS[-1][1].split()
    return [
        name
        for name in names
        if name.startswith(typed) or typed in SUGGESTED.get(name, ()) or (name not in own and distance(typed, name) <= 2)
    ]


def distance(one: str, two: str) -> int:
    """Levenshtein's distance."""
    line = list(range(len(two) + 1))
    for place, letter in enumerate(one, 1):
        before, line[0] = line[0], place
        for other, against in enumerate(two, 1):
            before, line[other] = line[other], min(line[other] + 1, line[other - 1] + 1, before + (letter != against))
    return line[len(two)]
