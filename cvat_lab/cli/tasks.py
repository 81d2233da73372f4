"""``cvat-lab task``: what can be done with tasks. The manual's older names, without ``task``, work as well.

Names and options are those of CVAT's command line. Creating tasks is in ``creation.py``, files in ``datasets.py`` and
``backups.py``, and functions that annotate in ``detection.py``.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from cvat_lab.cli import backups, creation, datasets, detection
from cvat_lab.errors import NotFoundError

if TYPE_CHECKING:
    from cvat_lab.cli.parser import Commands
    from cvat_lab.client.lab import Lab

COLUMNS = ("id", "name", "status")
CREATED = "Created task id {id}"


def add_commands(commands: Commands, common: argparse.ArgumentParser) -> None:
    """Add the group, and its commands under the names that the manual has for them."""
    group = commands.add_parser("task", help="create, list, save, read, annotate and remove tasks")
    inner = group.add_subparsers(title="commands", metavar="COMMAND", required=True)
    creation.add_create(inner, common)
    add_listing(inner, common, "task", list_tasks)
    add_delete(inner, common, "task", "delete")
    _add_frames(inner, common)
    datasets.add_export(inner, common, "task")
    datasets.add_import(inner, common, "task")
    backups.add_backup(inner, common, "task")
    backups.add_restore(inner, common, "task")
    detection.add_annotate(inner, common)
    _add_short_names(commands, common)


def _add_short_names(commands: Commands, common: argparse.ArgumentParser) -> None:
    creation.add_create(commands, common, CREATED)
    listing = commands.add_parser("ls", parents=[common], help="print id, name and status of the tasks, one per line")
    listing.add_argument("--json", action="store_true", help="print everything about them as JSON")
    listing.set_defaults(run=print_tasks)
    add_delete(commands, common, "task", "delete")
    _add_frames(commands, common)
    datasets.add_export(commands, common, "task", "dump")
    datasets.add_import(commands, common, "task", "upload")
    backups.add_backup(commands, common, "task", "export")
    backups.add_restore(commands, common, "task", "import", CREATED)
    detection.add_annotate(commands, common)


def add_listing(commands: Commands, common: argparse.ArgumentParser, kind: str, run: object) -> None:
    """Add the command that lists tasks or projects."""
    parser = commands.add_parser(
        "ls", parents=[common], help=f"list the {kind}s: a table in a terminal, else one id per line"
    )
    parser.add_argument("--json", action="store_true", help="print everything about them as JSON")
    parser.set_defaults(run=run)


def add_delete(commands: Commands, common: argparse.ArgumentParser, kind: str, name: str) -> None:
    """Add the command that removes tasks or projects."""
    parser = commands.add_parser(name, parents=[common], help=f"remove {kind}s; those that do not exist are skipped")
    parser.add_argument("ids", metavar=f"{kind.upper()}_ID", type=int, nargs="+")
    parser.set_defaults(run=delete, kind=kind)


def _add_frames(commands: Commands, common: argparse.ArgumentParser) -> None:
    parser = commands.add_parser("frames", parents=[common], help="save frames as images")
    parser.add_argument("task_id", metavar="TASK_ID", type=int)
    parser.add_argument("frame_ids", metavar="FRAME", type=int, nargs="+")
    parser.add_argument("--outdir", metavar="DIR", type=Path, default=Path(), help="default: the current folder")
    parser.add_argument(
        "--quality", choices=("original", "compressed"), default="original", help="default: %(default)s"
    )
    parser.set_defaults(run=save_frames)


def list_tasks(options: argparse.Namespace) -> None:
    """Print the tasks for people or programs."""
    from cvat_lab.cli.printing import print_listing
    from cvat_lab.cli.session import open_lab

    with open_lab(options) as lab:
        print_listing([task.record for task in lab.tasks()], COLUMNS, as_json=options.json)


def print_tasks(options: argparse.Namespace) -> None:
    """Print the tasks as the manual says."""
    from cvat_lab.cli.printing import print_records
    from cvat_lab.cli.session import open_lab

    with open_lab(options) as lab:
        print_records([task.record for task in lab.tasks()], COLUMNS, as_json=options.json)


def delete(options: argparse.Namespace) -> None:
    """Remove tasks or projects; those that do not exist are named and skipped."""
    from cvat_lab.cli.session import open_lab

    with open_lab(options) as lab:
        for number in options.ids:
            _delete_one(lab, options.kind, number)


def _delete_one(lab: Lab, kind: str, number: int) -> None:
    try:
        (lab.task(number) if kind == "task" else lab.project(number)).delete()
    except NotFoundError:
        print(f"there is no {kind} {number}; skipped", file=sys.stderr)
    else:
        print(f"Deleted {kind} {number}")


def save_frames(options: argparse.Namespace) -> None:
    """Save frames under CVAT's names."""
    from cvat_lab.cli.session import open_lab
    from cvat_lab.client.progress import report

    with open_lab(options) as lab, report() as reporter:
        task = lab.task(options.task_id)
        options.outdir.mkdir(parents=True, exist_ok=True)
        reporter.stage("Saving frames", len(options.frame_ids))
        for number in options.frame_ids:
            frame = task.frame_file(number, options.quality)
            print(frame.save(options.outdir / f"task_{task.id}_frame_{number:06d}{frame.extension}"))
            reporter.advance(1)
