"""Labels: creating them from lists, changing them by patch lists, removing them with their annotations."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape, unescape

import msgspec

from cvat_lab.errors import InvalidInputError, NotFoundError
from cvat_lab.model.label import Label, LabelRead, LabelType, LabelWrite
from cvat_lab.model.server import Page
from cvat_lab.ops.colors import label_color
from cvat_lab_server.auth.caller import Caller
from cvat_lab_server.auth.policy import Action
from cvat_lab_server.services.access import Access
from cvat_lab_server.services.attributes import write_attributes
from cvat_lab_server.store.cursor import Cursor
from cvat_lab_server.store.database import Database
from cvat_lab_server.store.labels import (
    find_labels,
    labels_of_job,
    labels_of_project,
    labels_of_task,
    labels_with_parts,
    read_labels,
    visible_labels,
)
from cvat_lab_server.store.listing import ListQuery, whole_number
from cvat_lab_server.store.removal import remove_labels
from cvat_lab_server.store.tables import LABELS
from cvat_lab_server.store.touching import touch_project, touch_task

_COLOR = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True)
class LabelOwner:
    """The project or task that labels belong to."""

    project_id: int | None = None
    task_id: int | None = None

    def labels(self, cursor: Cursor) -> dict[int, Label]:
        """Return the owner's labels by id."""
        if self.project_id:
            found = cursor.find(LABELS, Label, project_id=self.project_id)
        else:
            found = cursor.find(LABELS, Label, task_id=self.task_id)
        return {label.id: label for label in found}


class LabelService:
    """Labels as resources of their own."""

    def __init__(self, database: Database, access: Access) -> None:
        self._database = database
        self._access = access

    async def list(self, caller: Caller, query: ListQuery) -> Page[LabelRead]:
        """Return a page of the labels of a project, task or job; sublabels are inside their skeletons.

        Without one of the three, the labels of all that the caller may see are listed, sublabels among them.
        """
        owner = await self._owner(caller, query)
        where = owner or visible_labels(caller.id, caller.is_admin, caller.organization_id)

        def work(cursor: Cursor) -> Page[LabelRead]:
            total, labels = find_labels(cursor, query, where, with_parts=owner is None)
            return query.make_page(caller.base_url, total, labels)

        return await self._database.read_snapshot(work)

    async def _owner(self, caller: Caller, query: ListQuery) -> str | None:
        """Return the condition for the labels of the project, task or job that is named, if the caller may see it."""
        for name, action, where in (
            ("project_id", Action.VIEW_PROJECT, labels_of_project),
            ("task_id", Action.VIEW_TASK, labels_of_task),
            ("job_id", Action.VIEW_JOB, labels_of_job),
        ):
            if text := query.equal.get(name):
                owner_id = whole_number(name, text)
                await self._access.require(caller, action, owner_id)
                return where(owner_id)
        return None

    async def read(self, caller: Caller, label_id: int) -> LabelRead:
        """Return one label."""
        label = await self._own(caller, label_id, update=False)
        top = label.parent_id or label.id
        found = await self._database.read_async(lambda cursor: read_labels(cursor, labels_with_parts(top)))
        everything = [*found, *(part for item in found for part in item.sublabels)]
        return next(item for item in everything if item.id == label_id)

    async def update(self, caller: Caller, label_id: int, body: LabelWrite) -> LabelRead:
        """Rename or recolour one label, or add attributes."""
        label = await self._own(caller, label_id, update=True)
        body.id = label_id
        owner = LabelOwner(label.project_id, label.task_id)
        await self._database.write_async(lambda cursor: patch_labels(cursor, owner, [body]))
        return await self.read(caller, label_id)

    async def delete(self, caller: Caller, label_id: int) -> None:
        """Remove one label with its annotations."""
        label = await self._own(caller, label_id, update=True)
        owner = LabelOwner(label.project_id, label.task_id)
        write = LabelWrite(id=label_id, deleted=True)
        await self._database.write_async(lambda cursor: patch_labels(cursor, owner, [write]))

    async def _own(self, caller: Caller, label_id: int, *, update: bool) -> Label:
        label = await self._database.read_async(lambda cursor: cursor.get(LABELS, Label, label_id))
        if label is None:
            raise NotFoundError(f"there is no label {label_id}")
        if label.project_id:
            action = Action.UPDATE_PROJECT if update else Action.VIEW_PROJECT
            await self._access.require(caller, action, label.project_id)
        else:
            assert label.task_id is not None
            await self._access.require(caller, Action.UPDATE_TASK if update else Action.VIEW_TASK, label.task_id)
        return label


def create_labels(cursor: Cursor, owner: LabelOwner, writes: Sequence[LabelWrite]) -> None:
    """Create labels for a new project or task."""
    patch_labels(cursor, owner, [write for write in writes if not write.deleted], ids_count=False)


def patch_labels(cursor: Cursor, owner: LabelOwner, writes: Sequence[LabelWrite], *, ids_count: bool = True) -> None:
    """Apply a patch list: an item with ``id`` changes or deletes that label, one without creates a label.

    Raises
    ------
    InvalidInputError
        A name is missing or used twice, a type cannot change, an attribute's values make no sense.
    """
    present = owner.labels(cursor)
    gone = [write.id for write in writes if ids_count and write.id is not None and write.deleted]
    _require_known(gone, present)
    remove_labels(cursor, gone)
    for label_id in gone:
        present.pop(label_id, None)
    for write in writes:
        if ids_count and write.deleted:
            continue
        if ids_count and write.id is not None:
            _require_known([write.id], present)
            _change(cursor, present, present[write.id], write)
        else:
            _create(cursor, owner, present, write, None)
    if owner.project_id:
        touch_project(cursor, owner.project_id)
    elif owner.task_id:
        touch_task(cursor, owner.task_id)


def _require_known(ids: Sequence[int | None], present: dict[int, Label]) -> None:
    for label_id in ids:
        if label_id not in present:
            raise InvalidInputError(
                f"label {label_id} does not belong here; leave out its id to create it", field="labels"
            )


def _create(
    cursor: Cursor, owner: LabelOwner, present: dict[int, Label], write: LabelWrite, parent: Label | None
) -> None:
    if not write.name:
        raise InvalidInputError("a label needs a name", field="labels")
    if write.sublabels and (parent or write.type is not LabelType.SKELETON):
        raise InvalidInputError(
            f"label {write.name!r} has sublabels; only skeletons have them, one level deep", field="labels"
        )
    parent_id = parent.id if parent else None
    _require_free(present, write.name, parent_id)
    label = Label(
        id=0,
        name=write.name,
        color=_color(write, present),
        type=write.type or (LabelType.POINTS if parent else LabelType.ANY),
        project_id=owner.project_id,
        task_id=owner.task_id,
        parent_id=parent_id,
        svg=write.svg,
    )
    cursor.insert(LABELS, label)
    present[label.id] = label
    fresh = [msgspec.structs.replace(attribute, id=None) for attribute in write.attributes or []]
    write_attributes(cursor, label, [attribute for attribute in fresh if not attribute.deleted])
    for part in write.sublabels or []:
        _create(cursor, owner, present, part, label)
    if label.svg:
        ids = {part.id: part.name for part in write.sublabels or [] if part.id is not None and part.name}
        _link_nodes(cursor, present, label, ids)


def _change(cursor: Cursor, present: dict[int, Label], label: Label, write: LabelWrite) -> None:
    if write.name and write.name != label.name:
        _require_free(present, write.name, label.parent_id)
        label.name = write.name
    if write.type and write.type is not label.type:
        if LabelType.SKELETON in (write.type, label.type):
            raise InvalidInputError(
                f"label {label.name!r}: the type cannot change from {label.type} to {write.type}; add a new label",
                field="labels",
            )
        label.type = write.type
    if write.color:
        label.color = _color(write, present)
    cursor.update(LABELS, label.id, name=label.name, type=label.type, color=label.color)
    write_attributes(cursor, label, write.attributes or [])
    if write.svg and write.svg != label.svg:
        label.svg = write.svg
        _link_nodes(cursor, present, label, {})
    for part in write.sublabels or []:
        known = present.get(part.id) if part.id is not None else None
        if known is None or known.parent_id != label.id or part.deleted:
            raise InvalidInputError(
                f"skeleton {label.name!r} keeps its sublabels; add a new label instead", field="labels"
            )
        _change(cursor, present, known, part)


def _require_free(present: dict[int, Label], name: str, parent_id: int | None) -> None:
    if any(label.name == name and label.parent_id == parent_id for label in present.values()):
        raise InvalidInputError(f"a label named {name!r} exists already; names must be unique", field="labels")


def _color(write: LabelWrite, present: dict[int, Label]) -> str:
    if not write.color:
        return label_color(write.name or "", {label.color for label in present.values()})
    if not _COLOR.fullmatch(write.color):
        raise InvalidInputError(f"colour {write.color!r} must read #rrggbb", field="labels")
    return write.color.lower()


def _link_nodes(cursor: Cursor, present: dict[int, Label], skeleton: Label, copied: dict[int, str]) -> None:
    """Replace the names of sublabels in a skeleton's drawing by their ids.

    Parameters
    ----------
    copied
        Names of sublabels by the ids they had where the drawing comes from.
    """
    for number, name in copied.items():
        skeleton.svg = skeleton.svg.replace(f'data-label-id="{number}"', f'data-label-name="{escape(name)}"')
    ids = {label.name: label.id for label in present.values() if label.parent_id == skeleton.id}

    def link(match: re.Match[str]) -> str:
        name = unescape(match[1])
        if name not in ids:
            raise InvalidInputError(f"the drawing of {skeleton.name!r} names an unknown sublabel {name!r}", field="svg")
        return f'data-label-id="{ids[name]}"'

    skeleton.svg = re.sub(r'data-label-name="([^"]*)"', link, skeleton.svg)
    cursor.update(LABELS, skeleton.id, svg=skeleton.svg)
