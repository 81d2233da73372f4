"""The Python API: projects, tasks and jobs of a running server, as objects.

``connect()`` finds the server of the notebook it is called in; ``open("folder")`` starts one for a folder.
"""

from __future__ import annotations

from cvat_lab.client.connection import connect, open
from cvat_lab.client.guide import Guide
from cvat_lab.client.issue import Issue
from cvat_lab.client.job import Job
from cvat_lab.client.lab import Lab
from cvat_lab.client.project import Project
from cvat_lab.client.query import Result
from cvat_lab.client.task import Task

__all__ = ["Guide", "Issue", "Job", "Lab", "Project", "Result", "Task", "connect", "open"]
