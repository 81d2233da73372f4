"""Every error a user of cvat_lab can meet.

Each concrete error has a built-in second parent, so that ``except KeyError`` or ``except ValueError`` written by
somebody who never heard of this package still works. A message names the thing, the value and the way out.
``http_status`` is the one mapping to HTTP; the server and the client both read it from here.
"""

from __future__ import annotations

from typing import Any, ClassVar


class CvatLabError(Exception):
    """Base of all errors that this package raises on purpose."""

    http_status: ClassVar[int] = 500

    def body(self) -> Any:
        """Return the JSON value that describes this error on the wire."""
        return {"detail": str(self)}


class InvalidInputError(CvatLabError, ValueError):
    """A value that was given cannot be accepted.

    Parameters
    ----------
    message
        What is wrong, with the value and the way out.
    field
        Name of the field at fault; on the wire the message is then listed under this name.
    """

    http_status: ClassVar[int] = 400

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field

    def body(self) -> Any:
        """Return the message under the field at fault, or as a plain list."""
        return {self.field: [str(self)]} if self.field else [str(self)]


class NotAuthenticatedError(CvatLabError, PermissionError):
    """The caller did not say who he is, or could not prove it."""

    http_status: ClassVar[int] = 401


class TooManyAttemptsError(CvatLabError, PermissionError):
    """Too many wrong passwords were tried.

    Parameters
    ----------
    retry_after
        Seconds until the next attempt is looked at.
    """

    http_status: ClassVar[int] = 429

    def __init__(self, message: str, *, retry_after: int = 1) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class NotPermittedError(CvatLabError, PermissionError):
    """The caller is known but lacks a right; the message names the right."""

    http_status: ClassVar[int] = 403


class NotFoundError(CvatLabError, LookupError):
    """Something named by the caller does not exist, or not for him."""

    http_status: ClassVar[int] = 404


class ConflictError(CvatLabError, RuntimeError):
    """The thing was changed, or is busy, in a way that excludes this request."""

    http_status: ClassVar[int] = 409


class StaleRevisionError(ConflictError):
    """A change set was based on an older revision of the job than the stored one.

    Parameters
    ----------
    revision
        The revision the job has now.
    missed
        The change set, as plain JSON data, that leads from the caller's base revision to ``revision``.
    """

    def __init__(self, message: str, *, revision: int, missed: Any) -> None:
        super().__init__(message)
        self.revision = revision
        self.missed = missed

    def body(self) -> Any:
        """Return the message together with what the client needs to rebase."""
        return {"detail": str(self), "revision": self.revision, "missed": self.missed}


class TooLargeError(CvatLabError, ValueError):
    """A body, an archive or an image exceeds a limit; the message names both sizes."""

    http_status: ClassVar[int] = 413


class UnsupportedError(CvatLabError, NotImplementedError):
    """The request is understood, but this kind of data or this host cannot do it."""

    http_status: ClassVar[int] = 400


class MediaError(InvalidInputError):
    """An image, a video or an archive cannot be read as what it claims to be."""


class FormatError(InvalidInputError):
    """A dataset file breaks the rules of its format; the message names file and reason."""


class WorkspaceError(CvatLabError, OSError):
    """The workspace folder cannot be opened: locked by another process, of a newer version, or damaged."""


class WorkspaceBusyError(WorkspaceError):
    """Another process has the workspace open; DuckDB allows one."""

    http_status: ClassVar[int] = 503


class ServerUnavailableError(CvatLabError, ConnectionError):
    """No cvat_lab server answers at the given address."""

    http_status: ClassVar[int] = 503


class CancelledError(CvatLabError, RuntimeError):
    """A background request was cancelled by its owner."""

    http_status: ClassVar[int] = 409


def error_for_status(status: int, message: str) -> CvatLabError:
    """Return the error that the server's answer ``status`` stands for.

    Parameters
    ----------
    status
        HTTP status code, 400..599.
    message
        Text for the user.
    """
    kinds: tuple[type[CvatLabError], ...] = (
        InvalidInputError,
        NotAuthenticatedError,
        NotPermittedError,
        NotFoundError,
        ConflictError,
        TooLargeError,
        TooManyAttemptsError,
        ServerUnavailableError,
    )
    for kind in kinds:
        if kind.http_status == status:
            return kind(message)
    return CvatLabError(message)
