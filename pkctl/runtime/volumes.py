"""A pod's volumes on a node: one folder each under `<pod>/volumes`, made and refreshed by shell scripts.

Files are laid out as the kubelet does it: `..data` points to a folder with a time in its name, each file points through `..data`,
and a refresh switches `..data` at once, so a reader sees all old or all new files. Upstream: pkg/volume/util/atomic_writer.go.
"""

from __future__ import annotations

import json
import shlex

from pkctl import errors
from pkctl.objects import meta, quantities
from pkctl.runtime import podspec

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.runtime import places

    Object = dict[str, Any]

HOST = {
    "DirectoryOrCreate": ('[ -d "$path" ] || mkdir -p -m 0755 "$path"', ""),
    "FileOrCreate": ('[ -e "$path" ] || : >"$path"', ""),
    "Directory": ('[ -d "$path" ]', "is not a directory"),
    "File": ('[ -f "$path" ]', "is not a file"),
    "Socket": ('[ -S "$path" ]', "is not a socket file"),
    "CharDevice": ('[ -c "$path" ]', "is not a character device"),
    "BlockDevice": ('[ -b "$path" ]', "is not a block device"),
}


def prepare(action: Object, place: places.Place) -> str:
    """The script for one "volume" action."""
    pod, name = action["pod"], action["volume"]
    group = meta.at(pod, "spec", "securityContext", "fsGroup")
    head = f"set -e; umask 022; volume={shlex.quote(place.pod(pod['metadata']['uid']) + '/volumes/' + name)}; mkdir -p ${{volume%/*}}\n"
    if action.get("files") is not None:
        return head + _files(action["files"], group)
    if action.get("host"):
        return head + _host(action["host"])
    if action.get("disk"):
        return head + _disk(place.disk(action["disk"]["name"]), group)
    return head + _empty(action.get("empty") or {}, group)


def subpaths(pod: Object, container: Object, env: dict[str, str], place: places.Place) -> str:
    """The script that makes the folders which `subPath` names, and refuses one that leads out of its volume; "" when there is none."""
    parts = []
    for mount in container.get("volumeMounts") or ():
        inner = podspec.subpath(mount, env)
        if not inner:
            continue
        if inner.startswith("/") or ".." in inner.split("/"):
            raise errors.NodeError("CreateContainerConfigError", f'subPath "{inner}" must be a relative path inside the volume')
        volume = f"{place.pod(pod['metadata']['uid'])}/volumes/{mount['name']}"
        parts.append(f"inside {shlex.quote(volume)} {shlex.quote(inner)}")
    return "\n".join([SUBPATH, *parts]) if parts else ""


SUBPATH = """inside() {
  root=$(realpath "$1"); real=$(realpath -m "$1/$2")
  case $real in "$root"/*) ;; *) echo "subPath \\"$2\\" leads out of the volume"; exit 1;; esac
  [ -e "$real" ] || mkdir -p -m 0750 "$real"
}"""


def _files(files: dict[str, Object], group: int | None) -> str:
    writes = [_write(path, file, group) for path, file in files.items()]
    tops = dict.fromkeys(path.partition("/")[0] for path in files)
    text = json.dumps({path: [file["data"], file.get("mode")] for path, file in sorted(files.items())})
    keep = "|".join([".", "..", "..data", "..data_tmp", *map(shlex.quote, tops)])
    return "\n".join(
        (
            "mkdir -p $volume; cd $volume; chmod 0777 .; new=..$(date +%Y_%m_%d_%H_%M_%S.%N)",
            f'sum=$(printf %s {shlex.quote(text)} | sha256sum); [ "$(cat ../.$(basename $volume).sum 2>/dev/null)" != "$sum" ] || exit 0',
            "mkdir $new; cd $new; umask 077",
            *writes,
            "chmod 0755 .; find . -type d -exec chmod 0755 {} +" + (f"; chgrp -R {int(group)} ." if group is not None else ""),
            "cd ..; old=$(readlink ..data || :); ln -sfn $new ..data_tmp; mv -T ..data_tmp ..data",
            *(f"[ -L {shlex.quote(top)} ] || ln -s {shlex.quote('..data/' + top)} {shlex.quote(top)}" for top in tops),
            f'for name in * .*; do case "$name" in {keep}|..2*) ;; *) rm -f "$name";; esac; done',
            '[ -z "$old" ] || rm -rf "$old"; printf %s "$sum" >../.$(basename $volume).sum',
        )
    )


def _write(path: str, file: Object, group: int | None) -> str:
    where = shlex.quote(path)
    folder = f"mkdir -p {shlex.quote(path.rpartition('/')[0])}; " if "/" in path else ""
    mode = file.get("mode", 0o644) | (0o440 if group is not None else 0)
    return f"{folder}base64 -d >{where} <<END\n{file['data']}\nEND\nchmod {mode:o} {where}"


def _empty(empty: Object, group: int | None) -> str:
    lines = ["mkdir -p $volume"]
    if empty.get("medium") == "Memory":
        size = f",size={quantities.value(empty['size'])}" if empty.get("size") else ""
        lines.append(f"mountpoint -q $volume || mount -t tmpfs -o mode=0777{size} pkctl $volume")
    lines.append("chmod 0777 $volume")
    return "\n".join([*lines, *_shared(group)])


def _disk(path: str, group: int | None) -> str:
    return "\n".join((f"mkdir -p {path}; chmod 0777 {path}; ln -sfn {path} $volume", *_shared(group)))


def _shared(group: int | None) -> list[str]:
    return [f"chgrp {int(group)} $volume/; chmod g+rwxs $volume/"] if group is not None else []


def _host(host: Object) -> str:
    check, complaint = HOST.get(host.get("type") or "", ("", ""))
    path = f"path={shlex.quote(host['path'])}"
    text = f"hostPath type check failed: {host['path']} {complaint}"
    lines = [path, f"{check} || {{ echo {shlex.quote(text)}; exit 1; }}" if check else ""]
    return "\n".join([*lines, 'ln -sfn "$path" $volume'])
