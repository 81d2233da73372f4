"""Exports: a snapshot of annotations becomes an archive, in a worker process when it is large."""

from __future__ import annotations

import hashlib
import re
import shutil
from pathlib import Path

from cvat_lab.errors import InvalidInputError, NotFoundError
from cvat_lab.formats import get_format
from cvat_lab.formats.base import Format
from cvat_lab.formats.dataset import Dataset, DatasetKind
from cvat_lab.model.base import decode_json, encode_json, utc_now
from cvat_lab.model.data import Data, MediaKind
from cvat_lab.model.request import Loss, Request
from cvat_lab.model.task import Task
from cvat_lab_server.auth.caller import Caller
from cvat_lab_server.services.media import MediaService
from cvat_lab_server.services.requests import RequestService
from cvat_lab_server.services.workspace import Workspace
from cvat_lab_server.store.cursor import Cursor
from cvat_lab_server.store.database import Database
from cvat_lab_server.store.datasets import last_change, read_dataset, tasks_of
from cvat_lab_server.store.frames import sources_of
from cvat_lab_server.work.export_job import ExportSpec, MediaPlace, run_export, write_spec
from cvat_lab_server.work.processes import Processes
from cvat_lab_server.work.queue import Outcome, Progress, RequestQueue

DATASET, ANNOTATIONS = "export:dataset", "export:annotations"

SMALL_ROWS = 5_000
"""Exports of fewer frames and objects, without images, run in a thread: a process takes a second to start."""


class ExportService:
    """Makes archives and hands them out."""

    def __init__(
        self,
        database: Database,
        workspace: Workspace,
        media: MediaService,
        requests: RequestService,
        queue: RequestQueue,
    ) -> None:
        self._database = database
        self._workspace = workspace
        self._media = media
        self._requests = requests
        self._processes = Processes()
        queue.register(DATASET, self._run)
        queue.register(ANNOTATIONS, self._run)

    async def start(
        self, caller: Caller, target: str, target_id: int, *, format_name: str, save_images: bool, filename: str
    ) -> Request:
        """Start an export.

        Parameters
        ----------
        target
            ``project``, ``task`` or ``job``.
        filename
            Name of the archive; empty = made up of target, format and time.

        Raises
        ------
        InvalidInputError
            There is no such format, or it cannot be exported, or there is nothing to export yet.
        """
        plugin = _exporter(format_name)
        kind = DatasetKind(target)
        covered = await self._database.read_async(lambda cursor: tasks_of(cursor, kind, target_id))
        if not covered:
            raise InvalidInputError(f"{target} {target_id} has no frames to export; upload data first")
        request_type = DATASET if save_images else ANNOTATIONS
        return await self._requests.start(
            caller,
            request_type,
            target,
            format=plugin.display_name,
            params={"target_id": target_id, "filename": filename},
            **{f"{target}_id": target_id},
        )

    def result(self, request: Request) -> Path:
        """Return the archive of a finished export.

        Raises
        ------
        NotFoundError
            The request has not ended, was no export, or its archive has expired.
        """
        path = self._workspace.root / request.result_path
        if not request.result_path or not path.is_file():
            raise NotFoundError(f"request {request.id} has no file to download; export again")
        return path

    def close(self) -> None:
        """Stop the worker processes."""
        self._processes.close()

    def _run(self, request: Request, progress: Progress) -> Outcome:
        kind, target_id = DatasetKind(request.target), request.params["target_id"]
        save_images, format_name = request.type == DATASET, request.format or ""
        progress(0.0, "Reading annotations")
        version = self._database.read(lambda cursor: last_change(cursor, kind, target_id))
        key = f"{kind}|{target_id}|{format_name}|{save_images}|{version}"
        target = self._workspace.exports() / f"{hashlib.sha256(key.encode()).hexdigest()[:40]}.zip"
        losses = target.with_suffix(".losses")
        if target.exists() and losses.exists():
            found = decode_json(losses.read_bytes(), list[Loss])
        else:
            found = self._export(request, kind, target_id, target, progress)
            losses.write_bytes(encode_json(found))
        name = request.params["filename"] or self._default_name(request, target_id)
        return Outcome(
            result_path=target.relative_to(self._workspace.root).as_posix(), result_name=safe_name(name), losses=found
        )

    def _export(
        self, request: Request, kind: DatasetKind, target_id: int, target: Path, progress: Progress
    ) -> list[Loss]:
        save_images = request.type == DATASET
        dataset, places = self._snapshot(kind, target_id)
        folder = self._workspace.work(request.id)
        part = target.with_suffix(f".{request.id}.part")
        try:
            spec = ExportSpec(format_name=request.format or "", target=str(part), media=places, save_images=save_images)
            if save_images or _rows(dataset) > SMALL_ROWS:
                write_spec(folder, spec)
                dataset.save(folder)
                losses = self._processes.run(run_export, folder, progress, list[Loss])
            else:
                losses = get_format(spec.format_name).write(dataset, part, None, progress).rows()
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
            shutil.rmtree(folder, ignore_errors=True)
        return losses

    def _snapshot(self, kind: DatasetKind, target_id: int) -> tuple[Dataset, list[MediaPlace]]:
        covered = self._database.read(lambda cursor: tasks_of(cursor, kind, target_id))
        names = {task.id: self._video_name(data) for task, data in covered}

        def work(cursor: Cursor) -> tuple[Dataset, list[MediaPlace]]:
            places = [self._place(cursor, task, data) for task, data in covered]
            return read_dataset(cursor, kind, target_id, names), places

        return self._database.read_consistently(work)

    def _place(self, cursor: Cursor, task: Task, data: Data) -> MediaPlace:
        return MediaPlace(
            task_id=task.id,
            root=str(self._media.root(data)),
            index_folder=str(self._workspace.data(data.id)),
            sources=sources_of(cursor, task.id, 0, data.size - 1),
            is_video=data.kind is MediaKind.VIDEO,
        )

    def _video_name(self, data: Data) -> str:
        return self._media.video_name(data) if data.kind is MediaKind.VIDEO else ""

    def _default_name(self, request: Request, target_id: int) -> str:
        content = "dataset" if request.type == DATASET else "annotations"
        stamp = utc_now().strftime("%Y_%m_%d_%H_%M_%S")
        return f"{request.target}_{target_id}_{content}_{stamp}_{request.format}.zip".lower()


def _exporter(format_name: str) -> Format:
    try:
        plugin = get_format(format_name)
    except LookupError as error:
        raise InvalidInputError(str(error), field="format") from error
    if not plugin.can_export:
        raise InvalidInputError(f"{plugin.display_name} can only be imported", field="format")
    return plugin


def safe_name(name: str) -> str:
    """Return a file name that CVAT's clients accept: letters, digits, ``_-. ``, an extension, no dot in front."""
    cleaned = re.sub(r"[^A-Za-z0-9_\-. ]", "_", name).lstrip(". ")[-250:] or "export.zip"
    return cleaned if Path(cleaned).suffix else f"{cleaned}.zip"


def _rows(dataset: Dataset) -> int:
    tables = dataset.annotations
    return sum(
        table.num_rows for table in (dataset.frames, tables.tags, tables.shapes, tables.tracks, tables.keyframes)
    )
