"""``cvat-lab serve``: the server without Jupyter."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from cvat_lab.errors import InvalidInputError

if TYPE_CHECKING:
    from cvat_lab.cli.parser import Commands


def add_commands(commands: Commands, common: argparse.ArgumentParser) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "serve",
        parents=[common],
        help="serve a workspace",
        description="Serve a workspace to a team, until stopped with Ctrl+C. Started by JupyterHub as a service, it "
        "takes address and users from there.",
    )
    parser.add_argument(
        "--host", default="127.0.0.1", help="address to listen on; 0.0.0.0 = all (default: %(default)s)"
    )
    parser.add_argument("--port", type=int, default=8080, help="default: %(default)s")
    parser.add_argument("--share-root", metavar="DIR", type=Path, help="folder whose files can become tasks")
    parser.add_argument("--base-path", metavar="/PATH", default="", help="path the server is mounted under, if any")
    parser.add_argument(
        "--allow-local-paths",
        action="store_true",
        help="let administrators make tasks from any path of this machine",
    )
    parser.add_argument(
        "--remote-host",
        metavar="HOST",
        action="append",
        help="host whose files can become tasks by their address: a name, a pattern, an address or a network, with "
        ":port if need be; repeat it for more. '*' = every public address (the default), '' = none",
    )
    parser.add_argument(
        "--allow-registration",
        action="store_true",
        help="let everybody who reaches the server open an account; addresses are not verified",
    )
    parser.set_defaults(run=serve)


def serve(options: argparse.Namespace) -> None:
    """Serve until stopped."""
    from cvat_lab.client.plugins import SERVERS, load_plugin

    if options.workspace is None:
        raise InvalidInputError("say which workspace to serve: cvat-lab serve --workspace DIR")
    if options.share_root is not None and not options.share_root.is_dir():
        raise InvalidInputError(f"the share root {str(options.share_root)!r} is no folder")
    load_plugin(SERVERS, "commands").serve(
        Path(options.workspace),
        host=options.host,
        port=options.port,
        share_root=options.share_root,
        base_path=options.base_path,
        allow_local_paths=options.allow_local_paths,
        allow_registration=options.allow_registration,
        **({} if options.remote_host is None else {"remote_hosts": [host for host in options.remote_host if host]}),
    )
