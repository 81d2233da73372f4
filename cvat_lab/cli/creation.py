"""``cvat-lab task create``: a task from files, with all of CVAT's options for it."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cvat_lab.cli.datasets import add_period, print_losses
from cvat_lab.errors import InvalidInputError, UnsupportedError

if TYPE_CHECKING:
    from cvat_lab.cli.parser import Commands


def add_create(commands: Commands, common: argparse.ArgumentParser, answer: str = "{id}") -> None:
    """Add the command; ``answer`` is what it prints."""
    parser = commands.add_parser(
        "create",
        parents=[common],
        help="create a task from files",
        description="Create a task. RESOURCES are files, folders or archives of this machine (local), names on the "
        "server's share (share), or addresses (remote).",
    )
    parser.add_argument("name", metavar="NAME")
    parser.add_argument("resource_type", type=str.lower, choices=("local", "share", "remote"))
    parser.add_argument("resources", metavar="RESOURCES", nargs="+")
    _add_task_options(parser)
    _add_data_options(parser)
    _add_annotation_options(parser)
    parser.set_defaults(run=create, answer=answer)


def _add_task_options(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("task")
    add_labels(group)
    group.add_argument("--project_id", "--project-id", "--project", type=int, metavar="ID", help="use its labels")
    add_bug_tracker(group)
    group.add_argument("--segment_size", "--segment-size", type=int, default=0, metavar="N", help="frames per job")
    group.add_argument("--overlap", type=int, metavar="N", help="frames that neighbouring jobs share")
    group.add_argument("--subset", default="", help="for example Train, Validation or Test")


def add_labels(group: argparse._ActionsContainer) -> None:
    """Add the option for labels."""
    group.add_argument("--labels", metavar="JSON", help="list of labels as JSON, or a file that holds it")


def add_bug_tracker(group: argparse._ActionsContainer) -> None:
    """Add the option for the page about a task or project."""
    group.add_argument("--bug_tracker", "--bug-tracker", "--bug", metavar="URL", default="")


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
    add_period(group)
    group.add_argument("--dataset_repository_url", "--dataset-repository-url", metavar="URL", help=argparse.SUPPRESS)
    group.add_argument("--lfs", action="store_true", help=argparse.SUPPRESS)


def create(options: argparse.Namespace) -> None:
    """Create a task and print its id."""
    from cvat_lab.cli.session import open_lab

    _check(options)
    labels = read_labels(options.labels) if options.labels else None
    with open_lab(options) as lab:
        task = lab.create_task(options.name, labels, **_creation_options(options))
        # Told before the annotations are read: if they cannot be, the task with its media stays, and needs its number.
        print(options.answer.format(id=task.id), flush=True)
        if options.annotation_path:
            done = task.import_annotations(options.annotation_path, options.annotation_format)
            print_losses(done.losses)


def _check(options: argparse.Namespace) -> None:
    if options.dataset_repository_url or options.lfs:
        raise UnsupportedError("tasks are not synchronized with git repositories; leave out --dataset_repository_url")
    if options.labels and options.project_id:
        raise InvalidInputError("give --labels or --project_id, not both: a task uses the labels of its project")
    if options.annotation_path and not options.annotation_path.is_file():
        raise InvalidInputError(f"there is no annotation file {str(options.annotation_path)!r}")


def _creation_options(options: argparse.Namespace) -> dict[str, Any]:
    media = {"local": "files"}.get(options.resource_type, options.resource_type)
    names = (
        "segment_size", "overlap", "subset", "bug_tracker", "image_quality", "chunk_size", "start_frame", "stop_frame",
        "frame_step", "use_zip_chunks",
    )  # fmt: skip
    return {
        **{name: getattr(options, name) for name in names},
        "project": options.project_id,
        "sorting": options.sorting_method,
        media: options.resources,
        "copy": options.copy_data if media == "share" else None,
    }


def read_labels(given: str) -> list[Any]:
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
