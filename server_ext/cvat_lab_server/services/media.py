"""Frames, chunks and meta data of tasks, made from the originals on request and kept in the bounded cache."""

from __future__ import annotations

import asyncio
import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from cvat_lab.errors import InvalidInputError, NotFoundError, UnsupportedError
from cvat_lab.media.browser_video import browser_index
from cvat_lab.media.cache import Cache
from cvat_lab.media.chunks import chunk_of
from cvat_lab.media.frames import Encoded, FrameSource, open_frames
from cvat_lab.media.index import load_index
from cvat_lab.media.packets import PacketSource
from cvat_lab.media.video_index import VideoIndex
from cvat_lab.model.data import ChunkType, Data, DataMeta, DataMetaPatch, FrameMeta, StorageMethod, StorageType
from cvat_lab.model.job import Job, JobType
from cvat_lab.model.request import Request, RequestStatus
from cvat_lab.model.task import Task, TaskStatus
from cvat_lab.ops.envelope import encode_envelope
from cvat_lab_server.auth.caller import Caller
from cvat_lab_server.auth.policy import Action
from cvat_lab_server.services.access import Access
from cvat_lab_server.services.prepared import chunk_type, prepared_chunk, write_chunk
from cvat_lab_server.services.workspace import Workspace
from cvat_lab_server.store.cursor import Cursor
from cvat_lab_server.store.database import Database
from cvat_lab_server.store.frames import deleted_frames, frame_columns, get_frame, set_deleted, sources_of
from cvat_lab_server.store.tables import DATA, JOBS, REQUESTS, TASKS
from cvat_lab_server.store.touching import touch_task

T = TypeVar("T")

OPEN_SOURCES = 16
"""Media that are kept open, with their indices and decoders, the least recently used ones closed first."""

DECODERS = 2
"""Threads that decode and encode pictures."""


class Quality(StrEnum):
    """How faithful a picture must be. ``display`` is cvat_lab's own: whatever suits a browser best."""

    COMPRESSED = "compressed"
    ORIGINAL = "original"
    DISPLAY = "display"


@dataclass(frozen=True)
class Picture:
    """A file to send: its bytes, media type, and a tag that changes whenever it would."""

    data: bytes
    mime: str
    etag: str


class MediaService:
    """Serves the media of tasks."""

    def __init__(self, database: Database, access: Access, workspace: Workspace, *, cache_bytes: int) -> None:
        self._database = database
        self._access = access
        self._workspace = workspace
        self._cache = Cache(workspace.cache, cache_bytes)
        self._decoders = ThreadPoolExecutor(DECODERS, thread_name_prefix="cvat-lab-media")
        self._open: OrderedDict[int, FrameSource] = OrderedDict()
        self._lock = threading.Lock()

    # pictures

    async def frame(self, task_id: int, number: int, quality: Quality, *, job_id: int | None = None) -> Picture:
        """Return one frame.

        Raises
        ------
        InvalidInputError
            The task, or the job, has no such frame.
        """
        data, source = await self._locate(task_id, number, job_id)
        key = f"{data.id}/frame/{source}/{quality}/{data.image_quality}"

        def make() -> Encoded:
            frames = self.source(data)
            if quality is Quality.ORIGINAL:
                return frames.original(source)
            if quality is Quality.DISPLAY:
                return frames.display(source)
            cached = self._cache.read_or_encode(key, lambda: frames.compressed(source, data.image_quality).data)
            return Encoded(cached, "image/jpeg", ".jpeg")

        made = await self._decode(make)
        return Picture(made.data, made.mime, _etag(key))

    async def preview(self, task_id: int, number: int | None = None) -> Picture:
        """Return a small picture of a frame, by default of the first one."""
        first = 0 if number is None else number
        try:
            data, source = await self._locate(task_id, first, None)
        except InvalidInputError as error:
            raise NotFoundError(f"task {task_id} has no frame to preview") from error
        key = f"{data.id}/preview/{source}"
        made = await self._decode(
            lambda: self._cache.read_or_encode(key, lambda: self.source(data).preview(source).data)
        )
        return Picture(made, "image/jpeg", _etag(key))

    async def project_preview(self, caller: Caller, project_id: int) -> Picture:
        """Return the preview of a project's first task that has media."""
        await self._access.require(caller, Action.VIEW_PROJECT, project_id)
        tasks = await self._database.read_async(lambda cursor: cursor.find(TASKS, Task, project_id=project_id))
        with_media = [task for task in tasks if task.data_id is not None]
        if not with_media:
            raise NotFoundError(f"project {project_id} has no media yet")
        return await self.preview(with_media[0].id)

    async def context_images(self, task_id: int, number: int, *, job_id: int | None = None) -> Picture:
        """Return a zip with the context images of a frame."""
        data, source = await self._locate(task_id, number, job_id)
        archive = await self._decode(lambda: self.source(data).context_images(source))
        return Picture(archive, "application/zip", _etag(f"{data.id}/context/{source}"))

    async def chunk(self, task_id: int, number: int, quality: Quality) -> Picture:
        """Return a chunk of frames as zip or mp4."""
        data = await self._data_of(task_id)
        sources = await self._database.read_async(lambda cursor: sources_of(cursor, task_id, 0, data.size - 1))
        wanted = chunk_of(sources, data.chunk_size, number)
        original = quality is not Quality.COMPRESSED
        kind = chunk_type(data, original=original)
        key = f"{data.id}/chunk/{number}/{data.chunk_size}/{kind}/{None if original else data.image_quality}"

        def make() -> bytes:
            if data.storage_method is StorageMethod.FILE_SYSTEM:
                with suppress(FileNotFoundError):  # a restored task has none, and somebody may have removed them
                    return prepared_chunk(self._workspace.data(data.id), number, original=original).read_bytes()
            frames = self.source(data)
            return self._cache.read(key, lambda path: write_chunk(frames, data, wanted, path, original=original))

        mime = "video/mp4" if kind is ChunkType.VIDEO else "application/zip"
        return Picture(await self._decode(make), mime, _etag(key))

    async def chunk_number(self, job_id: int, index: int) -> int:
        """Return the task-wide number of the chunk at a position within a job."""
        job = await self._job(job_id)
        data = await self._data_of(job.task_id)
        return job.start_frame // data.chunk_size + index

    # video for browsers that decode it themselves

    async def video_index(self, caller: Caller, task_id: int) -> bytes:
        """Return the packet index of a task's video as a binary envelope, see ``docs/architecture.md``."""
        await self._access.require(caller, Action.VIEW_TASK, task_id)
        _, index = await self._video_of(task_id)

        def work() -> bytes:
            header, packets = browser_index(index)
            return encode_envelope(header, {"packets": packets})

        return await asyncio.to_thread(work)

    async def gop(self, caller: Caller, task_id: int, number: int) -> bytes:
        """Return the packets of one group of pictures, concatenated in decoding order."""
        await self._access.require(caller, Action.VIEW_TASK, task_id)
        data, index = await self._video_of(task_id)

        def work() -> bytes:
            with closing(PacketSource(self.root(data), index)) as packets:
                return packets.gop(number)

        return await asyncio.to_thread(work)

    async def _video_of(self, task_id: int) -> tuple[Data, VideoIndex]:
        data = await self._data_of(task_id)
        index = (await asyncio.to_thread(self.source, data)).index
        if not isinstance(index, VideoIndex):
            raise NotFoundError(f"task {task_id} has images, no video")
        return data, index

    # meta data

    async def meta(self, task_id: int, job_id: int | None = None) -> DataMeta:
        """Return what a client must know about the frames of a task, or of one of its jobs."""
        meta = await self.meta_without_frames(task_id, job_id)
        data = await self._data_of(task_id)
        ranges = await self._ranges(data, job_id)
        rows = await self._database.read_async(lambda cursor: frame_columns(cursor, task_id, ranges))
        if data.original_chunk_type is ChunkType.VIDEO:
            rows = rows.slice(0, 1)
            names = [await asyncio.to_thread(self.video_name, data)]
        else:
            names = rows["name"].to_pylist()
        meta.frames = [
            FrameMeta(name=name, width=width, height=height, related_files=related, has_related_context=related > 0)
            for name, width, height, related in zip(
                names,
                rows["width"].to_pylist(),
                rows["height"].to_pylist(),
                rows["related_files"].to_pylist(),
                strict=True,
            )
        ]
        return meta

    async def meta_without_frames(self, task_id: int, job_id: int | None = None) -> DataMeta:
        """Return the meta data with an empty list of frames."""
        data = await self._data_of(task_id)
        job = None if job_id is None else await self._job(job_id)
        ranges = [0, data.size - 1] if job is None else job.frame_ranges
        step = int(data.frame_filter.removeprefix("step=") or 1)
        deleted = await self._database.read_async(lambda cursor: deleted_frames(cursor, task_id, ranges))
        return DataMeta(
            chunks_updated_date=data.chunks_updated_date,
            chunk_size=data.chunk_size,
            size=sum(last - first + 1 for first, last in zip(ranges[::2], ranges[1::2], strict=True)),
            image_quality=data.image_quality,
            start_frame=data.start_frame + ranges[0] * step,
            stop_frame=data.start_frame + ranges[-1] * step,
            frame_filter=data.frame_filter,
            frames=[],
            deleted_frames=deleted,
            storage=data.storage,
            storage_method=data.storage_method,
            included_frames=_sources(job, data.start_frame, step),
        )

    async def patch_meta(self, task_id: int, body: DataMetaPatch, job_id: int | None = None) -> DataMeta:
        """Delete and restore frames: the list replaces the one there is, within the range of the task or job."""
        if isinstance(body.cloud_storage_id, int):
            raise UnsupportedError("cloud_storage_id: this server has no cloud storages; leave it out")
        data = await self._data_of(task_id)
        ranges = await self._ranges(data, job_id)
        if isinstance(body.deleted_frames, list):
            numbers = body.deleted_frames
            inside = set(_members(ranges))
            if wrong := [number for number in numbers if number not in inside]:
                raise InvalidInputError(f"frame {wrong[0]} is not in {ranges[0]}..{ranges[-1]}", field="deleted_frames")

            def work(cursor: Cursor) -> None:
                set_deleted(cursor, task_id, ranges, numbers)
                touch_task(cursor, task_id)

            await self._database.write_async(work)
        return await self.meta(task_id, job_id)

    async def creation_status(self, task_id: int) -> TaskStatus:
        """Return how far the creation of a task is, in CVAT's old form."""
        found = await self._database.read_async(
            lambda cursor: cursor.find(
                REQUESTS, Request, task_id=task_id, type="create:task", order="created_date DESC"
            )
        )
        if not found or found[0].status is RequestStatus.FINISHED:
            return TaskStatus(state="Finished", progress=1.0)
        return TaskStatus(state=found[0].status.capitalize(), message=found[0].message, progress=found[0].progress)

    # media

    def source(self, data: Data) -> FrameSource:
        """Return the opened media of a task. Blocks while the index is read for the first time."""
        with self._lock:
            frames = self._open.get(data.id)
            if frames is None:
                frames = self._open[data.id] = open_frames(self.root(data), load_index(self._workspace.data(data.id)))
            self._open.move_to_end(data.id)
            surplus = [self._open.popitem(last=False)[1] for _ in range(len(self._open) - OPEN_SOURCES)]
        for old in surplus:
            old.close()
        return frames

    def root(self, data: Data) -> Path:
        """Return the folder that the media's files are relative to."""
        if data.storage is StorageType.LOCAL:
            return self._workspace.data(data.id) / data.root
        return Path(data.root)

    def video_name(self, data: Data) -> str:
        """Return the file name of a task's video. May block, see :meth:`source`."""
        index = self.source(data).index
        assert isinstance(index, VideoIndex)
        return Path(index.stream.file).name

    def close(self) -> None:
        """Close all media."""
        self._decoders.shutdown()
        with self._lock:
            for frames in self._open.values():
                frames.close()
            self._open.clear()

    async def _decode(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._decoders, work)

    async def _locate(self, task_id: int, number: int, job_id: int | None) -> tuple[Data, int]:
        """Return the data of a task and the media position of one of its frames."""
        data = await self._data_of(task_id)
        ranges = await self._ranges(data, job_id)
        pairs = list(zip(ranges[::2], ranges[1::2], strict=True))
        frame = await self._database.read_async(lambda cursor: get_frame(cursor, task_id, number))
        if frame is None or not any(first <= number <= last for first, last in pairs):
            owner = f"task {task_id}" if job_id is None else f"job {job_id}"
            raise InvalidInputError(f"{owner} has no frame {number}; it has {ranges[0]}..{ranges[-1]}", field="number")
        return data, frame.source

    async def _ranges(self, data: Data, job_id: int | None) -> list[int]:
        if job_id is None:
            return [0, data.size - 1]
        return (await self._job(job_id)).frame_ranges

    async def _job(self, job_id: int) -> Job:
        job = await self._database.read_async(lambda cursor: cursor.get(JOBS, Job, job_id))
        if job is None:
            raise NotFoundError(f"there is no job {job_id}")
        return job

    async def _data_of(self, task_id: int) -> Data:
        def work(cursor: Cursor) -> Data | None:
            task = cursor.get(TASKS, Task, task_id)
            return cursor.get(DATA, Data, task.data_id) if task and task.data_id is not None else None

        data = await self._database.read_async(work)
        if data is None:
            raise NotFoundError(f"task {task_id} has no data yet; upload some first")
        return data


def _sources(job: Job | None, start: int, step: int) -> list[int] | None:
    """Return the source frames of a ground-truth job, whose frames need not follow each other."""
    if job is None or job.type is not JobType.GROUND_TRUTH:
        return None
    return [start + number * step for number in job.frames]


def _members(ranges: list[int]) -> list[int]:
    pairs = zip(ranges[::2], ranges[1::2], strict=True)
    return [number for first, last in pairs for number in range(first, last + 1)]


def _etag(key: str) -> str:
    return f'"{hashlib.sha256(key.encode()).hexdigest()[:32]}"'
