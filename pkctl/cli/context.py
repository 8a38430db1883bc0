"""What a running command knows: its flags and arguments, where it talks, and the cluster, opened when first asked for."""

from __future__ import annotations

import os

from pkctl import errors, setups
from pkctl.cli import flags, settings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from pkctl.cli.flags import Values
    from pkctl.cli.streams import Io
    from pkctl.cli.table import Row
    from pkctl.client.base import Client
    from pkctl.kinds import table as kind_table

DIRECT = (
    "api-resources", "api-versions", "apply", "autoscale", "cordon", "diff", "drain", "explain", "expose", "proxy", "replace", "run",
    "set env", "top node", "uncordon", "version", "wait",
)  # fmt: skip
DIRECT_GROUPS = ("auth", "certificate", "cluster-info", "create")
"""Commands that ask for a context's server before its namespace: kubectl has other words for a context that there is not."""

BAD_TIMEOUT = (
    "Invalid timeout value. Timeout must be a single integer in seconds, or an integer followed by a corresponding time unit "
    "(e.g. 1s | 2m | 3h)"
)
REACHING = ("attach", "cp", "exec", "logs", "port-forward")
"""Commands that reach into a pod: whether its node answers they hear themselves, and other nodes are not their concern."""
MOMENT = 0.5
"""Seconds that settling may take before a terminal is told of it."""
REFUSALS = 4
"""The level of -v from which what the API refuses is shown whole."""
TRACED = 6
"""The level of -v from which requests are shown."""
PATIENCE = 2.0
"""Seconds that a command waits for processes that take their time to stop, before it leaves them to the background."""
OLD_DRY = {True: ("client", 733), False: ("none", 736)}
"""What a boolean `--dry-run` stands for, and the line of kubectl's helpers.go that says so."""


def locate(asked: settings.Settings) -> None:
    """Let the context of a kubeconfig, if there is any, say which cluster and namespace; see `contexts.apply`."""
    is_asked = asked.context or asked.cluster or asked.kubeconfig or asked.env.get("KUBECONFIG") or asked.env.get("PKCTL_CONFIG")
    if is_asked or os.path.exists(setups.kubeconfig(asked.env)):
        from pkctl.cli import contexts

        contexts.apply(asked)


def _is_direct(path: str) -> bool:
    return path in DIRECT or (path.partition(" ")[0] in DIRECT_GROUPS and path not in ("auth reconcile", "create token"))


class Context:
    """One run of one command."""

    def __init__(self, row: Row, values: Values, io: Io) -> None:
        self.row, self.flags, self.io = row, values, io
        self.args: list[str] = values.args
        self.path = row.path
        self.settings = settings.Settings(values, io.env)
        self.settings.is_direct = _is_direct(row.path)
        if row.use:
            locate(self.settings)
        self.namespace = self.settings.namespace
        self.enforced = bool(values.given("namespace") and values["namespace"])
        self.warned: list[str] = []
        self.moot: list[str] = []
        self.logged: list[str] = []
        self._client: Client | None = None
        self.verbosity = int(values.get("v") or 0)
        if self.level("loader") >= TRACED and (self.settings.is_configured or row.path.startswith("config ")):
            from pkctl.cli import verbosity

            verbosity.tell_loaded(self.settings, self._tell)

    @property
    def is_open(self) -> bool:
        """Whether the cluster was needed."""
        return self._client is not None

    @property
    def client(self) -> Client:
        """The cluster, opened now; a reading command first looks at what its nodes do."""
        if self._client is None:
            self.settings.judge()
            _need_no_server(self)
            self.tell_moot()
            self._client = self.io.wiring.client(self.settings)
            self._client.warn = self.warn
            if self.verbosity >= TRACED or self.flags.get("vmodule"):
                from pkctl.cli import verbosity

                self._client = verbosity.traced(self._client, self.settings, self.level, self._tell, self.io.sources.monotonic)
            if self.flags.get("match-server-version"):
                _match(self._client)
            if self.row.use == "r" and self.flags.get("settle") != "never":
                self._glance(self._client)
        return self._client

    def _glance(self, client: Client) -> None:
        if self.path in REACHING:
            client.warn = lambda _: None
        client.glance()
        client.warn = self.warn

    def kinds(self) -> kind_table.Kinds:
        """Every kind of the cluster."""
        return self.client.kinds()

    def warn(self, text: str) -> None:
        """A warning of the API, each text once."""
        if text not in self.warned:
            self.warned.append(text)
            self.io.err(f"Warning: {text}\n")

    def tell_refusal(self, error: errors.PkctlError) -> None:
        """Show what the API refused as it answered it, when -v asks for that much."""
        if self.level("helpers") >= REFUSALS:
            from pkctl.cli import verbosity

            verbosity.tell_refusal(error, self._tell)

    def level(self, file: str) -> int:
        """How much is told of what a file of kubectl's source logs."""
        if not self.flags.get("vmodule"):
            return self.verbosity
        from pkctl.cli import verbosity

        return max(self.verbosity, verbosity.level_of(file, str(self.flags["vmodule"])))

    def _tell(self, place: str, text: str) -> None:
        self.io.log("I", place, text)

    def tell_moot(self) -> None:
        """Warn of the flags that change nothing, once the rest of the line has been found right."""
        while self.moot:
            self.warn(self.moot.pop(0))

    def usage(self, message: str) -> errors.UsageError:
        """An error that ends by pointing at this command's help."""
        return errors.UsageError(message, self.io.named(self.path))

    @property
    def request_timeout(self) -> float | None:
        """Seconds that one request may take, None for as long as it takes; raises for what is no duration."""
        text = self.settings.request_timeout
        try:
            return flags.duration(f"{text}s" if text.isdigit() else text) or None
        except ValueError:
            raise errors.CommandError(BAD_TIMEOUT) from None

    @property
    def dry_run(self) -> str:
        """ "none", "client" or "server"; raises for anything else."""
        return dry_run(self)

    def ticking(self) -> AbstractContextManager[None]:
        """The cluster goes on by itself while the block lasts, as with a daemon; not with `--settle=never`."""
        if self.flags.get("settle") == "never":
            from contextlib import nullcontext

            return nullcontext()
        from pkctl.cli import interrupts

        interrupts.hear()
        return self.client.ticking()

    def settle(self) -> None:
        """Bring about what was written, telling on a terminal what takes its time."""
        if self.flags.get("settle") == "never":
            return
        if not self.io.is_terminal("stderr"):
            self.client.settle(patience=PATIENCE)
            return
        wrote, began = False, self.io.sources.monotonic()

        def progress(text: str) -> None:
            nonlocal wrote
            if self.io.sources.monotonic() - began < MOMENT:
                return
            wrote = True
            self.io.err(f"\r\x1b[K{text[:120]}")

        try:
            self.client.settle(patience=PATIENCE, progress=progress)
        finally:
            if wrote:
                self.io.err("\r\x1b[K")


def _need_no_server(ctx: Context) -> None:
    """Refuse the flags about a server by name: this cluster has none."""
    own = {each.name for each in flags.rows(ctx.row.flags)}
    given = [f"--{name}" for name in settings.SERVER_FLAGS if name in ctx.settings.server_flags and name not in own and name != "token"]
    if "--user" in given:
        from pkctl.cli import contexts

        contexts.need_user(ctx.settings, str(ctx.settings.server_flags["user"]))
    if given:
        raise errors.CommandError(f"{', '.join(given)}: this cluster is a file of pkctl's own, which has no server to reach or log in to")


def _match(client: Client) -> None:
    from pkctl.objects import versions

    ours, theirs = versions.information(), client.version()
    if any(str(ours[name]) != str(theirs.get(name, "")).rstrip("+") for name in ("major", "minor")):
        raise errors.CommandError(f"server version ({theirs.get('gitVersion')}) differs from client version ({ours['gitVersion']})")


def dry_run(ctx: Context) -> str:
    """The strategy that `--dry-run` asks for, kubectl's deprecated forms included."""
    if "dry-run" not in ctx.flags.flags:
        return "none"
    given = str(ctx.flags["dry-run"])
    if given == "unchanged":
        _deprecated(ctx, 719, "--dry-run is deprecated and can be replaced with --dry-run=client.")
    elif given in flags.BOOLS:
        new, line = OLD_DRY[flags.BOOLS[given]]
        _deprecated(ctx, line, f"--dry-run={given} is deprecated (boolean value) and can be replaced with --dry-run={new}.")
    elif given not in ("none", "client", "server"):
        raise errors.CommandError(f'Invalid dry-run value ({given}). Must be "none", "server", or "client".')
    if given in flags.BOOLS:
        return OLD_DRY[flags.BOOLS[given]][0]
    return "client" if given == "unchanged" else given


def _deprecated(ctx: Context, line: int, text: str) -> None:
    """Say it once, as kubectl's own log does: it is no warning of the API."""
    if text not in ctx.logged:
        ctx.logged.append(text)
        ctx.io.log("W", f"helpers.go:{line}", text)
