"""Projects: tasks that share their labels."""

from __future__ import annotations

from typing import Any, ClassVar

from cvat_lab.client.backups import BackedUp
from cvat_lab.client.exporting import Exportable
from cvat_lab.client.guide import Guided
from cvat_lab.client.task import Task
from cvat_lab.model.project import ProjectPatch, ProjectRead


class Project(Exportable[ProjectRead], Guided[ProjectRead], BackedUp[ProjectRead]):
    """A project of a running server. Fields of :class:`cvat_lab.model.project.ProjectRead` are attributes of it."""

    kind: ClassVar[str] = "project"
    read_type = ProjectRead
    patch_type = ProjectPatch
    _aliases: ClassVar[dict[str, str]] = {"assignee": "assignee_id", "owner": "owner_id"}

    def __repr__(self) -> str:
        return f"<Project {self.id} {self.record.name!r}: {self.record.tasks.count} tasks, {self.record.status}>"

    def tasks(self, **filters: Any) -> list[Task]:
        """Return the tasks, the newest first; filters as in ``lab.tasks``."""
        return self.lab.tasks(project=self.id, **filters)

    def create_task(self, name: str, **options: Any) -> Task:
        """Create a task with the labels of this project; options as in ``lab.create_task``."""
        return self.lab.create_task(name, project=self, **options)
