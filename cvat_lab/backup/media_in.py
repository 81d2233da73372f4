"""The ``data/`` folder of a backup on its way back: files are copied out, put in their old order and indexed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from cvat_lab.backup.media_out import Progress
from cvat_lab.backup.records import DATA_FOLDER, BackupData, BackupTask
from cvat_lab.errors import CvatLabError, FormatError, InvalidInputError, TooLargeError
from cvat_lab.formats.archive import ZipSource, reading
from cvat_lab.media.archives import ARCHIVES
from cvat_lab.media.index import MediaIndex, build_index, save_index
from cvat_lab.media.manifest import MANIFEST_FILE, Manifest, read_manifest
from cvat_lab.media.sources import IMAGES, RELATED, VIDEOS
from cvat_lab.model.data import SortingMethod
from cvat_lab.ops.segments import frame_range, frame_step

ORIGINALS = "originals"

_PIECE = 4 << 20
_POINT_CLOUDS = (".pcd", ".bin")
_COPYING = 0.8
"""Part of the work that is copying; the rest is reading headers."""


@dataclass(frozen=True)
class _Order:
    """Files in the order of their source numbers, and the sources that became frames."""

    files: list[str]
    sorting: SortingMethod
    start: int = 0
    stop: int | None = None
    step: int = 1


def read_media(source: ZipSource, prefix: str, task: BackupTask, folder: Path, report: Progress) -> range:
    """Copy the media of a task out of an archive and index it.

    Parameters
    ----------
    prefix
        Folder of the task within the archive, empty or ending in ``/``.
    folder
        Gets the originals and their index.

    Returns
    -------
    range
        Source numbers of the task's frames.

    Raises
    ------
    FormatError
        Media is missing or damaged, or there are fewer frames than the jobs have; the message names the file.
    """
    place = f"{prefix}{DATA_FOLDER}"
    files = [member.removeprefix(place) for member in source.members if member.startswith(place)]
    manifest = _manifest(source, place, folder) if MANIFEST_FILE in files else None
    media = _media_of(source, place, files, task.data)
    order = _order(source, place, media, manifest, task)
    ordered = set(order.files)
    wanted = [*order.files, *(name for name in media if _is_related(name) and name not in ordered)]
    _copy(source, place, wanted, folder / ORIGINALS, lambda part: report(_COPYING * part))
    try:
        index = _index(folder, wanted, order, lambda part: report(_COPYING + (1 - _COPYING) * part))
        taken = frame_range(len(index), order.start, order.stop, order.step)
    except TooLargeError:
        raise
    except InvalidInputError as error:
        raise FormatError(f"{source.name}: {place}: {error}") from error
    save_index(index, folder)
    return taken


def _index(folder: Path, wanted: Sequence[str], order: _Order, report: Progress) -> MediaIndex:
    return build_index(
        folder / ORIGINALS,
        wanted,
        sorting=order.sorting,
        start=order.start,
        stop=order.stop,
        step=order.step,
        may_unpack=True,
        progress=report,
    )


def _manifest(source: ZipSource, place: str, folder: Path) -> Manifest:
    path = folder / MANIFEST_FILE
    copy_member(source, f"{place}{MANIFEST_FILE}", path)
    try:
        return read_manifest(path)
    except CvatLabError as error:
        raise FormatError(f"{source.name}: {place}{error}") from error
    finally:
        path.unlink()


def _media_of(source: ZipSource, place: str, files: Sequence[str], data: BackupData) -> list[str]:
    """Return the images and videos among the files; archives only where there is nothing else."""
    shown = [name for name in files if name.lower().endswith((*IMAGES, *VIDEOS))]
    media = shown or [name for name in files if name.lower().endswith(ARCHIVES)]
    if media:
        return media
    if data.storage == "cloud_storage":
        raise FormatError(
            f"{source.name}: a lightweight backup of a task on cloud storage: {place} has no media in it. "
            "Make a full backup instead"
        )
    if any(name.lower().endswith(_POINT_CLOUDS) for name in files):
        raise FormatError(f"{source.name}: {place} holds point clouds; 3D tasks cannot be restored")
    raise FormatError(f"{source.name}: {place} has no images and no video in it")


def _order(source: ZipSource, place: str, media: list[str], manifest: Manifest | None, task: BackupTask) -> _Order:
    chosen = _chosen(task.data, source.name)
    if manifest is not None and manifest.video is not None:
        if manifest.video.name not in media:
            raise _missing(source, place, manifest.video.name)
        return _Order([manifest.video.name], SortingMethod.PREDEFINED, *chosen)
    if manifest is not None and not all(name.lower().endswith(ARCHIVES) for name in media):
        return _order_of_manifest(source, place, media, manifest, task.data, chosen)
    if files := _files_of_jobs(task):
        if lost := sorted(set(files) - set(media)):
            raise _missing(source, place, lost[0])
        return _Order(files, SortingMethod.PREDEFINED)
    sorting = {str(method): method for method in SortingMethod}.get(task.data.sorting_method or "")
    if sorting not in (SortingMethod.NATURAL, SortingMethod.LEXICOGRAPHICAL):
        sorting = SortingMethod.LEXICOGRAPHICAL
    return _Order(media, sorting, *chosen)


def _chosen(data: BackupData, name: str) -> tuple[int, int | None, int]:
    """Return first and last source and step."""
    start = data.start_frame if isinstance(data.start_frame, int) else 0
    stop = data.stop_frame if isinstance(data.stop_frame, int) else None
    try:
        step = frame_step(data.frame_filter if isinstance(data.frame_filter, str) else "")
    except InvalidInputError as error:
        raise FormatError(f"{name}: task.json: data: {error}") from error
    return start, stop, step


def _order_of_manifest(
    source: ZipSource,
    place: str,
    media: list[str],
    manifest: Manifest,
    data: BackupData,
    chosen: tuple[int, int | None, int],
) -> _Order:
    """Return the order that a manifest tells.

    Its empty lines stand for files that no frame shows. They are filled with the files it does not list, so that
    sources keep their numbers; where those were left out of the archive, what is listed are the frames.
    """
    listed = {image.path for image in manifest.images if image is not None}
    if lost := sorted(listed.difference(media)):
        raise _missing(source, place, lost[0])
    rest = iter([name for name in media if name not in listed and not _is_related(name)])
    filled = [image.path if image else next(rest, None) for image in manifest.images]
    if isinstance(data.start_frame, int) and None not in filled:
        return _Order([name for name in filled if name], SortingMethod.PREDEFINED, *chosen)
    return _Order([image.path for image in manifest.images if image], SortingMethod.PREDEFINED)


def _is_related(name: str) -> bool:
    return RELATED in name.split("/")[:-1]


def _files_of_jobs(task: BackupTask) -> list[str]:
    """Return the files of all jobs in order, where every job lists its own."""
    lists = [job.files for job in task.jobs if isinstance(job.files, list)]
    return list(dict.fromkeys(name for files in lists for name in files))


def _missing(source: ZipSource, place: str, name: str) -> FormatError:
    return FormatError(f"{source.name}: {place}{name} is not in the archive, but {place}{MANIFEST_FILE} lists it")


def _copy(source: ZipSource, place: str, files: Sequence[str], target: Path, report: Progress) -> None:
    total = max(1, sum(source.size(f"{place}{name}") for name in files))
    done = 0
    for name in files:
        copy_member(source, f"{place}{name}", target / name, partial(_report_sum, report, done, total))
        done += source.size(f"{place}{name}")


def _report_sum(report: Progress, done: int, total: int, amount: float) -> None:
    report((done + amount) / total)


def copy_member(source: ZipSource, member: str, target: Path, report: Progress = lambda _: None) -> None:
    """Copy a member to a file that does not exist yet; its folders are made.

    Parameters
    ----------
    report
        Is told the bytes that were copied.

    Raises
    ------
    FormatError
        The member is damaged, or another one has taken its place.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        out = target.open("xb")
    except (FileExistsError, NotADirectoryError) as error:
        raise FormatError(f"{source.name}: {member} has the name of another file or folder of the archive") from error
    done = 0
    with source.open(member) as stream, out:
        while True:
            with reading(source, member):
                piece = stream.read(_PIECE)
            if not piece:
                return
            out.write(piece)
            done += len(piece)
            report(done)
