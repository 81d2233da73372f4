"""What an exporter gets and what an import is aimed at: frames, labels and annotations, with no database behind them.

A dataset is a snapshot. The server takes it, writes it into a folder (:meth:`Dataset.save`), and a worker process reads
it there (:meth:`Dataset.load`). The target of an import is a dataset without annotations.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from cvat_lab.errors import InvalidInputError, NotFoundError, WorkspaceError
from cvat_lab.formats import columns
from cvat_lab.formats.columns import Annotations
from cvat_lab.formats.groups import separate_groups
from cvat_lab.formats.labels import Labels
from cvat_lab.model.base import Record, decode_json, encode_json
from cvat_lab.model.label import LabelRead
from cvat_lab.ops.segments import frame_step

DEFAULT_SUBSET = "default"
"""Name of the subset of a task that has none."""


class DatasetKind(StrEnum):
    """What a dataset is a snapshot of."""

    TASK = "task"
    JOB = "job"
    PROJECT = "project"


class Person(Record, kw_only=True):
    """An owner or assignee."""

    username: str
    email: str = ""


class SegmentInfo(Record, kw_only=True):
    """The frames of one job. ``id`` is that of the job; ``start`` and ``stop`` are frame numbers, both included."""

    id: int
    start: int
    stop: int
    url: str = ""


class TaskInfo(Record, kw_only=True):
    """A task as formats describe it.

    Attributes
    ----------
    mode
        ``annotation`` for images, ``interpolation`` for video.
    size
        Number of frames, deleted ones included.
    start_frame, stop_frame, frame_filter
        Which frames of the source media the task took; the filter is empty or ``step=N``.
    segments
        All jobs of the task, or the one job that is exported.
    source
        File name of the video; empty for images.
    """

    id: int
    name: str = ""
    mode: str = "annotation"
    size: int = 0
    overlap: int = 0
    bug_tracker: str = ""
    subset: str = ""
    start_frame: int = 0
    stop_frame: int = 0
    frame_filter: str = ""
    segments: list[SegmentInfo] = []
    owner: Person | None = None
    assignee: Person | None = None
    created_date: datetime | None = None
    updated_date: datetime | None = None
    source: str = ""

    @property
    def is_video(self) -> bool:
        """Whether the frames come from a video."""
        return self.mode == "interpolation"

    @property
    def step(self) -> int:
        """Source frames from one frame of the task to the next."""
        return frame_step(self.frame_filter)

    def absolute(self, number: int) -> int:
        """Return the frame number in the source media of the task's frame ``number``."""
        return self.start_frame + number * self.step

    def relative(self, absolute: int) -> int | None:
        """Return the task's frame number of a source frame, or ``None`` when the step leaves it out."""
        number, rest = divmod(absolute - self.start_frame, self.step)
        return number if rest == 0 and number >= 0 else None


class DatasetInfo(Record, kw_only=True):
    """What a dataset is.

    Attributes
    ----------
    id, name
        Of the task, job or project.
    tasks
        The tasks of a project, in order; for a task or job exactly one.
    dimension
        ``2d`` or ``3d``.
    """

    kind: DatasetKind
    id: int
    name: str = ""
    labels: list[LabelRead] = []
    tasks: list[TaskInfo] = []
    dimension: str = "2d"
    bug_tracker: str = ""
    owner: Person | None = None
    assignee: Person | None = None
    created_date: datetime | None = None
    updated_date: datetime | None = None


class ImageProvider(Protocol):
    """Where exports get pictures from."""

    def image(self, task_id: int, number: int) -> tuple[bytes, str]:
        """Return the encoded image of a frame, never encoded anew, and its extension.

        Parameters
        ----------
        task_id
            The task.
        number
            Frame number within the task.

        Returns
        -------
        data, extension
            The original file of an image task with its extension, such as ``.jpg``; for a video a PNG and ``.PNG``.
        """
        ...


@dataclass(frozen=True)
class TaskFrames:
    """The frames of one task that a dataset covers, ascending by number.

    Attributes
    ----------
    names
        Path of the image without changes; for video ``frame_`` and six digits of the absolute number.
    live
        False for deleted frames.
    """

    numbers: NDArray[np.int64]
    names: list[str]
    widths: list[int]
    heights: list[int]
    live: NDArray[np.bool_]

    @cached_property
    def live_numbers(self) -> NDArray[np.int64]:
        """Numbers of the frames that are not deleted."""
        return self.numbers[self.live]

    def __len__(self) -> int:
        return len(self.names)


@dataclass(frozen=True)
class Dataset:
    """Frames and annotations of a task, job or project.

    Parameters
    ----------
    info
        What it is.
    frames
        Columns :data:`cvat_lab.formats.columns.FRAMES`. ``task_id`` may be missing when there is one task. A job's
        dataset has the job's frames only.
    annotations
        Columns as in :mod:`cvat_lab.formats.columns`. Rows on frames that the dataset does not have are passed over;
        tracks may begin before them.
    """

    info: DatasetInfo
    frames: pa.Table
    annotations: Annotations = field(default_factory=Annotations.empty)

    def __post_init__(self) -> None:
        only = self.info.tasks[0].id if len(self.info.tasks) == 1 else None
        object.__setattr__(self, "frames", _in_order(self.frames, columns.FRAMES, ("task_id", "number"), only))
        object.__setattr__(
            self,
            "annotations",
            separate_groups(
                Annotations(
                    tags=_in_order(self.annotations.tags, columns.TAGS, ("task_id", "frame", "id"), only),
                    shapes=_in_order(self.annotations.shapes, columns.SHAPES, ("task_id", "frame", "id"), only),
                    tracks=_in_order(self.annotations.tracks, columns.TRACKS, ("task_id", "frame", "id"), only),
                    keyframes=_in_order(
                        self.annotations.keyframes, columns.KEYFRAMES, ("task_id", "track_id", "frame"), only
                    ),
                )
            ),
        )

    @cached_property
    def labels(self) -> Labels:
        """The labels, ready for look-ups."""
        return Labels(self.info.labels)

    @cached_property
    def subsets(self) -> dict[str, list[TaskInfo]]:
        """Tasks by the name of their subset; a task without one is in ``default``."""
        found: dict[str, list[TaskInfo]] = {}
        for task in self.info.tasks:
            found.setdefault(task.subset or DEFAULT_SUBSET, []).append(task)
        return found

    def task(self, task_id: int) -> TaskInfo:
        """Return the description of a task.

        Raises
        ------
        NotFoundError
            The dataset has no such task.
        """
        for task in self.info.tasks:
            if task.id == task_id:
                return task
        raise NotFoundError(f"The dataset of {self.info.kind} {self.info.id} has no task {task_id}")

    @cached_property
    def task_frames(self) -> Mapping[int, TaskFrames]:
        """The frames of every task, deleted ones included.

        Tasks of a project may share image names; within a subset, later ones get ``_1``, ``_2`` before the extension.
        """
        taken: dict[str, set[str]] = {}
        found = {}
        for task in self.info.tasks:
            rows = rows_of_task(self.frames, task.id)
            numbers = rows["number"].to_numpy()
            if task.is_video:
                names = [f"frame_{number:06d}" for number in (task.start_frame + numbers * task.step).tolist()]
            else:
                names = rows["name"].to_pylist()
            if len(self.info.tasks) > 1:
                names = _distinct(names, taken.setdefault(task.subset or DEFAULT_SUBSET, set()))
            found[task.id] = TaskFrames(
                numbers=numbers,
                names=names,
                widths=rows["width"].to_pylist(),
                heights=rows["height"].to_pylist(),
                live=~np.asarray(rows["deleted"].to_numpy(zero_copy_only=False), dtype=np.bool_),
            )
        return found

    @property
    def frame_count(self) -> int:
        """Number of frames that are not deleted."""
        return sum(int(frames.live.sum()) for frames in self.task_frames.values())

    def save(self, folder: Path) -> None:
        """Write the dataset into ``folder``, which is made when it is missing."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "info.json").write_bytes(encode_json(self.info))
        columns.write_table(folder / "frames.arrow", self.frames)
        self.annotations.save(folder)

    @classmethod
    def load(cls, folder: Path) -> Dataset:
        """Read what :meth:`save` wrote; columns are mapped into memory.

        Raises
        ------
        WorkspaceError
            A file is missing or damaged.
        """
        try:
            info = decode_json((folder / "info.json").read_bytes(), DatasetInfo, what=f"{folder / 'info.json'}")
        except OSError as error:
            raise WorkspaceError(f"{folder}: not a saved dataset: {error}") from error
        return cls(info, columns.read_table(folder / "frames.arrow"), Annotations.load(folder))


def rows_of_task(table: pa.Table, task_id: int) -> pa.Table:
    """Return the rows of one task, without copying. Rows must be ordered by task."""
    tasks = table["task_id"].to_numpy()
    # Tasks keep the order of their ids in every table, whatever their order in the project.
    first, stop = np.searchsorted(tasks, [task_id, task_id + 1])
    return table.slice(first, stop - first)


def _in_order(table: pa.Table, schema: pa.Schema, keys: tuple[str, ...], only_task: int | None) -> pa.Table:
    """Return the table with the columns of ``schema``, sorted by ``keys``; equal rows keep their order."""
    if only_task is None and table.num_rows and ("task_id" not in table.column_names or table["task_id"].null_count):
        raise InvalidInputError("The rows of a dataset of several tasks must say which task they belong to: task_id")
    if only_task is not None and ("task_id" not in table.column_names or table["task_id"].null_count):
        table = _with_task(table, only_task)
    table = columns.conform(table, schema).combine_chunks()
    values = [table[key].to_numpy() for key in keys]
    if _is_sorted(values):
        return table
    return table.take(pa.array(np.lexsort(values[::-1])))


def _with_task(table: pa.Table, task_id: int) -> pa.Table:
    if "task_id" in table.column_names:
        table = table.drop_columns(["task_id"])
    return table.append_column("task_id", pa.repeat(pa.scalar(task_id, pa.int64()), table.num_rows))


def _is_sorted(keys: list[NDArray[Any]]) -> bool:
    """Whether rows ascend by ``keys``, the first one being the strongest."""
    equal = np.ones(max(len(keys[0]) - 1, 0), dtype=np.bool_)
    for key in keys:
        if np.any(equal & (key[1:] < key[:-1])):
            return False
        equal &= key[1:] == key[:-1]
    return True


def _distinct(names: list[str], taken: set[str]) -> list[str]:
    return list(_number_doubles(names, taken))


def _number_doubles(names: list[str], taken: set[str]) -> Iterator[str]:
    for name in names:
        unique, count = name, 0
        folder, slash, base = name.rpartition("/")
        stem, dot, extension = base.rpartition(".")
        while unique in taken:
            count += 1
            unique = f"{folder}{slash}{stem}_{count}.{extension}" if dot else f"{folder}{slash}{base}_{count}"
        taken.add(unique)
        yield unique
