"""Writing annotations: every change set becomes one revision.

Rows are never overwritten. An update or a deletion closes the live rows (``deleted_rev``); an update then adds rows
with the same ids. Of an updated track only the keyframes that differ are closed and added.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pyarrow as pa

from cvat_lab.model.base import utc_now
from cvat_lab.model.changes import ChangeResult, ChangeSet, Ids, LabeledData
from cvat_lab.model.event import Revision
from cvat_lab.model.job import Job, JobState
from cvat_lab.model.shape import Shape, TrackedShape
from cvat_lab.model.tag import Tag
from cvat_lab.model.track import Track
from cvat_lab_server.store.annotation_reads import read_objects
from cvat_lab_server.store.cursor import Cursor
from cvat_lab_server.store.ddl import TableSpec, arrow_schema
from cvat_lab_server.store.tables import JOBS, KEYFRAMES, REVISIONS, SHAPES, TAGS, TASKS, TRACKS


def find_revision(cursor: Cursor, job_id: int, change_id: str) -> Revision | None:
    """Return the revision that a change set of this name made, if it was applied before."""
    found = cursor.find(REVISIONS, Revision, job_id=job_id, change_id=change_id)
    return found[0] if found else None


def read_result(cursor: Cursor, revision: Revision) -> ChangeResult:
    """Return the answer that was given when ``revision`` was made."""
    created = Ids()
    for spec, ids in ((TAGS, created.tags), (SHAPES, created.shapes), (TRACKS, created.tracks)):
        top = "" if spec is TAGS else "AND parent_id IS NULL"
        ids += cursor.column(
            f"SELECT id FROM {spec.qualified} WHERE job_id = ? {top} "
            "GROUP BY id HAVING min(created_rev) = ? ORDER BY id",
            [revision.job_id, revision.id],
        )
    return ChangeResult(revision=revision.id, created=created)


def apply_changes(
    cursor: Cursor, job: Job, change: ChangeSet, *, user_id: int | None, action: str = "save"
) -> ChangeResult:
    """Apply a checked change set to a job as one new revision.

    Parameters
    ----------
    job
        Is brought up to date in place: revision, state and time.
    action
        What made the change, for the history: ``save``, ``import`` ...
    """
    revision = cursor.next_ids(REVISIONS, 1)[0]
    writer = _Writer(cursor, job, revision)
    writer.delete(change.deleted)
    writer.update(change.updated)
    created = writer.create(change.created)
    _close_revision(cursor, job, change, revision, user_id, action)
    return ChangeResult(revision=revision, created=created)


def live_ids(cursor: Cursor, job_id: int) -> Ids:
    """Return the ids of all live objects of a job."""
    found = Ids()
    for spec, ids in ((TAGS, found.tags), (SHAPES, found.shapes), (TRACKS, found.tracks)):
        top = "" if spec is TAGS else "AND parent_id IS NULL"
        ids += cursor.column(
            f"SELECT id FROM {spec.qualified} WHERE job_id = ? AND deleted_rev IS NULL {top}", [job_id]
        )
    return found


def sort_by_job(cursor: Cursor, task_id: int, ids: Ids) -> dict[int, Ids]:
    """Return the live objects among ``ids``, by the job of the task that holds them. Unknown ids are left out."""
    found: dict[int, Ids] = {}
    for kind in ("tags", "shapes", "tracks"):
        given = getattr(ids, kind)
        rows = cursor.rows(
            f"SELECT job_id, id FROM store.{kind} "
            f"WHERE task_id = ? AND deleted_rev IS NULL AND id IN {_members(given)}",
            [task_id],
        )
        for job_id, number in rows:
            getattr(found.setdefault(job_id, Ids()), kind).append(number)
    return found


def _close_revision(
    cursor: Cursor, job: Job, change: ChangeSet, revision: int, user_id: int | None, action: str
) -> None:
    now = utc_now()
    job.revision, job.updated_date = revision, now
    if job.state is JobState.NEW:
        job.state = JobState.IN_PROGRESS
    cursor.update(JOBS, job.id, revision=revision, updated_date=now, state=job.state)
    cursor.update(TASKS, job.task_id, updated_date=now)
    cursor.insert(
        REVISIONS,
        Revision(
            id=revision,
            job_id=job.id,
            task_id=job.task_id,
            user_id=user_id,
            change_id=change.change_id,
            action=action,
            created_date=now,
            created=len(change.created),
            updated=len(change.updated),
            deleted=len(change.deleted),
        ),
    )


class _Writer:
    """Writes the rows of one revision of one job."""

    def __init__(self, cursor: Cursor, job: Job, revision: int) -> None:
        self.cursor = cursor
        self.job = job
        self.place = {"task_id": job.task_id, "job_id": job.id, "created_rev": revision, "deleted_rev": None}
        self.revision = revision

    # deleting

    def delete(self, ids: Ids) -> None:
        self._close(TAGS, "id", ids.tags)
        self._close_shapes(ids.shapes)
        self._close_tracks(ids.tracks)

    def _close_shapes(self, ids: Sequence[int]) -> None:
        self._close(SHAPES, "id", ids)
        self._close(SHAPES, "parent_id", ids)

    def _close_tracks(self, ids: Sequence[int]) -> None:
        if not ids:
            return
        children = self.cursor.column(
            f"SELECT id FROM store.tracks WHERE job_id = ? AND deleted_rev IS NULL AND parent_id IN {_members(ids)}",
            [self.job.id],
        )
        self._close(TRACKS, "id", [*ids, *children])
        self._close(KEYFRAMES, "track_id", [*ids, *children])

    def _close(self, spec: TableSpec, column: str, ids: Sequence[int]) -> None:
        if ids:
            self.cursor.run(
                f"UPDATE {spec.qualified} SET deleted_rev = ? "
                f"WHERE job_id = ? AND deleted_rev IS NULL AND {column} IN {_members(ids)}",
                [self.revision, self.job.id],
            )

    # creating

    def create(self, data: LabeledData) -> Ids:
        for spec, objects in ((TAGS, data.tags), (SHAPES, data.shapes), (TRACKS, data.tracks)):
            self._number(spec, objects)
        self._add_tags(data.tags)
        self._add_shapes(data.shapes)
        self._add_tracks(data.tracks)
        return Ids(
            tags=[_id(tag) for tag in data.tags],
            shapes=[_id(shape) for shape in data.shapes],
            tracks=[_id(track) for track in data.tracks],
        )

    def _number(self, spec: TableSpec, objects: Sequence[Any]) -> None:
        """Give every object the next id of its table; ids the sender made up are dropped."""
        for item, number in zip(objects, self.cursor.next_ids(spec, len(objects)), strict=True):
            item.id = number

    def _add_tags(self, tags: Sequence[Tag]) -> None:
        self._insert(TAGS, tags)

    def _add_shapes(self, shapes: Sequence[Shape]) -> None:
        self._insert(SHAPES, shapes, parent_id=None)
        elements = [(shape.id, element) for shape in shapes for element in shape.elements]
        self._number(SHAPES, [element for _, element in elements])
        self._insert(SHAPES, [element for _, element in elements], parents=[parent for parent, _ in elements])

    def _add_tracks(self, tracks: Sequence[Track]) -> None:
        self._insert(TRACKS, tracks, parent_id=None)
        elements = [(track.id, element) for track in tracks for element in track.elements]
        self._number(TRACKS, [element for _, element in elements])
        self._insert(TRACKS, [element for _, element in elements], parents=[parent for parent, _ in elements])
        every = [*tracks, *(element for _, element in elements)]
        self._add_keyframes([(_id(track), shape) for track in every for shape in track.shapes])

    def _add_keyframes(self, keyframes: Sequence[tuple[int, TrackedShape]]) -> None:
        self._number(KEYFRAMES, [shape for _, shape in keyframes])
        self._insert(KEYFRAMES, [shape for _, shape in keyframes], track_ids=[track for track, _ in keyframes])

    def _insert(
        self,
        spec: TableSpec,
        objects: Sequence[Any],
        *,
        parent_id: int | None = None,
        parents: Sequence[int | None] | None = None,
        track_ids: Sequence[int] | None = None,
    ) -> None:
        """Add one row per object, all in one Arrow table."""
        if not objects:
            return
        columns: dict[str, list[Any]] = {}
        for name in spec.column_names:
            if name == "parent_id":
                columns[name] = list(parents) if parents is not None else [parent_id] * len(objects)
            elif name == "track_id":
                columns[name] = list(track_ids or ())
            elif name in self.place:
                columns[name] = [self.place[name]] * len(objects)
            elif name == "attributes":
                columns[name] = [
                    [{"spec_id": value.spec_id, "value": value.value} for value in item.attributes] for item in objects
                ]
            else:
                columns[name] = [getattr(item, name) for item in objects]
        self.cursor.insert_arrow(spec, pa.table(columns, schema=arrow_schema(spec)))

    # updating

    def update(self, data: LabeledData) -> None:
        tags = self._known(TAGS, data.tags)
        self._close(TAGS, "id", [_id(tag) for tag in tags])
        self._add_tags(data.tags)
        shapes = self._known(SHAPES, data.shapes)
        self._close_shapes([_id(shape) for shape in shapes])
        self._add_shapes(data.shapes)
        self._update_tracks(self._known(TRACKS, data.tracks), data.tracks)

    def _known(self, spec: TableSpec, objects: Sequence[Any]) -> list[Any]:
        """Return the objects that this job has or had; the others are given new ids, as if created."""
        if not objects:
            return []
        given = [item.id for item in objects if item.id is not None]
        mine = set(
            self.cursor.column(
                f"SELECT DISTINCT id FROM {spec.qualified} WHERE job_id = ? AND id IN {_members(given)}", [self.job.id]
            )
        )
        self._number(spec, [item for item in objects if item.id not in mine])
        return [item for item in objects if item.id in mine]

    def _update_tracks(self, known: Sequence[Track], tracks: Sequence[Track]) -> None:
        stored = {
            _id(track): track for track in read_objects(self.cursor, self.job.id, tracks=[_id(t) for t in known]).tracks
        }
        plain = [t for t in tracks if t.id in stored and not t.elements and not stored[_id(t)].elements]
        self._update_plain_tracks(plain, stored)
        whole = [track for track in tracks if track not in plain]
        self._close_tracks([_id(track) for track in whole])
        self._add_tracks(whole)

    def _update_plain_tracks(self, tracks: Sequence[Track], stored: dict[int, Track]) -> None:
        """Replace only what differs, so that one moved keyframe of a long track costs one row."""
        heads = [track for track in tracks if _head(track) != _head(stored[_id(track)])]
        self._close(TRACKS, "id", [_id(track) for track in heads])
        self._insert(TRACKS, heads, parent_id=None)
        closed: list[int] = []
        added: list[tuple[int, TrackedShape]] = []
        for track in tracks:
            before = {shape.frame: shape for shape in stored[_id(track)].shapes}
            after = {shape.frame: shape for shape in track.shapes}
            closed += [_id(old) for frame, old in before.items() if _body(old) != _body(after.get(frame))]
            added += [(_id(track), new) for frame, new in after.items() if _body(new) != _body(before.get(frame))]
        self._close(KEYFRAMES, "id", closed)
        self._add_keyframes(added)


def _id(item: Tag | Shape | Track | TrackedShape) -> int:
    assert item.id is not None
    return item.id


def _members(ids: Iterable[int]) -> str:
    return "(" + (", ".join(str(int(number)) for number in ids) or "NULL") + ")"


def _head(track: Track) -> tuple[Any, ...]:
    return track.label_id, track.frame, track.group or 0, str(track.source), _values(track.attributes)


def _body(shape: TrackedShape | None) -> tuple[Any, ...] | None:
    if shape is None:
        return None
    flags = shape.occluded, shape.outside, shape.z_order, shape.rotation
    return shape.type, tuple(shape.points), flags, _values(shape.attributes)


def _values(attributes: Iterable[Any]) -> frozenset[tuple[int, str]]:
    return frozenset((value.spec_id, value.value) for value in attributes)
