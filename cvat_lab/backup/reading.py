"""Reading a whole backup: everything is checked and laid out on disk before anything is stored."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TypeVar

from cvat_lab.backup.annotations import decode, read_annotations
from cvat_lab.backup.guides import GuideFiles, read_guide
from cvat_lab.backup.labels import number_labels
from cvat_lab.backup.media_in import read_media
from cvat_lab.backup.media_out import Progress
from cvat_lab.backup.records import PROJECT_FILE, TASK_FILE, BackupJob, BackupLabel, BackupProject, BackupTask
from cvat_lab.errors import FormatError, TooLargeError
from cvat_lab.formats.archive import MIB, SourceLimits, ZipSource
from cvat_lab.formats.losses import Losses
from cvat_lab.media.limits import DEFAULT_LIMITS
from cvat_lab.model.base import Record, utc_now
from cvat_lab.model.job import Job, JobStage, JobState, JobStatus, JobType
from cvat_lab.model.request import Loss
from cvat_lab.ops.segments import to_ranges

T = TypeVar("T", bound=Record)

LIMITS = SourceLimits(member_bytes=1024 * 1024 * MIB)
"""A backup may hold a long video; it is never unpacked in memory."""

MAX_RECORD_BYTES = 64 * MIB
"""Size of ``task.json`` and ``project.json``."""

MAX_JOBS = 100_000

_TASK_FOLDER = re.compile(r"task_(\d+)/")
_MEDIA = 0.8
_STATES = {
    JobStatus.ANNOTATION: (JobStage.ANNOTATION, JobState.NEW),
    JobStatus.VALIDATION: (JobStage.VALIDATION, JobState.NEW),
    JobStatus.COMPLETED: (JobStage.ACCEPTANCE, JobState.COMPLETED),
}


class ReadTask(Record, kw_only=True):
    """A task that was read.

    Attributes
    ----------
    folder
        Has ``originals/``, their index, and the annotations in blocks.
    sources
        First source, last source and step of the frames.
    jobs
        Jobs whose ids and parents are positions in this list, counted from 1.
    blocks
        Number of blocks of annotations, by job.
    segment_size, overlap
        How the jobs were cut; 0 frames = in no regular way.
    """

    task: BackupTask
    folder: str
    sources: tuple[int, int, int]
    jobs: list[Job]
    blocks: list[int]
    segment_size: int
    overlap: int
    guide: GuideFiles | None = None


class ReadBackup(Record, kw_only=True):
    """A backup that was read, and what was left out."""

    tasks: list[ReadTask]
    losses: list[Loss]
    project: BackupProject | None = None
    guide: GuideFiles | None = None


def read_task_backup(path: Path, folder: Path, report: Progress) -> ReadBackup:
    """Read the backup of a task.

    Parameters
    ----------
    folder
        Gets media and annotations.

    Raises
    ------
    FormatError
        The archive is none, is damaged, or lacks something; the message names file and reason.
    TooLargeError
        It would unpack to too much.
    """
    with _open(path, folder) as source:
        if TASK_FILE not in source:
            hint = "; this is the backup of a project" if PROJECT_FILE in source else ""
            raise FormatError(f"{path.name}: there is no {TASK_FILE} in it, so it is no backup of a task{hint}")
        losses = Losses()
        task = _read_task(source, "", None, folder / "task_0", losses, report)
    return ReadBackup(tasks=[task], losses=losses.rows())


def read_project_backup(path: Path, folder: Path, report: Progress) -> ReadBackup:
    """Read the backup of a project; see :func:`read_task_backup`."""
    with _open(path, folder) as source:
        if PROJECT_FILE not in source:
            hint = "; this is the backup of a task" if TASK_FILE in source else ""
            raise FormatError(f"{path.name}: there is no {PROJECT_FILE} in it, so it is no backup of a project{hint}")
        project = _read_record(source, PROJECT_FILE, BackupProject)
        number_labels(project.labels, f"{path.name}: {PROJECT_FILE}")
        losses, tasks = Losses(), []
        found = sorted({int(match[1]) for name in source.members if (match := _TASK_FOLDER.match(name))})
        for place, number in enumerate(found):
            prefix, target = f"task_{number}/", folder / f"task_{place}"

            def told(part: float, place: int = place) -> None:
                report((place + part) / len(found))

            tasks.append(_read_task(source, prefix, project.labels, target, losses, told))
        guide = read_guide(source, "", folder)
    return ReadBackup(project=project, tasks=tasks, losses=losses.rows(), guide=guide)


def _open(path: Path, folder: Path) -> ZipSource:
    """Open an archive; refuse bombs and what would not fit on the disk."""
    source = ZipSource(path, LIMITS)
    try:
        size = sum(map(source.size, source.members))
        DEFAULT_LIMITS.check_archive(path.name, size, path.stat().st_size)
        free = shutil.disk_usage(folder).free
        if size > free:
            raise TooLargeError(f"{path.name} unpacks to {size:,} bytes, but only {free:,} are free on the disk")
    except TooLargeError:
        source.close()
        raise
    return source


def _read_record(source: ZipSource, member: str, kind: type[T]) -> T:
    if source.size(member) > MAX_RECORD_BYTES:
        raise TooLargeError(
            f"{source.name}: {member} has {source.size(member):,} bytes, the limit is {MAX_RECORD_BYTES:,}"
        )
    record: T = decode(source.read(member), kind, f"{source.name}: {member}")
    return record


def _read_task(
    source: ZipSource,
    prefix: str,
    labels: list[BackupLabel] | None,
    folder: Path,
    losses: Losses,
    report: Progress,
) -> ReadTask:
    """Read a task; ``labels`` are those of its project, which take the place of its own."""
    member = f"{prefix}{TASK_FILE}"
    if member not in source:
        raise FormatError(f"{source.name}: there is no {member} in the archive")
    where = f"{source.name}: {member}"
    task = _read_record(source, member, BackupTask)
    task.labels = labels if labels is not None else task.labels
    numbered = number_labels(task.labels, where)
    folder.mkdir()
    taken = read_media(source, prefix, task, folder, lambda part: report(_MEDIA * part))
    jobs = _read_jobs(task, len(taken), where)
    blocks = read_annotations(
        source, prefix, jobs, numbered, folder, losses, lambda part: report(_MEDIA + (1 - _MEDIA) * part)
    )
    segment_size, overlap = _segments(jobs)
    return ReadTask(
        task=task,
        folder=str(folder),
        sources=(taken.start, taken[-1], taken.step),
        jobs=jobs,
        blocks=blocks,
        segment_size=0 if task.data.custom_segments is True else segment_size,
        overlap=overlap,
        guide=read_guide(source, prefix, folder),
    )


def _read_jobs(task: BackupTask, size: int, where: str) -> list[Job]:
    """Return the jobs of a task of ``size`` frames."""
    if not 0 < len(task.jobs) <= MAX_JOBS:
        raise FormatError(f"{where}: a task has 1 to {MAX_JOBS:,} jobs, not {len(task.jobs):,}")
    now = utc_now()
    jobs: list[Job] = []
    for number, given in enumerate(task.jobs):
        ranges = _ranges(given, f"{where}: job {number}")
        if ranges[-1] >= size:
            raise FormatError(f"{where}: job {number} has frame {ranges[-1]}, but the media gives only {size} frames")
        stage, state = _STATES[given.status]
        jobs.append(
            Job(
                id=number + 1,
                task_id=0,
                type=given.type,
                frame_ranges=ranges,
                stage=given.stage if isinstance(given.stage, JobStage) else stage,
                state=given.state if isinstance(given.state, JobState) else state,
                parent_job_id=_parent(jobs, given) if given.type is JobType.REPLICA else None,
                created_date=now,
                updated_date=now,
            )
        )
    if beyond := [frame for frame in task.data.deleted_frames if frame >= size]:
        raise FormatError(f"{where}: frame {beyond[0]} is deleted, but the media gives only {size} frames")
    return jobs


def _ranges(job: BackupJob, where: str) -> list[int]:
    if job.type is JobType.GROUND_TRUTH and job.frames:
        return to_ranges(job.frames)
    if job.stop_frame < job.start_frame:
        raise FormatError(f"{where}: stop_frame {job.stop_frame} comes before start_frame {job.start_frame}")
    return [job.start_frame, job.stop_frame]


def _parent(jobs: list[Job], replica: BackupJob) -> int | None:
    """Return the job that a replica copies: the last one before it, of the same frames."""
    frames = [replica.start_frame, replica.stop_frame]
    fitting = [job.id for job in jobs if job.type is JobType.ANNOTATION and job.frame_ranges == frames]
    return fitting[-1] if fitting else None


def _segments(jobs: list[Job]) -> tuple[int, int]:
    """Return segment size and overlap, which the first two jobs show."""
    first, *more = [job for job in jobs if job.type is JobType.ANNOTATION] or jobs
    size = first.stop_frame - first.start_frame + 1
    return size, max(0, first.stop_frame - more[0].start_frame + 1) if more else 0
