"""Backups of tasks and projects, and new ones made of them."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from cvat_lab.cli.datasets import add_id, add_period, add_target, open_target, target_path

if TYPE_CHECKING:
    from cvat_lab.cli.parser import Commands


def add_backup(commands: Commands, common: argparse.ArgumentParser, kind: str, name: str = "backup") -> None:
    """Add the command that saves a whole ``task`` or ``project``."""
    parser = commands.add_parser(name, parents=[common], help=f"save a whole {kind} to a file")
    add_id(parser, kind)
    add_target(parser)
    add_period(parser)
    parser.set_defaults(run=back_up, kind=kind)


def add_restore(
    commands: Commands,
    common: argparse.ArgumentParser,
    kind: str,
    name: str = "create-from-backup",
    answer: str = "{id}",
) -> None:
    """Add the command that makes a ``task`` or ``project`` of a backup; ``answer`` is what it prints."""
    parser = commands.add_parser(name, parents=[common], help=f"make a new {kind} of a backup")
    parser.add_argument("file", metavar="FILE", type=Path)
    add_period(parser)
    parser.set_defaults(run=restore, kind=kind, answer=answer)


def back_up(options: argparse.Namespace) -> None:
    """Save a backup and print its path."""
    from cvat_lab.cli.session import open_lab

    with open_lab(options) as lab:
        print(open_target(lab, options).backup(target_path(options.file)))


def restore(options: argparse.Namespace) -> None:
    """Make a task or project and print its id."""
    from cvat_lab.cli.session import open_lab

    with open_lab(options) as lab:
        read = lab.restore_task if options.kind == "task" else lab.restore_project
        print(options.answer.format(id=read(options.file).id))
