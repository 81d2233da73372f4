"""The command line as a whole: options that every command has, and the list of groups."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from rich_argparse import RawDescriptionRichHelpFormatter

from cvat_lab import __version__
from cvat_lab.cli import completion, manifest, projects, query, sample, serve, tasks, users

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

GROUPS = (serve, sample, users, projects, tasks, query, manifest, completion)

_EXAMPLES = """
examples:
  cvat-lab serve --workspace street
  cvat-lab --workspace street task create crossing --labels '["car", "bicycle"]' local crossing.mp4
  cvat-lab --server-host example.com --auth ann task ls --json > tasks.json
  cvat-lab task export-dataset --format "COCO 1.0" 103 crossing.zip
  cvat-lab sql "SELECT label, count(*) AS boxes FROM shapes GROUP BY label"

Without an address, the commands look for the server themselves: the one of the Jupyter server they are started in,
that of JupyterHub, a Jupyter server of the same account on this machine, or a server on port 8080.

exit status:
  0 done, 1 refused or failed (one line says why), 2 wrong usage, 130 interrupted by Ctrl+C
"""


_SERVER = "server"


class HelpFormatter(RawDescriptionRichHelpFormatter):
    """Colours help in terminals, and leaves the options that every command has out of the line of usage."""

    text_markup = False  # square brackets in our texts are JSON
    group_name_formatter = str

    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[argparse._MutuallyExclusiveGroup],
        prefix: str | None = None,
    ) -> None:
        """Add the line of usage."""
        own = [action for action in actions if getattr(getattr(action, "container", None), "title", "") != _SERVER]
        super().add_usage(usage, own, groups, prefix)


class Parser(argparse.ArgumentParser):
    """A parser whose help has colours, and what the command is about before the options that every command has."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"formatter_class": HelpFormatter, **options})

    def format_help(self) -> str:
        """Return the help."""
        self._action_groups.sort(key=lambda group: group.title == _SERVER)
        return super().format_help()


def make_parser() -> Parser:
    """Return the parser of the whole command line."""
    parser = Parser(
        prog="cvat-lab",
        description="Annotate images and video where you query and train.",
        epilog=_EXAMPLES,
    )
    parser.add_argument("--version", action="version", version=f"cvat-lab {__version__}")
    _add_common(parser)
    unset = ("workspace", "url", "token", "auth", "server_host", "server_port", "organization")
    parser.set_defaults(**dict.fromkeys(unset))
    parser.set_defaults(https=False, insecure=False, debug=False)
    common = Parser(add_help=False)
    _add_common(common)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for group in GROUPS:
        group.add_commands(commands, common)
    return parser


def _add_common(parser: argparse.ArgumentParser) -> None:
    """Add the options that may stand before or after the command; unset ones must not hide those of the other place."""
    group = parser.add_argument_group(_SERVER)
    unset = argparse.SUPPRESS
    group.add_argument("--workspace", metavar="DIR", default=unset, help="a workspace folder, opened here if need be")
    group.add_argument("--url", default=unset, help="address of the server, as the browser shows it")
    group.add_argument(
        "--token",
        default=unset,
        help="token of Jupyter or JupyterHub, or an access token; default: the variable CVAT_ACCESS_TOKEN",
    )
    group.add_argument(
        "--auth",
        metavar="USER[:PASS]",
        default=unset,
        help="account; default: the current user. The password comes from the variable PASS, or is asked",
    )
    group.add_argument("--server-host", metavar="HOST", default=unset, help="name or address; default: localhost")
    group.add_argument("--server-port", metavar="PORT", type=int, default=unset, help="default: 8080, with HTTPS 443")
    group.add_argument("--https", action="store_true", default=unset, help="use HTTPS")
    group.add_argument("--insecure", action="store_true", default=unset, help="do not check the server's certificate")
    group.add_argument(
        "--organization",
        "--org",
        metavar="SLUG",
        default=unset,
        help="organization to list and create things in; '' = the personal workspace",
    )
    group.add_argument("--debug", action="store_true", default=unset, help="log requests; show where an error is from")
