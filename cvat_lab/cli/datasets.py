"""Datasets and annotation files of tasks and projects, out and in.

Names and options are those of CVAT's command line.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cvat_lab.cli.parser import Commands
    from cvat_lab.client.lab import Lab
    from cvat_lab.model.request import Loss

_YES_NO = {
    **dict.fromkeys(("yes", "true", "on", "y", "t", "1"), True),
    **dict.fromkeys(("no", "false", "off", "n", "f", "0"), False),
}


def add_export(commands: Commands, common: argparse.ArgumentParser, kind: str, name: str = "export-dataset") -> None:
    """Add the command that writes a dataset of a ``task`` or ``project``."""
    parser = commands.add_parser(name, parents=[common], help="save annotations, with or without images, to a file")
    add_id(parser, kind)
    add_target(parser)
    parser.add_argument("--format", default="CVAT for images 1.1", help="name of a format; default: %(default)s")
    parser.add_argument(
        "--with-images", type=yes_or_no, default=False, metavar="{yes,no}", help="put the images in, too; default: no"
    )
    add_period(parser)
    parser.set_defaults(run=export, kind=kind)


def add_import(commands: Commands, common: argparse.ArgumentParser, kind: str, name: str = "import-dataset") -> None:
    """Add the command that reads a dataset into a ``task`` or ``project``."""
    what = "read annotations into a task" if kind == "task" else "make tasks of a dataset with its images"
    parser = commands.add_parser(name, parents=[common], help=what)
    add_id(parser, kind)
    parser.add_argument("file", metavar="FILE", type=Path)
    parser.add_argument("--format", default="CVAT 1.1", help="name of a format; default: %(default)s")
    if kind == "task":
        parser.add_argument("--append", action="store_true", help="keep the annotations that are there")
    parser.set_defaults(run=read_into_task if kind == "task" else read_into_project)


def add_id(parser: argparse.ArgumentParser, kind: str) -> None:
    """Add the argument that names a task or project."""
    parser.add_argument("target_id", metavar=f"{kind.upper()}_ID", type=int)


def add_target(parser: argparse.ArgumentParser) -> None:
    """Add the argument for the file that a command writes."""
    parser.add_argument(
        "file",
        metavar="FILE",
        type=str,
        nargs="?",
        default=".",
        help="a file; or a folder, where the server names the file; default: the current folder",
    )


def add_period(parser: argparse._ActionsContainer) -> None:
    """Add an option of CVAT's that has nothing to do here."""
    parser.add_argument(
        "--completion_verification_period",
        "--completion-verification-period",
        type=float,
        metavar="SECONDS",
        help="accepted for CVAT's sake; the server is asked as often as is sensible",
    )


def yes_or_no(text: str) -> bool:
    """Return what a user means."""
    try:
        return _YES_NO[text.lower()]
    except KeyError:
        raise argparse.ArgumentTypeError(f"say yes or no, not {text!r}") from None


def open_target(lab: Lab, options: argparse.Namespace) -> Any:
    """Return the task or project that a command is about."""
    return lab.task(options.target_id) if options.kind == "task" else lab.project(options.target_id)


def target_path(text: str) -> Path:
    """Return where to write; a name that ends like a folder becomes one."""
    path = Path(text).expanduser()
    if text.endswith(tuple(filter(None, (os.sep, os.altsep)))):
        path.mkdir(parents=True, exist_ok=True)
    return path


def export(options: argparse.Namespace) -> None:
    """Save a dataset and print its path; say on standard error what the format could not hold."""
    from cvat_lab.cli.session import open_lab

    with open_lab(options) as lab:
        target = open_target(lab, options)
        done = target.export(options.format, target_path(options.file), save_images=options.with_images)
    print_losses(done.losses)
    print(done.path)


def read_into_task(options: argparse.Namespace) -> None:
    """Read annotations from a file."""
    from cvat_lab.cli.session import open_lab

    with open_lab(options) as lab:
        task = lab.task(options.target_id)
        done = task.import_annotations(options.file, options.format, mode="append" if options.append else "replace")
    print_losses(done.losses)
    print(done.message)


def read_into_project(options: argparse.Namespace) -> None:
    """Make tasks of a dataset."""
    from cvat_lab.cli.session import open_lab

    with open_lab(options) as lab:
        done = lab.project(options.target_id).import_dataset(options.file, options.format)
    print_losses(done.losses)
    print(done.message)


def print_losses(losses: Sequence[Loss]) -> None:
    """Say what got lost on the way."""
    for loss in losses:
        print(f"lost: {loss.kind} {loss.name}, {loss.count} times ({loss.reason})", file=sys.stderr)
