"""Attaching media to a task: files become an index, frames and jobs, in one background request."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import msgspec

from cvat_lab.errors import InvalidInputError, NotFoundError, UnsupportedError
from cvat_lab.media.frames import open_frames
from cvat_lab.media.index import save_index
from cvat_lab.model.base import convert
from cvat_lab.model.data import Data, DataWrite, StorageMethod, StorageType
from cvat_lab.model.request import Request
from cvat_lab.model.task import Task
from cvat_lab.ops.segments import frame_step
from cvat_lab_server.auth.caller import Caller
from cvat_lab_server.services.ground_truth import add_ground_truth, check_validation
from cvat_lab_server.services.manifests import ManifestCheck
from cvat_lab_server.services.originals import OriginalsGatherer
from cvat_lab_server.services.prepared import prepare_chunks, sparse_notice
from cvat_lab_server.services.requests import RequestService
from cvat_lab_server.services.share import ShareService
from cvat_lab_server.services.task_media import IndexedMedia, attach_media, require_empty
from cvat_lab_server.services.uploads import Place
from cvat_lab_server.services.workspace import Workspace
from cvat_lab_server.store.cursor import Cursor
from cvat_lab_server.store.database import Database
from cvat_lab_server.store.tables import DATA, TASKS
from cvat_lab_server.work.queue import ClosingError, Outcome, Progress, RequestQueue

KIND = "create:task"


class CreationService:
    """Turns files that were uploaded, shared or named by their address into the frames and jobs of a task."""

    def __init__(
        self,
        database: Database,
        workspace: Workspace,
        share: ShareService,
        gatherer: OriginalsGatherer,
        requests: RequestService,
        queue: RequestQueue,
    ) -> None:
        self._database = database
        self._workspace = workspace
        self._share = share
        self._gatherer = gatherer
        self._requests = requests
        queue.register(KIND, self._run)

    async def require_empty(self, task_id: int) -> None:
        """Refuse when the task has media already."""
        task = await self._database.read_async(lambda cursor: cursor.get(TASKS, Task, task_id))
        if task is not None:
            require_empty(task)

    async def start(self, caller: Caller, task_id: int, params: DataWrite, place: Place) -> Request:
        """Start the creation of a task's frames.

        Parameters
        ----------
        place
            Where uploaded files have been collected.
        """
        if params.cloud_storage_id is not None:
            raise UnsupportedError("cloud storages are not supported yet; upload the files instead")
        self._gatherer.check_remote(params)
        check_validation(params.validation_params)
        for name in ("filename_pattern", "job_file_mapping"):
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
            originals = self._gatherer.gather(request, params, folder, progress)
            manifest = ManifestCheck(originals.root, originals.files)
            index = originals.index(params, request.params["step"], manifest.order(params), progress)
            save_index(index, folder)
            manifest.check(index, may_replace=originals.storage is StorageType.LOCAL)
            indexed = IndexedMedia(data_id, index, originals.root, originals.storage, originals.sorting)
            _prepare(indexed, params, folder, progress)
            self._database.write(lambda cursor: _store(cursor, request.task_id or 0, params, indexed))
        except ClosingError:
            raise
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        return Outcome(message=" ".join(filter(None, (manifest.message, sparse_notice(index)))))


def _prepare(media: IndexedMedia, params: DataWrite, folder: Path, progress: Progress) -> None:
    """Make the chunks of a task in advance, where it is to have them."""
    data = media.data(params)
    if data.storage_method is not StorageMethod.FILE_SYSTEM:
        return
    sources = media.frames(params)["source"].to_pylist()
    with open_frames(media.root, media.index) as frames:
        prepare_chunks(frames, data, folder, sources, lambda done: progress(done, "Making chunks"))


def _store(cursor: Cursor, task_id: int, params: DataWrite, media: IndexedMedia) -> None:
    task = cursor.get(TASKS, Task, task_id)
    if task is None:
        raise NotFoundError(f"task {task_id} was deleted before its media arrived")
    attach_media(cursor, task, params, media)
    if params.validation_params is not None:
        add_ground_truth(cursor, task_id, params.validation_params)
