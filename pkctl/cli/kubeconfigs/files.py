"""kubeconfig files: found, read, merged and written by client-go's loading rules (tools/clientcmd/loader.go).

Who names no kubeconfig has pkctl's own (`setups.kubeconfig`), which need not exist: a context for the cluster that is used by default is
there from the start, called `pkctl`, or by the cluster's place where PKCTL_CLUSTER names one.
"""

from __future__ import annotations

import os

from pkctl import errors, setups
from pkctl.objects import texts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.cli.settings import Settings

    Object = dict[str, Any]

LISTS = (("clusters", "cluster"), ("contexts", "context"), ("users", "user"))


WORDS = dict(LISTS)
OWN = "pkctl"
"""The context of the default cluster."""


def empty() -> Object:
    """A config with nothing in it."""
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "preferences": {},
        "clusters": [],
        "contexts": [],
        "users": [],
        "extensions": [],
        "current-context": "",
    }


def is_named(settings: Settings) -> bool:
    """Whether a kubeconfig was asked for."""
    return bool(settings.kubeconfig or settings.env.get("PKCTL_CONFIG") or settings.env.get("KUBECONFIG"))


def listed(settings: Settings) -> list[str]:
    """The files, in order of precedence: --kubeconfig, PKCTL_CONFIG or KUBECONFIG, else pkctl's own."""
    if settings.kubeconfig:
        return [settings.kubeconfig]
    named = settings.env.get("PKCTL_CONFIG") or settings.env.get("KUBECONFIG") or ""
    found = [place for place in named.split(os.pathsep) if place]
    return list(dict.fromkeys(found)) or [setups.kubeconfig(settings.env)]


def read(place: str) -> Object:
    """One file's config; an empty one for a file that is not there. CommandError names the file."""
    try:
        return parse(place)
    except errors.CommandError as error:
        raise errors.CommandError(f'error loading config file "{place}": {error}') from None


def parse(place: str) -> Object:
    """See `read`; CommandError without the file's name."""
    from pkctl.cli.kubeconfigs import typed
    from pkctl.objects import yamls

    try:
        with open(place, encoding="utf-8") as stream:
            found = _parsed(stream.read())
        return {**empty(), **typed.read({} if found is None else found)}
    except FileNotFoundError:
        return empty()
    except yamls.YamlError as error:
        text = str(error).removeprefix(yamls.CONVERTING)
    except IsADirectoryError:
        text = f"read {place}: is a directory"
    except OSError as error:
        text = f"open {place}: {(error.strerror or '').lower()}"
    raise errors.CommandError(text)


def _parsed(text: str) -> Any:
    """pkctl's own file is JSON, which is read without YAML's library."""
    if text.startswith("{"):
        try:
            return texts.loads(text)
        except ValueError:
            pass
    from pkctl.objects import yamls

    return yamls.load_yaml(text)


def of(settings: Settings) -> Object:
    """All files as one, with the context of the default cluster where no file is named."""
    config = merged(listed(settings))
    return config if is_named(settings) else _with_own(config, settings)


def _with_own(config: Object, settings: Settings) -> Object:
    named = settings.env.get("PKCTL_CLUSTER") or ""
    place = setups.place(setups.Setup(settings.env))
    server = place if "://" in place else f"sqlite://{place}"
    name = server if named else OWN
    for plural, word, value in (("clusters", "cluster", {"server": server}), ("contexts", "context", {"cluster": name, "user": ""})):
        if entry(config, plural, name) is None:
            config[plural] = sorted([*config[plural], {word: value, "name": name}], key=lambda each: str(each["name"]))
    return {**config, "current-context": name if named else config["current-context"] or name}


def merged(every: list[str]) -> Object:
    """Files as one: the first that has an entry wins."""
    made, failed = empty(), []
    for place in every:
        try:
            one = _located(read(place), place) if len(every) > 1 else read(place)
        except errors.CommandError as error:
            failed.append(error)
            continue
        for plural in (*WORDS, "extensions"):
            known = {each["name"] for each in made[plural]}
            made[plural] = [*made[plural], *(each for each in one[plural] or [] if each["name"] not in known)]
        made["current-context"] = made["current-context"] or one["current-context"]
        made["preferences"] = made["preferences"] or one["preferences"]
    raise_all(failed)
    for plural in (*WORDS, "extensions"):
        made[plural].sort(key=lambda each: each["name"])
    return made


def raise_all(failed: list[errors.CommandError]) -> None:
    """Raise the one error, or several as one that has a line for each; nothing for none."""
    if len(failed) > 1:
        raise errors.BareError("\n".join(map(str, failed)))
    if failed:
        raise failed[0]


def _located(config: Object, place: str) -> Object:
    """A config whose files are told from the working directory, not from its own folder."""
    return with_places(config, lambda each: os.path.normpath(os.path.join(os.path.dirname(place), each)))


def entry(config: Object, plural: str, name: str) -> Object | None:
    """What a list holds by a name."""
    word = dict(LISTS)[plural]
    for each in config[plural] or []:
        if each["name"] == name:
            return dict(each.get(word) or {})
    return None


def owner(settings: Settings, plural: str, name: str) -> str:
    """The file to write an entry to: the one that has it, else the first that exists, else the last."""
    every = listed(settings)
    for place in every:
        if os.path.exists(place) and (entry(read(place), plural, name) is not None if plural else read(place)["current-context"]):
            return place
    return next((place for place in every if os.path.exists(place)), every[-1])


def put(settings: Settings, plural: str, name: str, value: Object | None) -> str:
    """Write one entry (None removes it) and return the file's place."""
    place = owner(settings, plural, name)
    config = read(place)
    word = dict(LISTS)[plural]
    if value is not None and entry(config, plural, name) == value:
        return place
    kept = [each for each in config[plural] or [] if each["name"] != name]
    if value is not None:
        kept.append({word: value, "name": name})
    config[plural] = sorted(kept, key=lambda each: each["name"])
    write(settings, place, config)
    return place


def use(settings: Settings, name: str) -> None:
    """Set the current context."""
    if not is_named(settings) and settings.env.get("PKCTL_CLUSTER"):
        raise errors.CommandError("PKCTL_CLUSTER names the cluster: unset it to go by contexts")
    place = owner(settings, "", "")
    write(settings, place, {**read(place), "current-context": name})


def write(settings: Settings, place: str, config: Object) -> None:
    """Replace a file's text, readable by its owner alone."""
    from pkctl.printers import jsons, yamls

    dump = yamls.dump if is_named(settings) else jsons.dump
    try:
        os.makedirs(os.path.dirname(os.path.abspath(place)), mode=0o700, exist_ok=True)
        handle = os.open(f"{place}.new", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            base = os.path.dirname(os.path.abspath(place))
            stream.write(dump(shown(with_places(config, lambda each: relative(each, base)))))
        os.replace(f"{place}.new", place)
    except OSError as error:
        raise errors.CommandError(f"can't write {place}: {error.strerror}") from None


def shown(config: Object) -> Object:
    """The config as it is printed and written."""
    from pkctl.cli.kubeconfigs import typed

    return typed.shown(config)


def default(settings: Settings) -> str:
    """The file that messages name and that new entries go to: the first that exists, else the last."""
    every = listed(settings)
    return next((place for place in every if os.path.exists(place)), every[-1])


FILES = {"cluster": ("certificate-authority",), "user": ("client-certificate", "client-key", "tokenFile")}
"""The fields that hold places of files."""


def with_places(config: Object, change: Any) -> Object:
    """The config with every place of a file given to `change`."""
    made = dict(config)
    for plural, word in LISTS:
        made[plural] = [
            {
                **each,
                word: {
                    key: change(value) if value and key in FILES.get(word, ()) else value for key, value in (each.get(word) or {}).items()
                },
            }
            for each in config[plural] or ()
        ]
    return made


def relative(place: str, base: str) -> str:
    """An absolute place below the folder of a kubeconfig, told from there."""
    path = os.path.relpath(place, base) if os.path.isabs(place) else place
    return place if path.startswith("..") else path
