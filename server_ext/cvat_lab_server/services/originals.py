"""The originals of a task: brought together where they will stay, in the order they were named."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from cvat_lab.errors import InvalidInputError
from cvat_lab.media.index import MediaIndex, build_index
from cvat_lab.model.data import DataWrite, SortingMethod, StorageType
from cvat_lab.model.request import Request
from cvat_lab_server.services.task_media import ORIGINALS
from cvat_lab_server.services.workspace import Workspace
from cvat_lab_server.work.downloads import Downloader, DownloadLimits, file_names
from cvat_lab_server.work.outbound import Outbound
from cvat_lab_server.work.queue import Progress

_FETCHED, _INDEXED = 0.7, 0.95
"""Progress when remote files are there, and when media is indexed."""


@dataclass(frozen=True)
class Originals:
    """Where the files of a task lie.

    Attributes
    ----------
    files
        Paths below ``root``, in the order they were named.
    done
        Part of the request's work that was spent on bringing them here, 0..1.
    """

    root: Path
    files: list[str]
    storage: StorageType
    sorting: SortingMethod
    done: float = 0.0

    def index(self, params: DataWrite, step: int, order: Sequence[str], progress: Progress) -> MediaIndex:
        """Index them.

        Parameters
        ----------
        order
            Names of images in the order they shall have; empty = ``sorting`` says.
        """
        return build_index(
            self.root,
            self.files,
            sorting=self.sorting,
            start=params.start_frame,
            stop=params.stop_frame,
            step=step,
            exclude=params.server_files_exclude,
            order=order,
            may_unpack=self.storage is StorageType.LOCAL,
            progress=lambda fraction: progress(self.done + (_INDEXED - self.done) * fraction, "Reading media"),
        )


class OriginalsGatherer:
    """Brings originals together, from uploads, the share and the web.

    Parameters
    ----------
    outbound
        Says from where files may be fetched.
    """

    def __init__(self, workspace: Workspace, outbound: Outbound, limits: DownloadLimits) -> None:
        self._workspace = workspace
        self._outbound = outbound
        self._limits = limits

    def check_remote(self, params: DataWrite) -> None:
        """Refuse addresses that cannot be right, before any work begins.

        Raises
        ------
        InvalidInputError
            An address is none, names no file, or there are too many.
        NotPermittedError
            This server fetches nothing.
        """
        if params.remote_files and params.server_files:
            raise InvalidInputError("give remote_files or server_files, not both", field="remote_files")
        for url in params.remote_files:
            self._outbound.check(url)
        file_names(params.remote_files, self._limits)

    def gather(self, request: Request, params: DataWrite, folder: Path, progress: Progress) -> Originals:
        """Bring the originals of a request below ``folder``, or leave them in place on the share.

        Repeatable: what is there already is not fetched or moved again.
        """
        target = folder / ORIGINALS
        if params.remote_files:
            with Downloader(self._outbound, self._limits) as downloader:
                names = downloader.fetch(
                    params.remote_files, target, lambda part, message: progress(_FETCHED * part, message)
                )
            return Originals(target, names, StorageType.LOCAL, params.sorting_method, _FETCHED)
        if shared := request.params.get("files"):
            return _shared(Path(request.params["root"]), shared, target, params)
        if not target.exists():
            self._workspace.upload(request.params["place"]).rename(target)
        names = sorted(path.relative_to(target).as_posix() for path in target.rglob("*") if path.is_file())
        return Originals(target, _ordered(names, params), StorageType.LOCAL, params.sorting_method)


def _shared(root: Path, files: list[str], target: Path, params: DataWrite) -> Originals:
    if not params.copy_data:
        return Originals(root, files, StorageType.SHARE, params.sorting_method)
    shutil.rmtree(target, ignore_errors=True)
    for name in files:
        _copy(root / name, target / ("" if name == "." else name))
    return Originals(target, files, StorageType.LOCAL, params.sorting_method)


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
