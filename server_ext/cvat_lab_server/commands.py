"""What the command line may ask of the server package: plain arguments in, found by entry point, never imported.

Everything here works on a workspace that no server has open.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from cvat_lab.errors import ConflictError, WorkspaceError
from cvat_lab.model.user import User
from cvat_lab_server.ownership import find_owner
from cvat_lab_server.services.container import Settings
from cvat_lab_server.services.users import UserService
from cvat_lab_server.services.workspace import Workspace
from cvat_lab_server.standalone import Address, main
from cvat_lab_server.store.database import Database
from cvat_lab_server.store.tables import USERS
from cvat_lab_server.work.outbound import ANY_PUBLIC


def serve(
    workspace: Path,
    *,
    host: str,
    port: int,
    share_root: Path | None = None,
    base_path: str = "",
    allow_local_paths: bool = False,
    allow_registration: bool = False,
    remote_hosts: Sequence[str] = (ANY_PUBLIC,),
) -> None:
    """Serve a workspace until the process is told to stop.

    Raises
    ------
    WorkspaceError
        Another process has the workspace open.
    """
    settings = Settings(
        workspace=workspace,
        share_root=share_root,
        allow_local_paths=allow_local_paths,
        allow_registration=allow_registration,
        remote_hosts=tuple(remote_hosts),
    )
    prefix = f"/{base_path.strip('/')}" if base_path.strip("/") else ""
    try:
        main(settings, Address(host, port, prefix))
    except WorkspaceError as error:
        raise _explained(workspace, error) from error
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        raise ConflictError(f"port {port} of {host} is in use; choose another one with --port") from error


def add_user(workspace: Path, username: str, password: str, *, is_superuser: bool = False, email: str = "") -> User:
    """Add a user to a workspace.

    Raises
    ------
    WorkspaceError
        A server has the workspace open.
    InvalidInputError
        The name is taken or not allowed, or the password is too short.
    """
    with _users(workspace) as (users, _):
        return users.add(username, password=password, is_superuser=is_superuser, email=email)


def set_password(workspace: Path, username: str, password: str) -> None:
    """Change the password of a user; see :func:`add_user` for the errors."""
    with _users(workspace) as (users, _):
        users.set_password(username, password)


def list_users(workspace: Path) -> list[User]:
    """Return all users of a workspace, in the order they were added.

    Raises
    ------
    WorkspaceError
        A server has the workspace open.
    """
    with _users(workspace) as (_, database):
        return database.read(lambda cursor: cursor.find(USERS, User))


@contextmanager
def _users(workspace: Path) -> Iterator[tuple[UserService, Database]]:
    try:
        database = Database(Workspace(workspace).database)
    except WorkspaceError as error:
        raise _explained(workspace, error) from error
    try:
        yield UserService(database), database
    finally:
        database.close()


def _explained(workspace: Path, error: WorkspaceError) -> WorkspaceError:
    """Say which server is in the way."""
    owner = find_owner(workspace)
    if owner is None:
        return error
    return WorkspaceError(f"the workspace {workspace} is open in the server at {owner.url}; stop that server first")
