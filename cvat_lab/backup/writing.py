"""Writing a whole backup from a plan: records, annotation files and places of media."""

from __future__ import annotations

from pathlib import Path

from cvat_lab.backup.annotations import write_annotations
from cvat_lab.backup.guides import GuideFiles, write_guide
from cvat_lab.backup.media_out import Progress, only, write_media
from cvat_lab.backup.records import PROJECT_FILE, TASK_FILE, BackupProject, BackupTask
from cvat_lab.formats.packing import ArchiveWriter
from cvat_lab.media.image_index import ImageIndex
from cvat_lab.media.index import load_index
from cvat_lab.model.base import Record, encode_json
from cvat_lab.model.label import LabelRead

_MEDIA = 0.8
"""Part of the work on a task that is copying its media."""


class TaskPlan(Record, kw_only=True):
    """A task to write.

    Attributes
    ----------
    labels
        Stored labels, for the ids in the annotations.
    root, index_folder
        Where the media and its index lie.
    sources
        Images to copy, by their position in the index; None = all.
    annotations
        Folder with the objects of every job, see :func:`cvat_lab.backup.annotations.lines_file`.
    """

    task: BackupTask
    labels: list[LabelRead]
    root: str
    index_folder: str
    annotations: str
    sources: list[int] | None = None
    guide: GuideFiles | None = None


class BackupPlan(Record, kw_only=True):
    """A backup to write: one task, or a project with any number of them."""

    tasks: list[TaskPlan]
    project: BackupProject | None = None
    guide: GuideFiles | None = None


def write_backup(plan: BackupPlan, target: Path, report: Progress) -> None:
    """Write a backup; the file appears only when it is complete.

    Raises
    ------
    MediaError
        Media of a task is gone or was changed; the message names the file.
    """
    with ArchiveWriter(target) as archive:
        if plan.project is not None:
            archive.write(PROJECT_FILE, encode_json(plan.project))
            write_guide(archive, "", plan.guide)
        for number, task in enumerate(plan.tasks):
            prefix = f"task_{number}/" if plan.project is not None else ""

            def told(part: float, number: int = number) -> None:
                report((number + part) / len(plan.tasks))

            _write_task(archive, prefix, task, told)
    report(1.0)


def _write_task(archive: ArchiveWriter, prefix: str, plan: TaskPlan, report: Progress) -> None:
    archive.write(f"{prefix}{TASK_FILE}", encode_json(plan.task))
    write_guide(archive, prefix, plan.guide)
    index = load_index(Path(plan.index_folder))
    if plan.sources is not None and isinstance(index, ImageIndex):
        index = only(index, plan.sources)
    write_media(archive, prefix, Path(plan.root), index, lambda part: report(_MEDIA * part))
    jobs = len(plan.task.jobs)
    folder = Path(plan.annotations)
    write_annotations(archive, prefix, folder, jobs, plan.labels, lambda part: report(_MEDIA + (1 - _MEDIA) * part))
