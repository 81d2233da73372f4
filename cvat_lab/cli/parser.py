"""The command line as a whole: options that every command has, and the list of groups."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from cvat_lab import __version__
from cvat_lab.cli import manifest, projects, query, sample, serve, tasks, users

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

GROUPS = (serve, sample, users, projects, tasks, query, manifest)

_EXAMPLES = """
examples:
  cvat-lab serve --workspace street
  cvat-lab --workspace street create "crossing" --labels '["car", "bicycle"]' local crossing.mp4
  cvat-lab --server-host 10.0.0.5 --auth ann ls --json > tasks.json
  cvat-lab dump --format "COCO 1.0" 103 crossing.zip
  cvat-lab sql "SELECT label, count(*) AS boxes FROM shapes GROUP BY label"

Without an address, the commands look for the server themselves: the one of the Jupyter server they are started in,
that of JupyterHub, or a Jupyter server of the same account on this machine.
"""


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    parser = argparse.ArgumentParser(
        prog="cvat-lab",
        description="Annotate images and video where you query and train.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"cvat-lab {__version__}")
    _add_common(parser)
    parser.set_defaults(**dict.fromkeys(("workspace", "url", "token", "auth", "server_host", "server_port")))
    parser.set_defaults(https=False, debug=False)
    common = argparse.ArgumentParser(add_help=False)
    _add_common(common)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for group in GROUPS:
        group.add_commands(commands, common)
    return parser


def _add_common(parser: argparse.ArgumentParser) -> None:
    """Add the options that may stand before or after the command; unset ones must not hide those of the other place."""
    group = parser.add_argument_group("server")
    unset = argparse.SUPPRESS
    group.add_argument("--workspace", metavar="DIR", default=unset, help="a workspace folder, opened here if need be")
    group.add_argument("--url", default=unset, help="address of the server, as the browser shows it")
    group.add_argument("--token", default=unset, help="token of Jupyter or JupyterHub, or an access token")
    group.add_argument(
        "--auth",
        metavar="USER[:PASS]",
        default=unset,
        help="account; default: the current user. The password comes from the variable PASS, or is asked",
    )
    group.add_argument("--server-host", metavar="HOST", default=unset, help="default: localhost")
    group.add_argument("--server-port", metavar="PORT", type=int, default=unset, help="default: 8080")
    group.add_argument("--https", action="store_true", default=unset, help="use HTTPS")
    group.add_argument("--debug", action="store_true", default=unset, help="show where an error comes from")
