"""What a backup takes from the database: records as they stand in the archive, and annotations as lines of text."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from msgspec import UNSET

from cvat_lab.backup.annotations import KINDS, lines_file
from cvat_lab.backup.labels import to_backup
from cvat_lab.backup.records import BackupData, BackupJob, BackupProject, BackupTask
from cvat_lab.model.data import Data, MediaKind, StorageType
from cvat_lab.model.job import Job, JobType, job_status
from cvat_lab.model.label import LabelRead
from cvat_lab.model.project import Project
from cvat_lab.model.task import Task
from cvat_lab.ops.segments import segments
from cvat_lab_server.store.annotation_reads import stream_json
from cvat_lab_server.store.cursor import Cursor
from cvat_lab_server.store.frames import deleted_frames, frame_columns
from cvat_lab_server.store.projects import read_project
from cvat_lab_server.store.tables import JOBS
from cvat_lab_server.store.tasks import read_task


def jobs_in_order(cursor: Cursor, task_id: int) -> list[Job]:
    """Return the jobs of a task as a backup lists them: each followed by its replicas, ground truth last."""
    jobs = cursor.find(JOBS, Job, task_id=task_id)
    return sorted(jobs, key=lambda job: (job.type is JobType.GROUND_TRUTH, job.parent_job_id or job.id, job.id))


def describe_task(
    cursor: Cursor, task: Task, data: Data, jobs: Sequence[Job], labels: Sequence[LabelRead]
) -> BackupTask:
    """Return the ``task.json`` of a task."""
    row = read_task(cursor, task.id)
    is_custom = _is_custom(task, data, jobs)
    names = _frame_names(cursor, task, data) if is_custom else []
    return BackupTask(
        name=task.name,
        bug_tracker=task.bug_tracker,
        status=row.status if row else None,
        subset=task.subset,
        labels=to_backup(labels),
        data=_describe_data(cursor, task, data, is_custom),
        jobs=[_describe_job(job, data.size, names) for job in jobs],
    )


def describe_project(cursor: Cursor, project: Project, labels: Sequence[LabelRead]) -> BackupProject:
    """Return the ``project.json`` of a project."""
    row = read_project(cursor, project.id)
    return BackupProject(
        name=project.name,
        bug_tracker=project.bug_tracker,
        status=row.status if row else None,
        labels=to_backup(labels),
    )


def takes_frames_only(data: Data) -> bool:
    """Return whether only the images that frames show are copied: a share may hold any number of others."""
    return data.storage is StorageType.SHARE and data.kind is MediaKind.IMAGES


def write_lines(cursor: Cursor, jobs: Sequence[Job], folder: Path) -> int:
    """Write the annotations of some jobs as one file per job and kind; return their size in bytes."""
    size = 0
    for number, job in enumerate(jobs):
        for kind in KINDS:
            with lines_file(folder, number, kind).open("wb") as out:
                for text in stream_json(cursor, job.id, kind):
                    size += out.write(text + b"\n")
    return size


def _describe_data(cursor: Cursor, task: Task, data: Data, is_custom: bool) -> BackupData:
    frames_only = takes_frames_only(data)
    return BackupData(
        chunk_size=data.chunk_size,
        image_quality=data.image_quality,
        start_frame=0 if frames_only else data.start_frame,
        stop_frame=data.size - 1 if frames_only else data.stop_frame,
        frame_filter=UNSET if frames_only or not data.frame_filter else data.frame_filter,
        chunk_type=data.compressed_chunk_type,
        storage_method=data.storage_method,
        storage=StorageType.LOCAL,
        sorting_method=data.sorting_method,
        deleted_frames=deleted_frames(cursor, task.id, [0, data.size - 1]),
        custom_segments=True if is_custom else UNSET,
    )


def _describe_job(job: Job, size: int, names: Sequence[str]) -> BackupJob:
    is_truth = job.type is JobType.GROUND_TRUTH
    pairs = zip(job.frame_ranges[::2], job.frame_ranges[1::2], strict=True)
    return BackupJob(
        start_frame=0 if is_truth else job.start_frame,
        stop_frame=size - 1 if is_truth else job.stop_frame,
        frames=[number for first, last in pairs for number in range(first, last + 1)] if is_truth else [],
        status=job_status(job.stage, job.state),
        type=job.type,
        files=list(names[job.start_frame : job.stop_frame + 1]) if names and not is_truth else UNSET,
        stage=job.stage,
        state=job.state,
    )


def _is_custom(task: Task, data: Data, jobs: Sequence[Job]) -> bool:
    """Return whether segment size and overlap do not tell how the jobs are cut."""
    regular = segments(data.size, task.segment_size, task.overlap, data.kind)
    found = [(job.start_frame, job.stop_frame) for job in jobs if job.type is JobType.ANNOTATION]
    return found != [tuple(segment) for segment in regular]


def _frame_names(cursor: Cursor, task: Task, data: Data) -> list[str]:
    if data.kind is MediaKind.VIDEO:
        return []
    names: list[str] = frame_columns(cursor, task.id, [0, data.size - 1])["name"].to_pylist()
    return names
