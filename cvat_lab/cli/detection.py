"""``cvat-lab task auto-annotate``: a function of the user's own runs here and annotates a task."""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cvat_lab.cli.datasets import yes_or_no
from cvat_lab.errors import InvalidInputError

if TYPE_CHECKING:
    from cvat_lab.cli.parser import Commands

_TYPES: dict[str, Callable[[str], Any]] = {"int": int, "float": float, "str": str, "bool": yes_or_no}


def add_annotate(commands: Commands, common: argparse.ArgumentParser) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "auto-annotate",
        parents=[common],
        help="run a function of your own over a task",
        description="Run a detection function on this machine over all frames of a task and save what it finds. "
        "Functions for cvat_sdk.auto_annotation work as they are.",
    )
    parser.add_argument("task_id", metavar="TASK_ID", type=int)
    function = parser.add_argument_group("function").add_mutually_exclusive_group(required=True)
    function.add_argument("--function-module", metavar="MODULE", help="name of an importable module")
    function.add_argument("--function-file", metavar="FILE", type=Path, help="a Python file")
    parser.add_argument(
        *("-p", "--function-parameter"),
        metavar="NAME=TYPE:VALUE",
        dest="parameters",
        type=parameter,
        action="append",
        default=[],
        help="parameter for the function's create(); TYPE is int, float, str or bool; may be repeated",
    )
    parser.add_argument("--clear-existing", action="store_true", help="replace the annotations that are there")
    parser.add_argument(
        "--allow-unmatched-labels", action="store_true", help="drop what the task has no label or attribute for"
    )
    parser.add_argument("--conf-threshold", type=_threshold, metavar="0..1", help="handed to the function")
    parser.add_argument("--conv-mask-to-poly", action="store_true", help="ask the function for polygons, not masks")
    parser.set_defaults(run=annotate)


def annotate(options: argparse.Namespace) -> None:
    """Run a function over a task."""
    from cvat_lab.cli.session import open_lab
    from cvat_lab.client.detection import annotate_task

    function = load_function(options.function_module, options.function_file, dict(options.parameters))
    with open_lab(options) as lab:
        count = annotate_task(
            lab.task(options.task_id),
            function,
            clear_existing=options.clear_existing,
            allow_unmatched_labels=options.allow_unmatched_labels,
            conf_threshold=options.conf_threshold,
            conv_mask_to_poly=options.conv_mask_to_poly,
        )
    print(f"Saved {count} objects in task {options.task_id}", file=sys.stderr)


def load_function(module: str | None, file: Path | None, parameters: dict[str, Any]) -> Any:
    """Return the function in a module or file; where there is a ``create()``, that one makes it.

    Raises
    ------
    InvalidInputError
        It cannot be loaded, or does not take these parameters.
    """
    name = module or str(file)
    try:
        found = importlib.import_module(module) if module else _load_file(file)
        if hasattr(found, "create"):
            return found.create(**parameters)
    except Exception as error:
        raise InvalidInputError(f"the function {name} cannot be loaded: {type(error).__name__}: {error}") from error
    if parameters:
        raise InvalidInputError(f"the function {name} takes no parameters: there is no create() in it")
    return found


def _load_file(file: Path | None) -> Any:
    spec = importlib.util.spec_from_file_location("__cvat_function__", file or "")
    if spec is None or spec.loader is None:
        raise ImportError(f"{file} is not a Python file")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def parameter(text: str) -> tuple[str, Any]:
    """Return name and value of ``NAME=TYPE:VALUE``."""
    name, equals, typed = text.partition("=")
    kind, colon, value = typed.partition(":")
    if not (name and equals and colon) or kind not in _TYPES:
        raise argparse.ArgumentTypeError(f"write NAME=TYPE:VALUE with TYPE int, float, str or bool, not {text!r}")
    try:
        return name, _TYPES[kind](value)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{value!r} is no {kind}") from None


def _threshold(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 0 to 1")
    return value
