"""The pod's sandbox on a node: pinned namespaces, a routed cable, a folder; as text of shell scripts, run by whoever reaches the node.

Containers join the pinned namespaces by path, as CRI-O does it. The pod has one address with a /32 mask and the gateway 169.254.1.1,
which every cable's end on the node carries: no bridge, so nothing is masqueraded between pods. Scripts may run twice, also after
being killed half way. A lock keeps the first pod's table from being removed with the last one's.
"""

from __future__ import annotations

import json
import shlex

from pkctl.objects import meta
from pkctl.runtime import podspec

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.runtime import places

GATEWAY = "169.254.1.1"
NSFS = "6e736673"

HALF = {"namespace": "", "name": "", "ip": "", "pins": [], "boot": ""}
"""The record of a sandbox that has none."""

SHELL = """set -e; umask 022; PATH=$PATH:/usr/sbin:/sbin
pinned() { [ "$(stat -f -c %t "$1" 2>/dev/null)" = 6e736673 ]; }
unpin() { while pinned "$1"; do umount "$1"; done; rm -f "$1"; }
"""


def create(pod: dict[str, Any], action: dict[str, Any], place: places.Place) -> str:
    """The script that makes the sandbox, or makes it whole again; `action` holds the address and the files' texts."""
    return "\n".join(
        (SHELL, _locked(place, "-s"), _folders(pod, action, place), _namespaces(pod, action, place), _record(pod, action, place))
    )


def remove(uid: str, place: places.Place) -> str:
    """The script that takes away everything but containers: mounts, cable, namespaces, cgroups, folders; the last pod takes the table."""
    return f"""{SHELL}{_locked(place)}
home={shlex.quote(place.pod(uid))} pins={shlex.quote(place.pins + "/" + uid)}
{_unport(place)}
[ ! -s $pins/pause ] || {{ pid=$(cat $pins/pause); [ ! /proc/$pid/ns/pid -ef $pins/pid ] || kill -9 $pid; }}
ip link del {place.link(uid)} 2>/dev/null || :
for kind in net ipc uts pid; do unpin $pins/$kind; done
below='index($5,a)==1||index($5,b)==1{{print $5}}'
for mount in $(awk -v a="$home/" -v b="$pins/" "$below" /proc/self/mountinfo | sort -r); do umount -l "$mount"; done
rm -rf "$home" "$pins" {place.home}/pods/.{uid}
{_ungroup(uid)}
if rmdir {place.home}/pods 2>/dev/null; then
  nft delete table ip {place.table} 2>/dev/null || :
  rm -f {place.pins}/table {place.pins}.table {place.pins}.lock; rmdir {place.pins} 2>/dev/null || :
  [ -d {place.home}/disks ] || rm -rf {place.home}
  rmdir /sys/fs/cgroup/*/pkctl /sys/fs/cgroup/pkctl 2>/dev/null || :
fi
"""


def look(place: places.Place) -> str:
    """The script that prints what is there: boot id, pinned namespaces, each pod's records as JSON lines, and folders without a record."""
    return (
        f"cat /proc/sys/kernel/random/boot_id; grep -F ' {place.pins}/' /proc/self/mountinfo | grep -o '{place.pins}/[^ ]*'; "
        f"cd {place.home}/pods 2>/dev/null && cat */sandbox.json */failed/*.json 2>/dev/null; "
        f"for one in {place.home}/pods/* {place.pins}/*; do "
        f"[ ! -d $one ] || [ -e {place.home}/pods/${{one##*/}}/sandbox.json ] || echo half ${{one##*/}}; done; :"
    )


def seen(text: str, place: places.Place) -> tuple[dict[str, dict[str, Any]], list[dict[str, Any]]]:
    """From what `look` printed: sandboxes by uid, with "ready", and the containers that failed to start."""
    boot, *lines = text.splitlines()
    pins = {line[len(place.pins) + 1 :] for line in lines if line.startswith("/")}
    records = [json.loads(line) for line in lines if line.startswith("{")]
    # Whoever made or removed it was killed half way; without a row here nobody would ever know of it.
    records += [{**HALF, "uid": line[5:]} for line in lines if line.startswith("half ")]
    boxes = {record["uid"]: _judged(record, boot, pins) for record in records if "container" not in record}
    return boxes, [record for record in records if "container" in record]


def _judged(record: dict[str, Any], boot: str, pins: set[str]) -> dict[str, Any]:
    whole = all(f"{record['uid']}/{kind}" in pins for kind in record["pins"])
    return {**record, "ready": whole and record["boot"] == boot}


def _locked(place: places.Place, option: str = "-x") -> str:
    return f"""umask 077
until [ -d {place.home}/pods ] && [ -d {place.pins} ]; do
  mkdir -p {place.pins} {place.home}/pods; printf %s {shlex.quote(place.path)} >{place.home}/place; done
while :; do  # The cluster's last pod takes the lock's file with it, perhaps while we wait for it.
  exec 9>{place.pins}.lock; flock {option} -w 20 9 || exit 1
  [ /proc/self/fd/9 -ef {place.pins}.lock ] && break
done
[ -d {place.home}/pods ] && [ -d {place.pins} ] || mkdir -p {place.pins} {place.home}/pods
umask 022"""


def _folders(pod: dict[str, Any], action: dict[str, Any], place: places.Place) -> str:
    uid = pod["metadata"]["uid"]
    files = {"hosts": action.get("hosts", ""), "resolv.conf": action.get("resolv", ""), "hostname": podspec.hostname(pod) + "\n"}
    # A pod without a text of its own has the node's.
    sources = {name: f"cat /etc/{name}" if text is None else f"printf %s {shlex.quote(text)}" for name, text in files.items()}
    writes = "\n".join(f"{source} >$home/{name}" for name, source in sources.items())
    return f"""home={shlex.quote(place.pod(uid))} pins={shlex.quote(place.pins + "/" + uid)}
mkdir -p $home/volumes $home/containers $pins/shm; exec 7>$pins/lock; flock -w 20 7
fresh=; [ -e $pins/begun ] || fresh=yes; : >$pins/begun
{writes}
[ -z "$fresh" ] && mountpoint -q $pins/shm || mount -t tmpfs -o size=64m,mode=1777,nosuid,nodev,noexec shm $pins/shm"""


def _namespaces(pod: dict[str, Any], action: dict[str, Any], place: places.Place) -> str:
    kinds = podspec.pins(pod)
    parts = [_pin(kinds, podspec.hostname(pod))] if kinds else []
    if "net" in kinds:
        parts += [_cable(pod["metadata"]["uid"], action["ip"], place), _table(place), _ports(pod, action["ip"], place)]
    if podspec.shares_processes(pod):
        parts.append(_pause())
    return "\n".join([*parts, _sysctls(pod, kinds)])


def _pin(kinds: tuple[str, ...], hostname: str) -> str:
    files, names = " ".join(f"$pins/{kind}" for kind in kinds), " ".join(kinds)
    options = " ".join(f"--{kind}=$pins/{kind}" for kind in kinds)
    setup = f"echo {hostname} >/proc/sys/kernel/hostname" if "uts" in kinds else ":"
    return f"""[ -z "$fresh" ] && [ "$(stat -f -c %t {files} 2>/dev/null | tr -d '\\n')" = {NSFS * len(kinds)} ] || {{
  for kind in {names}; do [ -n "$fresh" ] || unpin $pins/$kind; : >$pins/$kind; done
  unshare {options} sh -c {shlex.quote(setup)}
}}"""


def _cable(uid: str, ip: str, place: places.Place) -> str:
    link = place.link(uid)
    return f"""has_cable() {{ nsenter --net=$pins/net ip -o addr show dev eth0 2>/dev/null | grep -q ' {ip}/32 '; }}
[ -z "$fresh" ] && has_cable && ip route show {ip} | grep -q {link} || {{
  [ -n "$fresh" ] || ip link del {link} 2>/dev/null || :
  ip -batch - <<END || {{ ! ip route show {ip}/32 | grep . || echo "the address {ip} is in use on this machine, see above"; exit 1; }}
link add {link} mtu {place.mtu} type veth peer name eth0 mtu {place.mtu} netns $pins/net
addr add {GATEWAY}/32 dev {link} scope link
link set {link} up
route add {ip}/32 dev {link}
END
  nsenter --net=$pins/net ip -batch - <<END
link set lo up
addr add {ip}/32 dev eth0
link set eth0 up
route add {GATEWAY} dev eth0 scope link
route add default via {GATEWAY}
END
}}"""


def _table(place: places.Place) -> str:
    # The mark spares asking nft for every pod; it tells the boot, since it may outlive one.
    return f"""mark={place.pins}/table
read -r boot </proc/sys/kernel/random/boot_id
read -r made 2>/dev/null <$mark && [ "$made" = "$boot" ] || ( flock 8; nft list table ip {place.table} >/dev/null 2>&1 || {{
  echo 1 >/proc/sys/net/ipv4/ip_forward
  nft -f - <<END
table ip {place.table} {{
  map ports {{ type inet_proto . inet_service : ipv4_addr . inet_service; }}
  chain hostports {{ ip daddr != 127.0.0.0/8 fib daddr type local dnat ip to meta l4proto . th dport map @ports; }}
  chain prerouting {{ type nat hook prerouting priority dstnat; jump hostports; }}
  chain output {{ type nat hook output priority -100; jump hostports; }}
  chain postrouting {{ type nat hook postrouting priority srcnat; ip saddr {place.network} ip daddr != {place.network} masquerade; }}
}}
END
}}; echo $boot >$mark ) 8>{place.pins}.table"""


def _ports(pod: dict[str, Any], ip: str, place: places.Place) -> str:
    rows = [
        f"{port.get('protocol', 'TCP').lower()} . {port['hostPort']} : {ip} . {port['containerPort']}"
        for container in pod["spec"]["containers"]
        for port in container.get("ports") or ()
        if port.get("hostPort")
    ]
    if not rows:
        return ""
    keys = ", ".join(row.partition(" : ")[0] for row in rows)
    return (
        f"printf '%s' '{keys}' >$pins/ports; nft delete element ip {place.table} ports '{{ {keys} }}' 2>/dev/null || :\n"
        f"nft add element ip {place.table} ports '{{ {', '.join(rows)} }}'"
    )


def _ungroup(uid: str) -> str:
    # Podman leaves a conmon for each exec, for five minutes; with its containers gone, whatever is still in the pod's groups may go.
    return f"""for turn in 1 2 3 4 5 6 7 8 9; do
  groups=$(find /sys/fs/cgroup/*/pkctl/pod{uid} /sys/fs/cgroup/pkctl/pod{uid} -depth -type d 2>/dev/null || :)
  [ -n "$groups" ] || break
  if [ $turn != 1 ]; then
    kill -9 $(for group in $groups; do cat $group/cgroup.procs; done 2>/dev/null | sort -u) 2>/dev/null || :; sleep 0.02
  fi
  rmdir $groups 2>/dev/null || :
done"""


def _unport(place: places.Place) -> str:
    return f'[ ! -s $pins/ports ] || nft delete element ip {place.table} ports "{{ $(cat $pins/ports) }}" 2>/dev/null || :'


def _pause() -> str:
    # The first process of a shared process namespace must outlive every container and reap what they leave.
    return """pinned $pins/pid && kill -0 "$(cat $pins/pause)" 2>/dev/null || {
  unpin $pins/pid; : >$pins/pid
  first=$(command -v catatonit || ls /usr/libexec/podman/catatonit 2>/dev/null || :)
  if [ -n "$first" ]; then set -- "$first" -P; else set -- sh -c 'trap : TERM; while :; do sleep 3600 & wait; done'; fi
  setsid unshare --pid=$pins/pid --fork "$@" </dev/null >/dev/null 2>&1 9>&- 7>&- &
  i=0; until pinned $pins/pid || [ $i -gt 200 ]; do sleep 0.01; i=$((i+1)); done
  i=0; until pgrep -P $! >$pins/pause || [ $i -gt 200 ]; do sleep 0.01; i=$((i+1)); done
}"""


def _sysctls(pod: dict[str, Any], kinds: tuple[str, ...]) -> str:
    rows = meta.at(pod, "spec", "securityContext", "sysctls") or ()
    if not rows or not kinds:
        return ""
    options = " ".join(f"--{kind}=$pins/{kind}" for kind in kinds)
    writes = "; ".join(f"echo {shlex.quote(row['value'])} >/proc/sys/{row['name'].replace('.', '/')}" for row in rows)
    return f"nsenter {options} sh -ec {shlex.quote(writes)}"


def _record(pod: dict[str, Any], action: dict[str, Any], place: places.Place) -> str:
    about = pod["metadata"]
    record = {
        "uid": about["uid"],
        "namespace": about.get("namespace", ""),
        "name": about["name"],
        "ip": action.get("ip", ""),
        "pins": list(podspec.pins(pod)),
    }
    text = shlex.quote(json.dumps(record)[:-1])
    # Moved in from the folder above, whose change mark is what a glance looks at.
    draft = f"{place.home}/pods/.{about['uid']}"
    return f"""read -r boot </proc/sys/kernel/random/boot_id
printf '%s, "boot": "%s"}}\\n' {text} $boot >{draft}; mv {draft} $home/sandbox.json"""
