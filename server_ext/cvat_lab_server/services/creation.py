"""Attaching media to a task: files become an index, frames and jobs, in one background request."""

from __future__ import annotations

import shutil
from pathlib import Path, PurePosixPath
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa

from cvat_lab.errors import InvalidInputError, NotFoundError, UnsupportedError
from cvat_lab.media.chunks import default_chunk_size
from cvat_lab.media.image_index import ImageIndex
from cvat_lab.media.index import MediaIndex, build_index, save_index
from cvat_lab.media.video_index import VideoIndex
from cvat_lab.model.base import convert, utc_now
from cvat_lab.model.data import ChunkType, Data, DataWrite, MediaKind, SortingMethod, StorageMethod, StorageType
from cvat_lab.model.job import Job
from cvat_lab.model.request import Request
from cvat_lab.model.task import Task
from cvat_lab.ops.segments import frame_range, frame_step, segments, used_overlap
from cvat_lab_server.auth.caller import Caller
from cvat_lab_server.services.requests import RequestService
from cvat_lab_server.services.share import ShareService
from cvat_lab_server.services.uploads import Place
from cvat_lab_server.services.workspace import Workspace
from cvat_lab_server.store.cursor import Cursor
from cvat_lab_server.store.database import Database
from cvat_lab_server.store.frames import insert_frames
from cvat_lab_server.store.tables import DATA, JOBS, TASKS
from cvat_lab_server.work.queue import ClosingError, Outcome, Progress, RequestQueue

KIND = "create:task"
ORIGINALS = "originals"


class CreationService:
    """Turns uploaded or shared files into the frames and jobs of a task."""

    def __init__(
        self,
        database: Database,
        workspace: Workspace,
        share: ShareService,
        requests: RequestService,
        queue: RequestQueue,
    ) -> None:
        self._database = database
        self._workspace = workspace
        self._share = share
        self._requests = requests
        queue.register(KIND, self._run)

    async def require_empty(self, task_id: int) -> None:
        """Refuse when the task has media already."""
        task = await self._database.read_async(lambda cursor: cursor.get(TASKS, Task, task_id))
        if task is not None:
            _require_empty(task)

    async def start(self, caller: Caller, task_id: int, params: DataWrite, place: Place) -> Request:
        """Start the creation of a task's frames.

        Parameters
        ----------
        place
            Where uploaded files have been collected.
        """
        if params.remote_files or params.cloud_storage_id is not None:
            raise UnsupportedError("remote files and cloud storages are not supported yet; upload the files instead")
        for name in ("filename_pattern", "job_file_mapping", "validation_params"):
            if getattr(params, name):
                raise UnsupportedError(f"{name} is not supported yet; leave it out")
        step = frame_step(params.frame_filter)
        if params.stop_frame is not None and params.stop_frame < params.start_frame:
            raise InvalidInputError(
                f"stop_frame {params.stop_frame} comes before start_frame {params.start_frame}", field="stop_frame"
            )
        fields: dict[str, Any] = {"data": msgspec.to_builtins(params), "step": step, "place": place.key}
        if params.server_files:
            root, files = self._share.resolve(caller, params.server_files)
            fields |= {"root": str(root), "files": files}
        [fields["data_id"]] = await self._database.write_async(lambda cursor: cursor.next_ids(DATA, 1))
        return await self._requests.start(caller, KIND, "task", task_id=task_id, params=fields)

    def _run(self, request: Request, progress: Progress) -> Outcome:
        """Index the media and store frames and jobs.

        Repeatable: the request knows the folder of its media, so a server that was killed is taken up where it was.
        """
        params = convert(request.params["data"], DataWrite, what="stored data parameters")
        data_id = request.params["data_id"]
        if self._database.read(lambda cursor: cursor.get(DATA, Data, data_id)):
            return Outcome()
        folder = self._workspace.data(data_id)
        try:
            media = _Media.gather(request, params, self._workspace, folder)
            index = media.build(params, request.params["step"], progress)
            save_index(index, folder)
            self._database.write(lambda cursor: _store(cursor, request.task_id or 0, params, media, index, data_id))
        except ClosingError:
            raise
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        return Outcome()


def _require_empty(task: Task) -> None:
    if task.data_id is not None:
        raise InvalidInputError(f"task {task.id} has data already; create another task for other media")


class _Media:
    """Where the originals of a task lie, and in which order they were named."""

    def __init__(self, root: Path, files: list[str], storage: StorageType, sorting: SortingMethod) -> None:
        self.root, self.files, self.storage, self.sorting = root, files, storage, sorting

    @classmethod
    def gather(cls, request: Request, params: DataWrite, workspace: Workspace, folder: Path) -> _Media:
        """Bring the originals to the place where they will stay."""
        originals = folder / ORIGINALS
        if shared := request.params.get("files"):
            root = Path(request.params["root"])
            if not params.copy_data:
                return cls(root, shared, StorageType.SHARE, params.sorting_method)
            shutil.rmtree(originals, ignore_errors=True)
            for name in shared:
                _copy(root / name, originals / ("" if name == "." else name))
            return cls(originals, shared, StorageType.LOCAL, params.sorting_method)
        if not originals.exists():
            workspace.upload(request.params["place"]).rename(originals)
        names = sorted(path.relative_to(originals).as_posix() for path in originals.rglob("*") if path.is_file())
        return cls(originals, _ordered(names, params), StorageType.LOCAL, params.sorting_method)

    def build(self, params: DataWrite, step: int, progress: Progress) -> MediaIndex:
        """Index the originals."""
        return build_index(
            self.root,
            self.files,
            sorting=self.sorting,
            start=params.start_frame,
            stop=params.stop_frame,
            step=step,
            exclude=params.server_files_exclude,
            may_unpack=self.storage is StorageType.LOCAL,
            progress=lambda fraction: progress(0.95 * fraction, "Reading media"),
        )


def _ordered(names: list[str], params: DataWrite) -> list[str]:
    """Return uploaded names in the order the client asked for."""
    if params.sorting_method is not SortingMethod.PREDEFINED or not params.upload_file_order:
        return names
    wanted = [PurePosixPath(name).name for name in params.upload_file_order]
    if missing := sorted(set(wanted) - set(names)):
        raise InvalidInputError(f"upload_file_order names files that were not uploaded: {', '.join(missing[:5])}")
    return wanted + [name for name in names if name not in set(wanted)]


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, dirs_exist_ok=True)
    else:
        shutil.copy2(source, target)


def _store(cursor: Cursor, task_id: int, params: DataWrite, media: _Media, index: MediaIndex, data_id: int) -> None:
    """Store data, frames and jobs in one transaction."""
    task = cursor.get(TASKS, Task, task_id)
    if task is None:
        raise NotFoundError(f"task {task_id} was deleted before its media arrived")
    _require_empty(task)
    step = frame_step(params.frame_filter)
    taken = frame_range(len(index), params.start_frame, params.stop_frame, step)
    now = utc_now()
    frames = _frame_table(index, taken)
    is_video = isinstance(index, VideoIndex)
    kind = MediaKind.VIDEO if is_video else MediaKind.IMAGES
    compressed = ChunkType.IMAGESET if params.use_zip_chunks or not is_video else ChunkType.VIDEO
    width, height = frames["width"][0].as_py(), frames["height"][0].as_py()
    data = Data(
        id=data_id,
        kind=kind,
        root=ORIGINALS if media.storage is StorageType.LOCAL else str(media.root),
        storage=media.storage,
        storage_method=StorageMethod.CACHE,
        sorting_method=media.sorting,
        chunk_size=params.chunk_size or default_chunk_size(compressed, width, height),
        image_quality=params.image_quality,
        start_frame=taken.start,
        stop_frame=taken[-1],
        frame_filter=f"step={step}" if step > 1 else "",
        size=len(taken),
        compressed_chunk_type=compressed,
        original_chunk_type=ChunkType.VIDEO if is_video else ChunkType.IMAGESET,
        chunks_updated_date=now,
    )
    cursor.insert(DATA, data)
    insert_frames(cursor, task.id, frames)
    size = task.segment_size if 0 < task.segment_size < len(taken) else 0
    parts = segments(len(taken), size, task.overlap, kind)
    for part in parts:
        ranges = [part.start, part.stop]
        cursor.insert(JOBS, Job(id=0, task_id=task.id, frame_ranges=ranges, created_date=now, updated_date=now))
    overlap = used_overlap(size, task.overlap, kind) if size else 0
    cursor.update(TASKS, task.id, data_id=data_id, segment_size=size or len(taken), overlap=overlap, updated_date=now)


def _frame_table(index: MediaIndex, taken: range) -> pa.Table:
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


_TYPES = {"name": pa.string(), **dict.fromkeys(("source", "width", "height", "related_files"), pa.int64())}
