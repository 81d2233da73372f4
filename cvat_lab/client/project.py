"""Projects: tasks that share their labels."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, ClassVar

from cvat_lab.client.annotated import Imported
from cvat_lab.client.background import wait_for
from cvat_lab.client.backups import BackedUp
from cvat_lab.client.exporting import Exportable
from cvat_lab.client.guide import Guided
from cvat_lab.client.progress import report
from cvat_lab.client.task import Task
from cvat_lab.client.uploads import upload_file
from cvat_lab.errors import InvalidInputError
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

    def import_dataset(
        self, path: str | os.PathLike[str], format: str | None = None, *, progress: bool | None = None
    ) -> Imported:
        """Make tasks of a dataset: one for every subset, with its images and annotations.

        Parameters
        ----------
        path
            A dataset with its images.
        format
            Its format, for example ``COCO 1.0``; None = find out from the file.
        progress
            Show a bar; None = where somebody watches.

        Raises
        ------
        InvalidInputError
            There is no such file or format.
        CvatLabError
            The file breaks the rules of its format, or lacks images; then no task is made.
        """
        file = Path(path).expanduser()
        if not file.is_file():
            raise InvalidInputError(f"there is no file {str(file)!r} to import", field="path")
        query = {"format": format or "", "filename": file.name}
        with report(progress) as reporter:
            started = upload_file(self.lab.transport, f"{self.path}/dataset", file, query, reporter)
            done = wait_for(self.lab.transport, started, reporter, f"Importing {file.name}")
        self.refresh()
        return Imported(done.message, done.losses)
