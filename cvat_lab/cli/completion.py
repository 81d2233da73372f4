"""``cvat-lab completion``: what a shell needs to complete commands, options and file names with the Tab key."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cvat_lab.cli.parser import Commands

SHELLS = ("bash", "zsh", "tcsh")

_HOW = """
bash   cvat-lab completion bash > ~/.local/share/bash-completion/completions/cvat-lab
zsh    cvat-lab completion zsh > ~/.zfunc/_cvat-lab        (with ~/.zfunc in $fpath before compinit)
tcsh   cvat-lab completion tcsh > ~/.cvat-lab.csh          (and `source ~/.cvat-lab.csh` in ~/.tcshrc)
"""


def add_commands(commands: Commands, common: argparse.ArgumentParser) -> None:
    """Add the command; it needs no server."""
    parser = commands.add_parser(
        "completion",
        help="print the script that completes commands with Tab",
        description="Print the script by which a shell completes commands, options and file names.",
        epilog=_HOW,
    )
    parser.add_argument("shell", choices=SHELLS)
    parser.set_defaults(run=print_script)


def print_script(options: argparse.Namespace) -> None:
    """Print the script of a shell. It is complete in itself: no Python runs when somebody presses Tab."""
    import shtab

    from cvat_lab.cli.parser import make_parser

    parser = make_parser()
    for action in _actions(parser):
        if action.metavar == "DIR":
            action.complete = shtab.DIRECTORY  # type: ignore[attr-defined]
        elif action.type is Path or action.dest in ("resources", "labels"):
            action.complete = shtab.FILE  # type: ignore[attr-defined]
    print(shtab.complete(parser, options.shell))


def _actions(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    """Yield the options and arguments of a parser and of all its commands."""
    for action in parser._actions:
        yield action
        if isinstance(action, argparse._SubParsersAction):
            for inner in dict.fromkeys(action.choices.values()):
                yield from _actions(inner)
