"""What a worker process does for backups: it writes and reads archives, and never sees the database."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from cvat_lab.backup.reading import ReadBackup, read_project_backup, read_task_backup
from cvat_lab.backup.writing import BackupPlan, write_backup
from cvat_lab.model.base import Record, decode_json, encode_json

PLAN = "plan.json"


class WriteJob(Record, kw_only=True):
    """Which backup to write, and to which file."""

    plan: BackupPlan
    target: str


class ReadJob(Record, kw_only=True):
    """Which backup to read; ``target`` is ``task`` or ``project``."""

    archive: str
    target: str


def leave_job(folder: Path, job: WriteJob | ReadJob) -> None:
    """Leave the description of a job where the worker looks for it."""
    (folder / PLAN).write_bytes(encode_json(job))


def run_writing(folder: Path, report: Callable[[float], None]) -> None:
    """Write the backup that a folder describes."""
    job = decode_json((folder / PLAN).read_bytes(), WriteJob)
    write_backup(job.plan, Path(job.target), report)


def run_reading(folder: Path, report: Callable[[float], None]) -> ReadBackup:
    """Read the backup that a folder describes; media and annotations are left in the folder."""
    job = decode_json((folder / PLAN).read_bytes(), ReadJob)
    read = read_project_backup if job.target == "project" else read_task_backup
    return read(Path(job.archive), folder, report)
