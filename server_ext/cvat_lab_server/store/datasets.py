"""Snapshots of tasks, jobs and projects for formats."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields

import pyarrow as pa

from cvat_lab.formats.columns import KEYFRAMES, SHAPES, TAGS, TRACKS, Annotations, conform
from cvat_lab.formats.dataset import Dataset, DatasetInfo, DatasetKind, Person, SegmentInfo, TaskInfo
from cvat_lab.model.data import Data
from cvat_lab.model.job import Job
from cvat_lab.model.project import Project
from cvat_lab.model.task import Task
from cvat_lab.model.user import User
from cvat_lab.ops.merge import merge_jobs
from cvat_lab_server.store.annotation_reads import read_columns, read_labeled_data
from cvat_lab_server.store.cursor import Cursor
from cvat_lab_server.store.frames import frame_columns
from cvat_lab_server.store.labels import labels_of_project, labels_of_task, read_labels
from cvat_lab_server.store.tables import DATA, JOBS, PROJECTS, TASKS, USERS

SCHEMAS = {"tags": TAGS, "shapes": SHAPES, "tracks": TRACKS, "keyframes": KEYFRAMES}


def read_dataset(
    cursor: Cursor, kind: DatasetKind, target_id: int, source_names: dict[int, str], *, annotations: bool = True
) -> Dataset:
    """Return the dataset of a project, task or job; tasks without media are left out.

    Parameters
    ----------
    source_names
        File name of the video, by task.
    annotations
        False = frames and labels only, as the target of an import.
    """
    jobs = _jobs(cursor, kind, target_id)
    tasks = [task for task in _tasks(cursor, jobs) if task.data_id is not None]
    infos = [
        _task_info(cursor, task, [job for job in jobs if job.task_id == task.id], source_names.get(task.id, ""))
        for task in tasks
    ]
    frames = [_frames(cursor, kind, task, jobs) for task in tasks]
    found = [_annotations(cursor, task.id, jobs) for task in tasks] if annotations else []
    return Dataset(_info(cursor, kind, target_id, tasks, infos), pa.concat_tables(frames), _together(found))


def _annotations(cursor: Cursor, task_id: int, jobs: Sequence[Job]) -> Annotations:
    """Return the annotations of a task's jobs; several jobs are merged."""
    own = [job for job in jobs if job.task_id == task_id]
    if len(own) == 1:
        return Annotations(**read_columns(cursor, [own[0].id]))
    merged = merge_jobs([(job, read_labeled_data(cursor, [job.id])) for job in own])
    return Annotations.from_labeled_data(merged, task_id=task_id)


def _together(parts: Sequence[Annotations]) -> Annotations:
    """Return annotations of several tasks as one."""
    if not parts:
        return Annotations.empty()
    tables = {
        item.name: [conform(getattr(part, item.name), SCHEMAS[item.name]) for part in parts]
        for item in fields(Annotations)
    }
    return Annotations(**{name: pa.concat_tables(found) for name, found in tables.items()})


def tasks_of(cursor: Cursor, kind: DatasetKind, target_id: int) -> list[tuple[Task, Data]]:
    """Return the tasks with media that a dataset covers, with their data."""
    tasks = _tasks(cursor, _jobs(cursor, kind, target_id))
    found = [(task, cursor.get(DATA, Data, task.data_id)) for task in tasks if task.data_id is not None]
    return [(task, data) for task, data in found if data is not None]


def last_change(cursor: Cursor, kind: DatasetKind, target_id: int) -> str:
    """Return a text that changes whenever an export would: the times of all tasks and revisions of all jobs."""
    jobs = _jobs(cursor, kind, target_id)
    tasks = _tasks(cursor, jobs)
    times = ",".join(f"{task.id}:{task.updated_date.isoformat()}" for task in tasks)
    return times + "|" + ",".join(f"{job.id}:{job.revision}" for job in jobs)


def _jobs(cursor: Cursor, kind: DatasetKind, target_id: int) -> list[Job]:
    where = {
        DatasetKind.JOB: "id = ?",
        DatasetKind.TASK: "type = 'annotation' AND task_id = ?",
        DatasetKind.PROJECT: "type = 'annotation' AND task_id IN (SELECT id FROM store.tasks WHERE project_id = ?)",
    }[kind]
    return cursor.select(JOBS, Job, where, [target_id])


def _tasks(cursor: Cursor, jobs: Sequence[Job]) -> list[Task]:
    members = ", ".join(str(job.task_id) for job in jobs) or "NULL"
    return cursor.select(TASKS, Task, f"id IN ({members})")


def _frames(cursor: Cursor, kind: DatasetKind, task: Task, jobs: Sequence[Job]) -> pa.Table:
    ranges = [bound for job in jobs if job.task_id == task.id for bound in job.frame_ranges]
    table = frame_columns(cursor, task.id, ranges if kind is DatasetKind.JOB else [min(ranges), max(ranges)])
    return table.append_column("task_id", pa.array([task.id] * table.num_rows, pa.int64()))


def _info(
    cursor: Cursor, kind: DatasetKind, target_id: int, tasks: Sequence[Task], infos: list[TaskInfo]
) -> DatasetInfo:
    if kind is DatasetKind.PROJECT:
        project = cursor.get(PROJECTS, Project, target_id)
        assert project is not None
        labels = read_labels(cursor, labels_of_project(target_id))
        owner: Project | Task = project
        name = project.name
    else:
        labels = read_labels(cursor, labels_of_task(tasks[0].id))
        owner, name = tasks[0], tasks[0].name
    return DatasetInfo(
        kind=kind,
        id=target_id,
        name=name,
        labels=labels,
        tasks=infos,
        bug_tracker=owner.bug_tracker,
        owner=_person(cursor, owner.owner_id),
        assignee=_person(cursor, owner.assignee_id),
        created_date=owner.created_date,
        updated_date=owner.updated_date,
    )


def _task_info(cursor: Cursor, task: Task, jobs: Sequence[Job], source: str) -> TaskInfo:
    data = cursor.get(DATA, Data, task.data_id or 0)
    assert data is not None
    return TaskInfo(
        id=task.id,
        name=task.name,
        mode="interpolation" if data.kind == "video" else "annotation",
        size=data.size,
        overlap=task.overlap or 0,
        bug_tracker=task.bug_tracker,
        subset=task.subset,
        start_frame=data.start_frame,
        stop_frame=data.stop_frame,
        frame_filter=data.frame_filter,
        segments=[SegmentInfo(id=job.id, start=job.start_frame, stop=job.stop_frame) for job in jobs],
        owner=_person(cursor, task.owner_id),
        assignee=_person(cursor, task.assignee_id),
        created_date=task.created_date,
        updated_date=task.updated_date,
        source=source,
    )


def _person(cursor: Cursor, user_id: int | None) -> Person | None:
    user = cursor.get(USERS, User, user_id) if user_id else None
    return Person(username=user.username, email=user.email) if user else None
