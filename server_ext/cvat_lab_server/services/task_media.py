"""Indexed media becomes rows: the data of a task, its frames, and its jobs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from cvat_lab.errors import InvalidInputError
from cvat_lab.media.chunks import default_chunk_size
from cvat_lab.media.image_index import ImageIndex
from cvat_lab.media.index import MediaIndex
from cvat_lab.media.video_index import VideoIndex
from cvat_lab.model.base import utc_now
from cvat_lab.model.data import ChunkType, Data, DataWrite, MediaKind, SortingMethod, StorageType
from cvat_lab.model.job import Job
from cvat_lab.model.task import Task
from cvat_lab.ops.segments import frame_range, frame_step, segments, used_overlap
from cvat_lab_server.services.prepared import storage_method
from cvat_lab_server.store.cursor import Cursor
from cvat_lab_server.store.frames import insert_frames
from cvat_lab_server.store.tables import DATA, JOBS, TASKS

ORIGINALS = "originals"
"""Folder, within a task's data, of originals that were copied in."""

_TYPES = {"name": pa.string(), **dict.fromkeys(("source", "width", "height", "related_files"), pa.int64())}


@dataclass(frozen=True)
class IndexedMedia:
    """Media whose index is on disk, ready to become the frames of a task.

    Attributes
    ----------
    root
        Folder of originals that stay in place; those that were copied in lie in :data:`ORIGINALS`.
    """

    data_id: int
    index: MediaIndex
    root: Path
    storage: StorageType
    sorting: SortingMethod

    def frames(self, params: DataWrite) -> pa.Table:
        """Return the frames that ``params`` take, as columns ``source, name, width, height, related_files``."""
        return frame_table(self.index, self._taken(params))

    def _taken(self, params: DataWrite) -> range:
        step = frame_step(params.frame_filter)
        return frame_range(len(self.index), params.start_frame, params.stop_frame, step)

    def data(self, params: DataWrite) -> Data:
        """Return the record that describes the media."""
        taken = self._taken(params)
        is_video = isinstance(self.index, VideoIndex)
        compressed = ChunkType.IMAGESET if params.use_zip_chunks or not is_video else ChunkType.VIDEO
        first = self.frames(params).slice(0, 1).to_pylist()[0]
        return Data(
            id=self.data_id,
            kind=MediaKind.VIDEO if is_video else MediaKind.IMAGES,
            root=ORIGINALS if self.storage is StorageType.LOCAL else str(self.root),
            storage=self.storage,
            storage_method=storage_method(self.index, params.storage_method),
            sorting_method=self.sorting,
            chunk_size=params.chunk_size or default_chunk_size(compressed, first["width"], first["height"]),
            image_quality=params.image_quality,
            start_frame=taken.start,
            stop_frame=taken[-1],
            frame_filter=f"step={taken.step}" if taken.step > 1 else "",
            size=len(taken),
            compressed_chunk_type=compressed,
            original_chunk_type=ChunkType.VIDEO if is_video else ChunkType.IMAGESET,
            chunks_updated_date=utc_now(),
        )


def require_empty(task: Task) -> None:
    """Refuse when the task has media already."""
    if task.data_id is not None:
        raise InvalidInputError(f"task {task.id} has data already; create another task for other media")


def attach_media(cursor: Cursor, task: Task, params: DataWrite, media: IndexedMedia) -> list[Job]:
    """Store data, frames and jobs of a task; return the jobs.

    Raises
    ------
    InvalidInputError
        The task has media already.
    """
    require_empty(task)
    data = media.data(params)
    cursor.insert(DATA, data)
    insert_frames(cursor, task.id, media.frames(params))
    size = task.segment_size if 0 < task.segment_size < data.size else 0
    jobs = [
        Job(
            id=0,
            task_id=task.id,
            frame_ranges=[part.start, part.stop],
            created_date=data.chunks_updated_date,
            updated_date=data.chunks_updated_date,
        )
        for part in segments(data.size, size, task.overlap, data.kind)
    ]
    cursor.insert(JOBS, *jobs)
    cursor.update(
        TASKS,
        task.id,
        data_id=data.id,
        segment_size=size or data.size,
        overlap=used_overlap(size, task.overlap, data.kind) if size else 0,
        updated_date=data.chunks_updated_date,
    )
    return jobs


def frame_table(index: MediaIndex, taken: range) -> pa.Table:
    """Return the rows of the frames: ``source, name, width, height, related_files``."""
    numbers = np.arange(taken.start, taken.stop, taken.step, dtype=np.int64)
    if isinstance(index, ImageIndex):
        picked = index.table.take(pa.array(numbers))
        names, widths, heights = picked["name"], picked["width"], picked["height"]
        related = index.related_counts[numbers]
    else:
        names = pa.array([""] * len(numbers), pa.string())
        widths, heights = (np.full(len(numbers), side) for side in (index.stream.width, index.stream.height))
        related = np.zeros(len(numbers), dtype=np.int64)
    columns = {"source": numbers, "name": names, "width": widths, "height": heights, "related_files": related}
    return pa.table(
        {
            key: value.cast(_TYPES[key])
            if isinstance(value, pa.ChunkedArray | pa.Array)
            else pa.array(value, _TYPES[key])
            for key, value in columns.items()
        }
    )
