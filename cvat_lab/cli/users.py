"""``cvat-lab users``: the accounts of a workspace."""

from __future__ import annotations

import argparse
import getpass
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cvat_lab.errors import InvalidInputError

if TYPE_CHECKING:
    from cvat_lab.cli.parser import Commands


def add_commands(commands: Commands, common: argparse.ArgumentParser) -> None:
    """Add the group."""
    group = commands.add_parser("users", help="accounts of a workspace").add_subparsers(
        metavar="COMMAND", required=True
    )
    add = group.add_parser(
        "add",
        parents=[common],
        help="add an account",
        description="Add an account to a workspace that no server has open.",
    )
    add.add_argument("name")
    add.add_argument("--password-stdin", action="store_true", help="read the password from standard input")
    add.add_argument("--superuser", action="store_true", help="may do everything")
    add.add_argument("--email", default="")
    add.set_defaults(run=add_user)
    password = group.add_parser("password", parents=[common], help="change a password")
    password.add_argument("name")
    password.add_argument("--password-stdin", action="store_true", help="read the password from standard input")
    password.set_defaults(run=change_password)
    listing = group.add_parser("ls", aliases=["list"], parents=[common], help="print the accounts, one per line")
    listing.add_argument("--json", action="store_true", help="print them as JSON")
    listing.set_defaults(run=list_users)


def add_user(options: argparse.Namespace) -> None:
    """Add an account."""
    secret = _password(options)
    user = _commands().add_user(
        _workspace(options), options.name, secret, is_superuser=options.superuser, email=options.email
    )
    print(f"Added user {user.username}")


def change_password(options: argparse.Namespace) -> None:
    """Change a password."""
    _commands().set_password(_workspace(options), options.name, _password(options))
    print(f"Changed the password of {options.name}")


def list_users(options: argparse.Namespace) -> None:
    """Print id, name and, where we may know them, rights of the accounts."""
    from cvat_lab.cli.printing import print_csv

    accounts = _accounts(options)
    if options.json:
        print(json.dumps(accounts, indent=2, ensure_ascii=False))
    else:
        print_csv(list(account.values()) for account in accounts)


def _accounts(options: argparse.Namespace) -> list[dict[str, Any]]:
    if options.workspace is not None and not _has_server(_workspace(options)):
        return [
            {"id": user.id, "username": user.username, "rights": "superuser" if user.is_superuser else "user"}
            for user in _commands().list_users(_workspace(options))
        ]
    from cvat_lab.cli.session import open_lab

    with open_lab(options) as lab:
        return [{"id": user.id, "username": user.username} for user in lab.users()]


def _commands() -> Any:
    from cvat_lab.client.plugins import SERVERS, load_plugin

    return load_plugin(SERVERS, "commands")


def _workspace(options: argparse.Namespace) -> Path:
    if options.workspace is None:
        raise InvalidInputError("say whose accounts: --workspace DIR")
    folder = Path(options.workspace)
    if folder.exists() and not folder.is_dir():
        raise InvalidInputError(f"{str(folder)!r} is no folder")
    return folder


def _has_server(workspace: Path) -> bool:
    from cvat_lab.client.discovery import address_of_workspace

    return address_of_workspace(workspace) is not None


def _password(options: argparse.Namespace) -> str:
    if options.password_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if given := os.environ.get("PASS"):
        return given
    secret = getpass.getpass(f"Password of {options.name}: ")
    if secret != getpass.getpass("Once more: "):
        raise InvalidInputError("the two passwords differ; nothing was changed")
    return secret
