"""What each flag is for, and examples of each command: loaded for `--help` alone."""

from __future__ import annotations

TEXTS: dict[str, str] = {
    "all": "Take every object of the named kinds in the namespace.",
    "all-containers": "Read all containers of the pods.",
    "all-namespaces": "Look into every namespace, whatever --namespace says.",
    "all-pods": "Read all pods of the workload, each line with its pod and container before it.",
    "allow-missing-template-keys": "Print nothing, not an error, for a key that a template or jsonpath names and the object lacks.",
    "append-hash": "Append a hash of the contents to the name.",
    "as": "User to act as.",
    "cascade": 'What becomes of what the object owns: "background", "orphan" or "foreground".',
    "chunk-size": "Ask for long lists in portions of this many; 0 asks at once.",
    "cluster": "Which cluster: a file or URL of pkctl's, or a cluster's name in the kubeconfig.",
    "container": "The container; without it the annotated default or the first one.",
    "context": "The kubeconfig context to use.",
    "dry-run": 'Must be "none", "server" or "client": client prints what would be sent, server goes through everything but storing.',
    "field-manager": "The name under which changed fields are noted as owned.",
    "field-selector": "Only objects whose fields match, as in 'metadata.name=x,status.phase!=Running'.",
    "filename": "A file, directory, glob, URL, or - for stdin.",
    "follow": "Go on as new lines come.",
    "force": "Remove at once, without asking the object's keeper; with apply, delete and create anew what can't be changed.",
    "grace-period": "Seconds that pods get to end; negative leaves it to the object.",
    "ignore-not-found": "Say nothing of objects that do not exist.",
    "image": "The image to run.",
    "kubeconfig": "The kubeconfig file to use.",
    "kustomize": "A kustomization's directory; not together with -f or -R.",
    "label-columns": "Labels to show as columns.",
    "local": "Work on the given file alone, asking no cluster.",
    "namespace": "The namespace to work in.",
    "no-headers": "Leave the headings out.",
    "output": "Output format: json, yaml, kyaml, name, wide, jsonpath=…, go-template=…, custom-columns=…, where they fit.",
    "overwrite": "Change values that are there already.",
    "prune": "Delete what an earlier apply made and these files no longer hold.",
    "raw": "A path to ask the server for, as it is.",
    "recursive": "Go into directories of directories.",
    "replicas": "The number of replicas.",
    "request-timeout": "How long one request may take, as 1s, 2m or 3h; 0 is for ever.",
    "resource-version": "Go on only if the object is still of this version.",
    "save-config": "Note the configuration in an annotation, for a later apply.",
    "selector": "Only objects whose labels match, as in 'a=b,c!=d,e in (f,g),!h'.",
    "server-side": "Let the server merge, keeping account of who owns which field.",
    "no-nodes": "Make a new cluster without nodes, whose pods stay Pending; only namespaces and garbage are looked after.",
    "settle": 'After a change, bring about what follows from it at once ("auto") or leave that to the next command ("never").',
    "show-labels": "Add a column with all labels.",
    "show-managed-fields": "Keep managedFields in JSON and YAML.",
    "since": "Only lines newer than this, as 5s, 2m or 3h.",
    "sort-by": "Sort by the value of a jsonpath expression.",
    "stdin": "Pass stdin on to the container.",
    "subresource": "Act on this subresource, as status or scale.",
    "tail": "Only the last lines, this many; -1 for all.",
    "template": "The template's text, or its file, for the formats that take one.",
    "timeout": "How long to wait at most; 0 is as long as it takes, or not at all where that is said.",
    "tty": "Give the container a terminal.",
    "validate": 'What to do about unknown or doubled fields: "strict" (or true), "warn", "ignore" (or false).',
    "wait": "Wait until the objects are gone.",
    "watch": "Go on and show changes as they come.",
    "watch-only": "Show changes alone, not what is there first.",
}


def of(name: str, kind: str) -> str:
    """One flag's line; a flag without one of its own is told by its name."""
    if name in TEXTS:
        return TEXTS[name]
    words = name.replace("-", " ")
    shape = {"bool": "Turn on", "tristate": "Turn on", "slice": "Any number of", "array": "Any number of", "map": "name=value pairs:"}
    return f"{shape.get(kind, 'The')} {words}."


EXAMPLES: dict[str, tuple[tuple[str, str], ...]] = {
    "get": (("All pods of the namespace, with more columns", "get pods -o wide"), ("Watch the pods of one app", "get pods -l app=web -w"),
            ("One value", "get deployment web -o jsonpath='{.status.readyReplicas}'")),
    "apply": (("Bring about what a file says", "apply -f web.yaml"), ("From a pipe", "apply -f - < web.yaml")),
    "create": (("Create what a file holds", "create -f web.yaml"), ("Make a manifest to start from", "create deployment web --image=nginx "
               "--dry-run=client -o yaml")),
    "delete": (("What a file made", "delete -f web.yaml"), ("By label", "delete pods -l app=web")),
    "describe": (("A deployment with its events", "describe deployment web"),),
    "logs": (("Follow a deployment", "logs deploy/web -f"), ("The attempt before the last crash", "logs web-0 --previous")),
    "exec": (("A shell in a pod", "exec -it web-0 -- sh"),),
    "scale": (("To four replicas", "scale deployment web --replicas=4"),),
    "rollout": (("Wait for it", "rollout status deployment/web"), ("Go back", "rollout undo deployment/web")),
    "wait": (("Until a pod is ready", "wait --for=condition=Ready pod/web-0"),),
    "label": (("Add one, remove one", "label pod web-0 tier=front old-"),),
    "cordon": (("Keep new pods off", "cordon vm1"),),
}  # fmt: skip
