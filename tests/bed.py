"""A test bed: machines made of namespaces, each with its own sshd, Podman store, boot id and cable to one switch.

    with bed.Bed(folder, machines=2) as net:
        first = net.machines[0]
        first.sh("podman ps"); first.cut(); first.heal(); first.off(); first.boot()

Nothing can leak: all mounts lie in the switch's mount namespace, all processes in its process namespace, all cables end in its
network namespace, and the switch dies with this process. What is left to remove is a folder of control groups. Needs root.
"""

from __future__ import annotations

import contextlib
import os
import pathlib
import subprocess
import sys
import time

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
ENVIRONMENT = {"PATH": PATH, "HOME": "/root", "LANG": "C.UTF-8"}
GROUPS = pathlib.Path("/sys/fs/cgroup")

SSHD = """Port 22
HostKey /etc/ssh/bed/host_key
AuthorizedKeysFile /etc/ssh/bed/authorized_keys
PidFile /run/sshd.pid
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
UseDNS no
PrintMotd no
StrictModes no
"""

INIT = r"""
set -e
read -r me rest </proc/self/stat             # /proc is still the host's, so this is the pid that the host sees
mount --make-rprivate /
PLAIN='^(rw|ro|nosuid|nodev|noexec|relatime|xattr|nsdelegate|memory_recursiveprot|clone_children|release_agent=.*)$'
disk=$BED/$NAME root=$BED/$NAME/root
mkdir -p "$root" "$disk/upper" "$disk/work" "$disk/containers"
mount -t overlay overlay -o "lowerdir=/,upperdir=$disk/upper,workdir=$disk/work" "$root"
mount -t tmpfs -o mode=755 run "$root/run"
mount -t tmpfs tmp "$root/tmp"; chmod 1777 "$root/tmp"
mount -t tmpfs -o mode=700 home "$root/root"
mkdir -p "$root/run/sshd" "$root/run/lock" "$root/run/old" "$root/var/lib/containers" "$root/etc/ssh/bed"
mount --bind "$disk/containers" "$root/var/lib/containers"
mkdir -p "$disk/pkctl" "$root/var/lib/pkctl"; mount --bind "$disk/pkctl" "$root/var/lib/pkctl"   # not the host's
mount -t proc proc "$root/proc"
mount -t sysfs sysfs "$root/sys"
mount --rbind /dev "$root/dev"
mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts "$root/dev/pts"
[ -L "$root/dev/ptmx" ] || mount --bind "$root/dev/pts/ptmx" "$root/dev/ptmx"
mount -t tmpfs shm "$root/dev/shm"
grep -q '^tmpfs /sys/fs/cgroup ' /proc/mounts && mount -t tmpfs -o mode=755 cgroup "$root/sys/fs/cgroup"
grep -E '^[^ ]+ [^ ]+ cgroup2? ' /proc/mounts | while read -r _ where kind options _; do
  mkdir -p "$root$where"
  options=$(printf %s "$options" | tr , '\n' | grep -vE "$PLAIN" | paste -sd, -)
  case $options in name=*) options=none,$options;; esac
  mount -t "$kind" ${options:+-o "$options"} cgroup "$root$where"
  if [ "$kind" = cgroup2 ] && [ "$where" = /sys/fs/cgroup ]; then   # on v2 no process may stay in an inner group
    mkdir -p "$root$where/init"; echo 0 >"$root$where/init/cgroup.procs"
    for one in $(cat "$root$where/cgroup.controllers"); do echo "+$one" >"$root$where/cgroup.subtree_control" || :; done
  fi
done
cat /proc/sys/kernel/random/uuid >"$root/run/boot_id"
mount --bind "$root/run/boot_id" "$root/proc/sys/kernel/random/boot_id"
cp "$KEYS/$NAME" "$root/etc/ssh/bed/host_key"; chmod 600 "$root/etc/ssh/bed/host_key"
cp "$KEYS/client.pub" "$root/etc/ssh/bed/authorized_keys"
cp "$KEYS/sshd_config" "$root/etc/ssh/bed/"
head -c 16 /dev/urandom | od -An -tx1 | tr -d " \n" >"$root/etc/machine-id"
echo "$NAME" >"$root/etc/hostname"; hostname "$NAME"
printf '127.0.0.1 localhost\n%s %s\n' "${ADDRESS%/*}" "$NAME" >"$root/etc/hosts"
mkdir -p "$root/etc/containers/containers.conf.d"
[ -z "$CONF" ] || cp "$CONF" "$root/etc/containers/containers.conf.d/90-bed.conf"
cd "$root"; pivot_root . run/old
exec chroot . sh -ec '
umount -l /run/old; rmdir /run/old; mount --make-rshared /
echo '"$me"'; read -r plugged
ip link set lo up; ip addr add $ADDRESS dev eth0; ip link set eth0 up; ip route add default via $GATEWAY
/usr/sbin/sshd -f /etc/ssh/bed/sshd_config -E /var/log/sshd.log
exec </dev/null >/dev/null 2>&1
command -v catatonit >/dev/null && exec catatonit -P
while :; do sleep 1000 & wait $!; done'
"""


class Machine:
    """One machine; on from the start."""

    def __init__(self, bed: Bed, number: int) -> None:
        self.bed, self.number, self.name = bed, number, f"m{number}"
        self.ip = f"{bed.net}.{10 + number}"
        self.pid = 0

    def sh(self, script: str, *, check: bool = True) -> str:
        """Run a script inside, not over the network; what it printed."""
        command = ["nsenter", "-t", str(self.pid), "-a", "env", "-i", *(f"{k}={v}" for k, v in ENVIRONMENT.items()), "sh", "-c", script]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300)
        assert not check or done.returncode == 0, f"{self.name}: {script}: {done.stderr}"
        return done.stdout

    def cut(self) -> None:
        """Pull the cable."""
        self.bed.switch(f"ip link set v{self.number} down")

    def heal(self) -> None:
        self.bed.switch(f"ip link set v{self.number} up")

    def off(self) -> None:
        """Power off without warning; the disk keeps what it had."""
        subprocess.run(["kill", "-9", str(self.pid)], check=True)
        end = time.monotonic() + 60
        while os.path.exists(f"/proc/{self.pid}/ns/net") and time.monotonic() < end:
            time.sleep(0.01)

    def boot(self) -> None:
        bed = self.bed
        _make_group(f"{bed.name}/{self.name}")
        environment = {
            **ENVIRONMENT,
            "NAME": self.name,
            "BED": str(bed.disk),
            "KEYS": str(bed.keys),
            "ADDRESS": f"{self.ip}/24",
            "GATEWAY": f"{bed.net}.1",
            "CONF": os.environ.get("CONTAINERS_CONF", ""),
        }
        group = f"{bed.name}/{self.name}"
        script = f"""for top in /sys/fs/cgroup /sys/fs/cgroup/*; do [ ! -e $top/{group} ] || echo 0 >$top/{group}/cgroup.procs; done
exec nsenter --mount=/proc/{bed.pid}/ns/mnt --pid=/proc/{bed.pid}/ns/pid unshare -m -u -i -n -p -C --fork sh -c "$INIT" """
        with open(bed.keys / f"{self.name}.log", "ab") as log:
            process = subprocess.Popen(
                ["sh", "-c", script],
                env={**environment, "INIT": INIT},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        bed.children.append(process)
        line = process.stdout.readline()
        assert line.strip(), (bed.keys / f"{self.name}.log").read_text()
        self.pid = int(line)
        mac = f"02:70:6b:{bed.number:02x}:00:{self.number:02x}"
        cable = f"v{self.number}"
        bed.switch(f"ip link add {cable} type veth peer name eth0 address {mac} netns {self.pid}; ip link set {cable} master sw0 up")
        process.stdin.write("go\n")
        process.stdin.close()
        self._wait()

    def _wait(self) -> None:
        import socket

        end = time.monotonic() + 60
        while True:
            with contextlib.suppress(OSError), socket.create_connection((self.ip, 22), 1) as link:
                if link.recv(4) == b"SSH-":
                    return
            assert time.monotonic() < end, f"{self.name} has no sshd: {self.sh('cat /var/log/sshd.log', check=False)}"
            time.sleep(0.02)


class Bed:
    """A switch, this machine at its first address, and machines."""

    def __init__(self, folder: pathlib.Path, machines: int = 1) -> None:
        self.number = os.getpid() % 250 + 1
        self.name, self.net = f"pkbed{os.getpid()}", f"10.99.{self.number}"
        self.keys, self.disk = folder, folder / "disk"
        self.children: list[subprocess.Popen[str]] = []
        self.machines = [Machine(self, number) for number in range(1, machines + 1)]
        self.pid = 0

    def __enter__(self) -> Bed:
        try:
            self._up()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _up(self) -> None:
        self.disk.mkdir(parents=True)
        (self.keys / "sshd_config").write_text(SSHD)
        for name in ["client", *(machine.name for machine in self.machines)]:
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(self.keys / name)], check=True)
        setup = f"mount --make-rprivate /; mount -t tmpfs -o mode=700 bed {self.disk}; echo up; while :; do sleep 1000 & wait $!; done"
        command = ["setpriv", "--pdeathsig", "KILL", "unshare", "-n", "-m", "-p", "--fork", "--kill-child=KILL", "sh", "-c", setup]
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        self.children.append(process)
        assert process.stdout.readline() == "up\n"
        self.pid = int(pathlib.Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text())
        cable = f"pkb{self.number}"
        subprocess.run(["ip", "link", "add", cable, "type", "veth", "peer", "name", "host0", "netns", str(self.pid)], check=True)
        subprocess.run(["ip", "addr", "add", f"{self.net}.1/24", "dev", cable], check=True)
        subprocess.run(["ip", "link", "set", cable, "up"], check=True)
        self.switch(
            "ip link set lo up; ip link add sw0 type bridge stp_state 0 forward_delay 0; "
            "ip link set sw0 up; ip link set host0 master sw0 up; "
            "for one in /proc/sys/net/bridge/bridge-nf-call-iptables; do [ ! -e $one ] || echo 0 >$one; done"
        )
        for machine in self.machines:
            machine.boot()

    def switch(self, script: str) -> None:
        """Run a script in the switch's network."""
        subprocess.run(["nsenter", f"--net=/proc/{self.pid}/ns/net", "sh", "-ec", script], check=True)

    def known_hosts(self) -> str:
        """The machines' keys, as known_hosts has them."""
        return "".join(f"{one.ip} {(self.keys / one.name).with_suffix('.pub').read_text()}" for one in self.machines)

    def __exit__(self, *_: object) -> None:
        for process in self.children[:1]:
            process.kill()
        for process in self.children:
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe and not pipe.closed:
                    pipe.close()
        subprocess.run(["ip", "link", "del", f"pkb{self.number}"], capture_output=True)
        end = time.monotonic() + 60
        while (left := _remove_groups(self.name)) and time.monotonic() < end:
            time.sleep(0.02)
        assert not left, left


def _hierarchies() -> list[pathlib.Path]:
    tops = [GROUPS] if (GROUPS / "cgroup.procs").exists() else GROUPS.iterdir()
    return [path for path in tops if (path / "cgroup.procs").exists()]


def _make_group(name: str) -> None:
    for top in _hierarchies():
        group = top
        for part in name.split("/"):
            parent, group = group, group / part
            group.mkdir(exist_ok=True)
            for file in ("cpuset.cpus", "cpuset.mems"):
                if (group / file).exists() and not (group / file).read_text().strip() and (parent / file).exists():
                    (group / file).write_text((parent / file).read_text())


def _remove_groups(name: str) -> list[str]:
    for top in _hierarchies():
        for folder, _, _ in os.walk(top / name, topdown=False):
            with contextlib.suppress(OSError):
                os.rmdir(folder)
    return [str(top / name) for top in _hierarchies() if (top / name).exists()]


def main(folder: str) -> None:
    """One machine for as long as standard input is open: prints its address, and writes `ssh_config` for it into the folder."""
    with Bed(pathlib.Path(folder)) as bed:
        config = bed.keys / "ssh_config"
        config.write_text(f"Host {bed.net}.*\n  IdentityFile {bed.keys / 'client'}\n  IdentitiesOnly yes\n")
        print(bed.machines[0].ip, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main(sys.argv[1])
