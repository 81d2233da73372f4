"""Tasks: list, delete, frames, annotations in and out. Creating them is in ``creation.py``.

Names and options are those of CVAT's command line.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from cvat_lab.cli import creation

if TYPE_CHECKING:
    from cvat_lab.cli.parser import Commands


def add_commands(commands: Commands, common: argparse.ArgumentParser) -> None:
    """Add the commands."""
    creation.add_commands(commands, common)
    _add_listing(commands, common)
    _add_delete(commands, common)
    _add_frames(commands, common)
    _add_dump(commands, common)
    _add_upload(commands, common)


def _add_listing(commands: Commands, common: argparse.ArgumentParser) -> None:
    parser = commands.add_parser("ls", parents=[common], help="print id, name and status of the tasks, one per line")
    parser.add_argument("--json", action="store_true", help="print everything about them as JSON")
    parser.set_defaults(run=list_tasks)


def _add_delete(commands: Commands, common: argparse.ArgumentParser) -> None:
    parser = commands.add_parser("delete", parents=[common], help="remove tasks")
    parser.add_argument("task_ids", metavar="TASK_ID", type=int, nargs="+")
    parser.set_defaults(run=delete_tasks)


def _add_frames(commands: Commands, common: argparse.ArgumentParser) -> None:
    parser = commands.add_parser("frames", parents=[common], help="save frames as images")
    parser.add_argument("task_id", metavar="TASK_ID", type=int)
    parser.add_argument("frame_ids", metavar="FRAME", type=int, nargs="+")
    parser.add_argument("--outdir", metavar="DIR", type=Path, default=Path(), help="default: the current folder")
    parser.add_argument(
        "--quality", choices=("original", "compressed"), default="original", help="default: %(default)s"
    )
    parser.set_defaults(run=save_frames)


def _add_dump(commands: Commands, common: argparse.ArgumentParser) -> None:
    parser = commands.add_parser(
        "dump", aliases=["export-dataset"], parents=[common], help="save annotations to a file"
    )
    parser.add_argument("task_id", metavar="TASK_ID", type=int)
    parser.add_argument("file", metavar="FILE", type=Path)
    parser.add_argument("--format", default="CVAT for images 1.1", help="default: %(default)s")
    parser.add_argument("--with-images", action="store_true", help="put the images into the archive, too")
    parser.set_defaults(run=dump)


def _add_upload(commands: Commands, common: argparse.ArgumentParser) -> None:
    parser = commands.add_parser("upload", aliases=["import-dataset"], parents=[common], help="read annotations")
    parser.add_argument("task_id", metavar="TASK_ID", type=int)
    parser.add_argument("file", metavar="FILE", type=Path)
    parser.add_argument("--format", default="CVAT 1.1", help="default: %(default)s")
    parser.add_argument("--append", action="store_true", help="keep the annotations that are there")
    parser.set_defaults(run=upload)


def list_tasks(options: argparse.Namespace) -> None:
    """Print the tasks."""
    from cvat_lab.cli.printing import print_records
    from cvat_lab.cli.session import open_lab

    with open_lab(options) as lab:
        print_records([task.record for task in lab.tasks()], ("id", "name", "status"), as_json=options.json)


def delete_tasks(options: argparse.Namespace) -> None:
    """Remove tasks; those that do not exist are named and skipped."""
    from cvat_lab.cli.session import open_lab
    from cvat_lab.errors import NotFoundError

    with open_lab(options) as lab:
        for task_id in options.task_ids:
            try:
                lab.task(task_id).delete()
            except NotFoundError:
                print(f"there is no task {task_id}; skipped", file=sys.stderr)
            else:
                print(f"Deleted task {task_id}")


def save_frames(options: argparse.Namespace) -> None:
    """Save frames under CVAT's names."""
    from cvat_lab.cli.session import open_lab

    with open_lab(options) as lab:
        task = lab.task(options.task_id)
        options.outdir.mkdir(parents=True, exist_ok=True)
        for number in options.frame_ids:
            frame = task.frame_file(number, options.quality)
            path = options.outdir / f"task_{task.id}_frame_{number:06d}{frame.extension}"
            path.write_bytes(frame.data)
            print(path)


def dump(options: argparse.Namespace) -> None:
    """Save annotations, and say on standard error what the format could not hold."""
    from cvat_lab.cli.session import open_lab

    with open_lab(options) as lab:
        done = lab.task(options.task_id).export(options.format, options.file, save_images=options.with_images)
    _print_losses(done.losses)
    print(done.path)


def upload(options: argparse.Namespace) -> None:
    """Read annotations from a file."""
    from cvat_lab.cli.session import open_lab

    with open_lab(options) as lab:
        task = lab.task(options.task_id)
        done = task.import_annotations(options.file, options.format, mode="append" if options.append else "replace")
    _print_losses(done.losses)
    print(done.message)


def _print_losses(losses: creation.Losses) -> None:
    for loss in losses:
        print(f"lost: {loss.kind} {loss.name}, {loss.count} times ({loss.reason})", file=sys.stderr)
