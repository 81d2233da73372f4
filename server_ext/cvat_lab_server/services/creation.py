"""Attaching media to a task: files become an index, frames and jobs, in one background request."""

from __future__ import annotations

import shutil
from pathlib import Path, PurePosixPath
from typing import Any

import msgspec

from cvat_lab.errors import InvalidInputError, NotFoundError, UnsupportedError
from cvat_lab.media.index import MediaIndex, build_index, save_index
from cvat_lab.model.base import convert
from cvat_lab.model.data import Data, DataWrite, SortingMethod, StorageType
from cvat_lab.model.request import Request
from cvat_lab.model.task import Task
from cvat_lab.ops.segments import frame_step
from cvat_lab_server.auth.caller import Caller
from cvat_lab_server.services.requests import RequestService
from cvat_lab_server.services.share import ShareService
from cvat_lab_server.services.task_media import ORIGINALS, IndexedMedia, attach_media, require_empty
from cvat_lab_server.services.uploads import Place
from cvat_lab_server.services.workspace import Workspace
from cvat_lab_server.store.cursor import Cursor
from cvat_lab_server.store.database import Database
from cvat_lab_server.store.tables import DATA, TASKS
from cvat_lab_server.work.queue import ClosingError, Outcome, Progress, RequestQueue

KIND = "create:task"


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
            require_empty(task)

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
            indexed = IndexedMedia(data_id, index, media.root, media.storage, media.sorting)
            self._database.write(lambda cursor: _store(cursor, request.task_id or 0, params, indexed))
        except ClosingError:
            raise
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        return Outcome()


def _store(cursor: Cursor, task_id: int, params: DataWrite, media: IndexedMedia) -> None:
    task = cursor.get(TASKS, Task, task_id)
    if task is None:
        raise NotFoundError(f"task {task_id} was deleted before its media arrived")
    attach_media(cursor, task, params, media)


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
