"""A pod's volumes on a node: one folder each under `<pod>/volumes`, made and refreshed by shell scripts.

Files are laid out as the kubelet does it: `..data` points to a folder with a time in its name, each file points through `..data`,
and a refresh switches `..data` at once, so a reader sees all old or all new files. Upstream: pkg/volume/util/atomic_writer.go.
"""

from __future__ import annotations

import base64
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
    where = shlex.quote(f"{place.pod(pod['metadata']['uid'])}/volumes/{name}")
    head = f"set -e; umask 022; volume={where}; [ -d ${{volume%/*}} ] || mkdir -p ${{volume%/*}}\n"
    if action.get("files") is not None:
        return head + _files(action["files"], group, name)
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


def _files(files: dict[str, Object], group: int | None, name: str) -> str:
    """The folder anew, unless it holds just this already; a process is spared where the shell can do without, since every pod pays."""
    from hashlib import sha256

    tops = dict.fromkeys(shlex.quote(path.partition("/")[0]) for path in files)
    text = json.dumps([{path: [file["data"], file.get("mode")] for path, file in sorted(files.items())}, group])
    keep = "|".join([".", "..", "..data", "..data_tmp", *tops])
    return "\n".join(
        (
            f"[ -d $volume ] || mkdir -m 0777 $volume; cd $volume; kept=../.{name}.sum; sum={sha256(text.encode()).hexdigest()}",
            'was=; [ ! -e $kept ] || read -r was <$kept || :; [ "$was" != $sum ] || exit 0',
            "new=..$(date +%Y_%m_%d_%H_%M_%S.%N); mkdir $new; cd $new",
            *(_write(path, file, group) for path, file in files.items()),
            "umask 022; cd .." + (f"; chgrp -R {int(group)} $new" if group is not None else ""),
            "old=; [ ! -L ..data ] || old=$(readlink ..data)",
            'if [ "$old" ]; then ln -sfn $new ..data_tmp; mv -T ..data_tmp ..data; else ln -s $new ..data; fi',
            f'set --; for top in {" ".join(tops)}; do [ -L "$top" ] || set -- "$@" "..data/$top"; done; [ $# = 0 ] || ln -s "$@" .',
            f'for name in * .*; do case "$name" in {keep}|..2*) ;; *) rm -f "$name";; esac; done',
            '[ -z "$old" ] || rm -rf "$old"; echo $sum >$kept',
        )
    )


def _write(path: str, file: Object, group: int | None) -> str:
    """One file: text by the shell itself, bytes through base64; its mode by the umask, which can't make it executable."""
    where, mode = shlex.quote(path), file.get("mode", 0o644) | (0o440 if group is not None else 0)
    raw = base64.b64decode(file["data"])
    lines = [f"umask 022; mkdir -p {shlex.quote(path.rpartition('/')[0])}"] if "/" in path else []
    lines.append(f"umask {0o777 & ~mode:03o}")
    try:
        if b"\0" in raw:
            raise ValueError
        lines.append(f"printf %s {shlex.quote(raw.decode())} >{where}")
    except ValueError:
        lines.append(f"base64 -d >{where} <<END\n{file['data']}\nEND")
    if mode & 0o7111:
        lines.append(f"chmod {mode:o} {where}")
    return "\n".join(lines)


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
