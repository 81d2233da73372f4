"""Annotation guides: what annotators of a project or task shall do, in Markdown."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, TypeVar

from urllib3 import encode_multipart_formdata

from cvat_lab.client.entity import Entity
from cvat_lab.errors import InvalidInputError
from cvat_lab.model.base import Record, decode_json
from cvat_lab.model.guide import AnnotationGuidePatch, AnnotationGuideRead, AnnotationGuideWrite, AssetRead

if TYPE_CHECKING:
    from cvat_lab.client.lab import Lab

RecordT = TypeVar("RecordT", bound=Record)


class Guide(Entity[AnnotationGuideRead]):
    """A guide on a running server. Fields of :class:`cvat_lab.model.guide.AnnotationGuideRead` are attributes of it.

    ``guide.update(markdown=...)`` changes the text; ``guide.delete()`` removes it with its files.
    """

    kind: ClassVar[str] = "guide"
    read_type = AnnotationGuideRead
    patch_type = AnnotationGuidePatch

    def __repr__(self) -> str:
        record = self.record
        owner = f"project {record.project_id}" if record.task_id is None else f"task {record.task_id}"
        return f"<Guide {self.id} of {owner}: {len(record.markdown)} characters>"

    def _repr_markdown_(self) -> str:
        return self.record.markdown

    def add_file(self, path: str | os.PathLike[str]) -> str:
        """Take a picture or PDF into the guide.

        Parameters
        ----------
        path
            PNG, JPEG, GIF, WebP or PDF of at most 10 MiB.

        Returns
        -------
        str
            How the text refers to it: ``f"![a car]({address})"``.

        Raises
        ------
        InvalidInputError
            There is no such file, it is of another kind, or the guide has as many files as it may.
        TooLargeError
            The file is too large.
        """
        file = Path(path).expanduser()
        if not file.is_file():
            raise InvalidInputError(f"there is no file {file}", field="path")
        fields: dict[str, str | tuple[str, bytes]] = {
            "guide_id": str(self.id),
            "file": (file.name, file.read_bytes()),
        }
        body, content_type = encode_multipart_formdata(fields)
        answer = self.lab.transport.send("POST", "api/assets", data=body, headers={"Content-Type": content_type})
        return f"/api/assets/{decode_json(answer.content, AssetRead, what='answer of the server').uuid}"


class Guided(Entity[RecordT]):
    """A project or task: what can have a guide of its own."""

    @property
    def guide(self) -> Guide | None:
        """The guide that annotators are shown, or None. A task of a project without one has that of the project."""
        return read_guide(self.lab, self.guide_id)

    def set_guide(self, markdown: str) -> Guide:
        """Write the guide: a new one, or another text for the one there is.

        Raises
        ------
        InvalidInputError
            It is a task of a project, whose guide holds for all its tasks.
        """
        found = self.refresh().guide
        if found is not None and getattr(found.record, f"{self.kind}_id") == self.id:
            return found.update(markdown=markdown)
        project, task = (None, self.id) if self.kind == "task" else (self.id, None)
        body = AnnotationGuideWrite(project_id=project, task_id=task, markdown=markdown)
        made = Guide(self.lab, self.lab.transport.post("api/guides", body, AnnotationGuideRead))
        self.refresh()
        return made


def read_guide(lab: Lab, number: int | None) -> Guide | None:
    """Return a guide by its id, if there is one."""
    return None if number is None else Guide(lab, lab.transport.get(f"api/guides/{number}", AnnotationGuideRead))
