"""Every error that a user can meet.

PkctlError                      anything we say ourselves; a traceback of anything else is a bug
  StatusError                   the API's own errors: code, reason, message, details
    BadRequest 400              Unauthorized 401          Forbidden 403            NotFound 404
    MethodNotAllowed 405        NotAcceptable 406         AlreadyExists 409        Conflict 409
    Expired 410                 TooLarge 413              UnsupportedMediaType 415 Invalid 422
    TooManyRequests 429         InternalError 500         ServiceUnavailable 503   Timeout 504
  CommandError                  `error: …` from a command, exit 1 unless said
    BareError                   printed as it stands, without `error: `
    UsageError                  with the "See 'pkctl … -h'" line
  StoreError                    the cluster's file or database can't be used: cause and what to do next
  NodeError                     a node or its container runtime failed: kind, message
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class PkctlError(Exception):
    """The family's root; `str()` is the text a user reads, and `bare` says that it is printed as it stands."""

    bare = False


class StatusError(PkctlError):
    """An API failure, as `metav1.Status` carries it."""

    code = 500
    reason = "InternalError"

    def __init__(self, message: str, details: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.details = details or {}

    def status(self) -> dict[str, Any]:
        """The Status object, as the API would answer it."""
        body: dict[str, Any] = {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "message": self.message}
        if self.reason:
            body["reason"] = self.reason
        if self.details:
            body["details"] = self.details
        return {**body, "code": self.code}


class BadRequest(StatusError):
    code, reason = 400, "BadRequest"


class Unauthorized(StatusError):
    code, reason = 401, "Unauthorized"


class Forbidden(StatusError):
    code, reason = 403, "Forbidden"


class NotFound(StatusError):
    code, reason = 404, "NotFound"


class MethodNotAllowed(StatusError):
    code, reason = 405, "MethodNotAllowed"


class NotAcceptable(StatusError):
    code, reason = 406, "NotAcceptable"


class AlreadyExists(StatusError):
    code, reason = 409, "AlreadyExists"


class Conflict(StatusError):
    code, reason = 409, "Conflict"


class Expired(StatusError):
    code, reason = 410, "Expired"


class TooLarge(StatusError):
    code, reason = 413, "RequestEntityTooLarge"


class UnsupportedMediaType(StatusError):
    code, reason = 415, "UnsupportedMediaType"


class Invalid(StatusError):
    """422: `details.causes` lists every problem as {reason, message, field}."""

    code, reason = 422, "Invalid"


class TooManyRequests(StatusError):
    code, reason = 429, "TooManyRequests"


class InternalError(StatusError):
    code, reason = 500, "InternalError"


class ServiceUnavailable(StatusError):
    code, reason = 503, "ServiceUnavailable"


class Timeout(StatusError):
    code, reason = 504, "Timeout"


STATUS_CLASSES = (
    BadRequest, Unauthorized, Forbidden, NotFound, MethodNotAllowed, NotAcceptable, AlreadyExists, Conflict, Expired, TooLarge,
    UnsupportedMediaType, Invalid, TooManyRequests, InternalError, ServiceUnavailable, Timeout,
)  # fmt: skip


class CommandError(PkctlError):
    """A command can't go on; printed as `error: TEXT`."""

    def __init__(self, message: str, code: int = 1) -> None:
        super().__init__(message)
        self.code = code


class BareError(CommandError):
    """A command can't go on, and the text says so in kubectl's own form."""

    bare = True


class UsageError(CommandError):
    """The command line itself is wrong; `path` names the command whose help to see."""

    def __init__(self, message: str, path: str = "") -> None:
        super().__init__(message)
        self.path = path


class StoreError(PkctlError):
    """The cluster's file or database can't be opened, read or written."""


class NodeError(PkctlError):
    """A runtime action failed.

    `kind` is the kubelet's word for it where one exists (ErrImagePull, ErrImageNeverPull, InvalidImageName,
    CreateContainerConfigError, CreateContainerError, RunContainerError, CreatePodSandboxError), else NodeUnreachable or RuntimeUnavailable.
    """

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
