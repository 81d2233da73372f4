"""``cvat-lab create``: a task from files, with all of CVAT's options for it."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cvat_lab.errors import InvalidInputError, UnsupportedError

if TYPE_CHECKING:
    from cvat_lab.cli.parser import Commands
    from cvat_lab.client.task import Task
    from cvat_lab.model.request import Loss

    Losses = Sequence[Loss]


def add_commands(commands: Commands, common: argparse.ArgumentParser) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "create",
        parents=[common],
        help="create a task from files",
        description="Create a task. RESOURCES are files, folders or archives of this machine (local), names on the "
        "server's share (share), or addresses (remote).",
    )
    parser.add_argument("name", metavar="NAME")
    parser.add_argument("resource_type", metavar="{local,share,remote}", choices=("local", "share", "remote"))
    parser.add_argument("resources", metavar="RESOURCES", nargs="+")
    _add_task_options(parser)
    _add_data_options(parser)
    _add_annotation_options(parser)
    parser.set_defaults(run=create)


def _add_task_options(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("task")
    group.add_argument("--labels", metavar="JSON", help="list of labels as JSON, or a file that holds it")
    group.add_argument("--project_id", "--project-id", "--project", type=int, metavar="ID", help="use its labels")
    group.add_argument("--bug_tracker", "--bug-tracker", "--bug", metavar="URL", default="")
    group.add_argument("--segment_size", "--segment-size", type=int, default=0, metavar="N", help="frames per job")
    group.add_argument("--overlap", type=int, metavar="N", help="frames that neighbouring jobs share")
    group.add_argument("--subset", default="")


def _add_data_options(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("data")
    group.add_argument("--image_quality", "--image-quality", type=int, default=70, metavar="N", help="default: 70")
    group.add_argument("--chunk_size", "--chunk-size", type=int, metavar="N", help="frames per chunk")
    group.add_argument("--start_frame", "--start-frame", type=int, default=0, metavar="N")
    group.add_argument("--stop_frame", "--stop-frame", type=int, metavar="N", help="included")
    group.add_argument("--frame_step", "--frame-step", type=int, default=1, metavar="N", help="take every Nth frame")
    group.add_argument(
        "--sorting-method",
        "--sorting_method",
        choices=("lexicographical", "natural", "predefined", "random"),
        default="lexicographical",
        help="order of images (default: %(default)s)",
    )
    group.add_argument("--copy_data", "--copy-data", action="store_true", help="copy files of the share")
    group.add_argument("--use_zip_chunks", "--use-zip-chunks", action="store_true", help="serve video as images")
    group.add_argument("--use_cache", "--use-cache", action="store_true", help="always so; accepted for CVAT's sake")


def _add_annotation_options(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("annotations")
    group.add_argument("--annotation_path", "--annotation-path", metavar="FILE", type=Path, help="upload these, too")
    group.add_argument("--annotation_format", "--annotation-format", default="CVAT 1.1", help="default: %(default)s")
    group.add_argument(
        "--completion_verification_period",
        "--completion-verification-period",
        type=float,
        metavar="SECONDS",
        help="accepted for CVAT's sake; the task is asked for as often as is sensible",
    )


def create(options: argparse.Namespace) -> None:
    """Create a task and print its id."""
    from cvat_lab.cli.session import open_lab

    if options.resource_type == "remote":
        raise UnsupportedError("remote files are not supported yet; download them and use: local FILE...")
    if options.labels and options.project_id:
        raise InvalidInputError("give --labels or --project_id, not both: a task uses the labels of its project")
    if options.annotation_path and not options.annotation_path.is_file():
        raise InvalidInputError(f"there is no annotation file {str(options.annotation_path)!r}")
    labels = _read_labels(options.labels) if options.labels else None
    with open_lab(options) as lab:
        task: Task = lab.create_task(options.name, labels, **_creation_options(options))
        print(f"Created task id {task.id}")
        if options.annotation_path:
            print(task.import_annotations(options.annotation_path, options.annotation_format).message)


def _creation_options(options: argparse.Namespace) -> dict[str, Any]:
    is_share = options.resource_type == "share"
    names = (
        "segment_size", "overlap", "subset", "bug_tracker", "image_quality", "chunk_size", "start_frame", "stop_frame",
        "frame_step", "use_zip_chunks",
    )  # fmt: skip
    return {
        **{name: getattr(options, name) for name in names},
        "project": options.project_id,
        "sorting": options.sorting_method,
        "share" if is_share else "files": options.resources,
        "copy": options.copy_data if is_share else None,
    }


def _read_labels(given: str) -> list[Any]:
    """Return the labels in a JSON text, or in a file of that name."""
    is_text = given.lstrip().startswith(("[", "{"))
    try:
        value = json.loads(given if is_text else Path(given).read_text("utf-8"))
    except FileNotFoundError as error:
        raise InvalidInputError(f"--labels: {given!r} is neither JSON nor a file") from error
    except ValueError as error:
        raise InvalidInputError(f"--labels: {'the text' if is_text else given} is not JSON: {error}") from error
    if not isinstance(value, list):
        raise InvalidInputError(f"--labels: expected a JSON list of labels, not a {type(value).__name__}")
    return value
