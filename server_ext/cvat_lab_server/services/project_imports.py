"""Imports of datasets into projects: every subset becomes a task with its images, all of them or none."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import pyarrow as pa

from cvat_lab.errors import ConflictError, FormatError, NotFoundError
from cvat_lab.formats import get_format
from cvat_lab.formats.archive import Source, open_source, reading, safe_member
from cvat_lab.formats.base import Format
from cvat_lab.formats.catalog import BACKGROUND, Catalog, CatalogImage, read_catalog
from cvat_lab.formats.dataset import Dataset, DatasetInfo, DatasetKind, TaskInfo
from cvat_lab.formats.drafts import apply_ids, draft_labels
from cvat_lab.formats.resolve import ImportOptions as ReadOptions
from cvat_lab.formats.resolve import import_annotations
from cvat_lab.media.index import build_index, save_index
from cvat_lab.model.base import convert, utc_now
from cvat_lab.model.changes import ChangeSet, LabeledData
from cvat_lab.model.data import DataWrite, SortingMethod, StorageType
from cvat_lab.model.label import LabelRead
from cvat_lab.model.project import Project
from cvat_lab.model.request import Loss, Request
from cvat_lab.model.task import Task
from cvat_lab.ops.rules import AnnotationRules
from cvat_lab_server.auth.caller import Caller
from cvat_lab_server.services.imports import ImportOptions, choose_importer
from cvat_lab_server.services.labels import LabelOwner, create_labels
from cvat_lab_server.services.requests import RequestService
from cvat_lab_server.services.task_media import ORIGINALS, IndexedMedia, attach_media
from cvat_lab_server.services.uploads import Place, take_uploaded
from cvat_lab_server.services.workspace import Workspace
from cvat_lab_server.store.annotation_writes import apply_changes
from cvat_lab_server.store.cursor import Cursor
from cvat_lab_server.store.database import Database
from cvat_lab_server.store.labels import labels_of_project, read_labels
from cvat_lab_server.store.tables import DATA, PROJECTS, REQUESTS, TASKS
from cvat_lab_server.work.queue import ClosingError, Outcome, Progress, RequestQueue

KIND = "import:dataset"

LONGEST_SUBSET = 64
"""Characters that the name of a subset may have."""

_DATA = DataWrite(sorting_method=SortingMethod.LEXICOGRAPHICAL)
_LOOKED_THROUGH, _READ = 0.2, 0.95
"""Progress when the file is known, and when all subsets are read."""


class ProjectImportService:
    """Makes tasks of a project from dataset files."""

    def __init__(self, database: Database, workspace: Workspace, requests: RequestService, queue: RequestQueue) -> None:
        self._database = database
        self._workspace = workspace
        self._requests = requests
        queue.register(KIND, self._run)

    async def start(self, caller: Caller, project_id: int, place: Place, options: ImportOptions) -> Request:
        """Start an import of an uploaded file into a project."""
        path = take_uploaded(self._workspace, place, options.filename)
        options.format_name = choose_importer(path, options.format_name).display_name
        return await self._requests.start(
            caller,
            KIND,
            "project",
            project_id=project_id,
            format=options.format_name,
            params={
                "file": path.relative_to(self._workspace.root).as_posix(),
                "options": msgspec.to_builtins(options),
            },
        )

    def _run(self, request: Request, progress: Progress) -> Outcome:
        """Read the file, then store everything in one transaction.

        Repeatable: the transaction also notes in the request that it was done. Files of a run that did not get so far
        are removed here, or by the housekeeping of the next server.
        """
        path = self._workspace.root / request.params["file"]
        made: list[int] = []
        try:
            if request.params.get("stored"):
                outcome = Outcome(message="The file had been imported when the server was restarted")
            else:
                outcome = self._import(request, path, made, progress)
        except BaseException as error:
            self._workspace.remove_data(made)
            if not isinstance(error, ClosingError):
                shutil.rmtree(path.parent, ignore_errors=True)
            raise
        shutil.rmtree(path.parent, ignore_errors=True)
        return outcome

    def _import(self, request: Request, path: Path, made: list[int], progress: Progress) -> Outcome:
        options = convert(request.params["options"], ImportOptions, what="stored import options")
        plugin, project_id = get_format(options.format_name), request.project_id or 0
        progress(0.0, "Looking through the file")
        labels = self._database.read(lambda cursor: read_labels(cursor, labels_of_project(project_id)))
        catalog = read_catalog(plugin, path)
        _check(path, catalog)
        has_labels = bool(labels)
        reader = _Reader(path, plugin, labels or draft_labels(catalog.labels), options.masks_to_polygons)
        parts: list[_Part] = []
        share = (_READ - _LOOKED_THROUGH) / len(catalog.subsets)
        for number, (subset, images) in enumerate(catalog.subsets.items()):
            [data_id] = self._database.write(lambda cursor: cursor.next_ids(DATA, 1))
            made.append(data_id)
            report = _partial(progress, _LOOKED_THROUGH + number * share, share, f"Reading subset {subset}")
            parts.append(reader.read(subset, images, self._workspace.data(data_id), data_id, report))
        progress(_READ, "Saving tasks and annotations")
        made_labels = None if has_labels else catalog
        self._database.write(lambda cursor: _store(cursor, request, reader.labels, made_labels, parts))
        objects = sum(len(part.annotations) for part in parts)
        message = f"{len(parts)} tasks with {sum(part.frames for part in parts)} frames and {objects} objects were made"
        return Outcome(message=message, losses=[loss for part in parts for loss in part.losses])


@dataclass
class _Part:
    """A subset that was read: what its task will hold."""

    subset: str
    media: IndexedMedia
    annotations: LabeledData
    losses: list[Loss] = field(default_factory=list)

    @property
    def frames(self) -> int:
        return len(self.media.index)


class _Reader:
    """Reads the subsets of a file, against the project's labels or those that it will have."""

    def __init__(self, path: Path, plugin: Format, labels: Sequence[LabelRead], masks_to_polygons: bool) -> None:
        self._path, self._plugin, self.labels = path, plugin, list(labels)
        self._masks_to_polygons = masks_to_polygons

    def read(
        self,
        subset: str,
        images: Sequence[CatalogImage],
        folder: Path,
        data_id: int,
        progress: Callable[[float], None],
    ) -> _Part:
        """Unpack and index the images of a subset into ``folder``, and read its annotations."""
        originals = folder / ORIGINALS
        with open_source(self._path) as source:
            for done, image in enumerate(images):
                progress(0.5 * done / len(images))
                _unpack(source, image, originals)
        index = build_index(originals, ["."], progress=lambda fraction: progress(0.5 + 0.2 * fraction))
        save_index(index, folder)
        media = IndexedMedia(data_id, index, originals, StorageType.LOCAL, _DATA.sorting_method)
        found = import_annotations(
            self._plugin,
            self._path,
            self._target(subset, media),
            ReadOptions(masks_to_polygons=self._masks_to_polygons, subset=subset, skipped_labels=[BACKGROUND]),
            lambda fraction: progress(0.7 + 0.3 * fraction),
        )
        data = found.annotations.to_labeled_data()
        size = len(index)
        AnnotationRules(self.labels, lambda frame: 0 <= frame < size, f"subset {subset} (0..{size - 1})").check(data)
        return _Part(subset, media, data, found.losses)

    def _target(self, subset: str, media: IndexedMedia) -> Dataset:
        frames = media.frames(_DATA)
        size = frames.num_rows
        frames = frames.drop_columns(["source"])
        frames = frames.append_column("number", pa.array(range(size), pa.int64()))
        frames = frames.append_column("deleted", pa.array([False] * size, pa.bool_()))
        task = TaskInfo(id=0, name=subset, subset=subset, size=size, stop_frame=size - 1)
        info = DatasetInfo(kind=DatasetKind.TASK, id=0, name=subset, labels=self.labels, tasks=[task])
        return Dataset(info, frames)


def _partial(progress: Progress, start: float, share: float, message: str) -> Callable[[float], None]:
    return lambda fraction: progress(start + share * fraction, message)


def _check(path: Path, catalog: Catalog) -> None:
    """Refuse a file that tasks cannot be made of."""
    if not any(catalog.subsets.values()):
        raise FormatError(
            f"{path.name} holds no images, so no tasks can be made of it; import it into a task that has them instead"
        )
    for subset, images in catalog.subsets.items():
        if len(subset) > LONGEST_SUBSET:
            raise FormatError(f"{path.name}: the subset {subset!r} has a name of more than {LONGEST_SUBSET} characters")
        missing = [image.name for image in images if not image.member]
        if missing:
            raise FormatError(
                f"{path.name}: {len(missing)} of the {len(images)} images of subset {subset!r} are not in the file, "
                f"the first one is {missing[0]!r}. Pack the dataset with its images"
            )


def _unpack(source: Source, image: CatalogImage, folder: Path) -> None:
    target = folder / safe_member(source.name, image.name)
    with reading(source, image.member):
        target.parent.mkdir(parents=True, exist_ok=True)
        with source.open(image.member) as stream, target.open("wb") as file:
            shutil.copyfileobj(stream, file, 1 << 20)


def _store(
    cursor: Cursor, request: Request, drafts: Sequence[LabelRead], catalog: Catalog | None, parts: Sequence[_Part]
) -> None:
    """Store labels, tasks, media and annotations, and the note that this was done.

    Parameters
    ----------
    catalog
        Where labels are to be taken from; None = the project has some.
    """
    project = cursor.get(PROJECTS, Project, request.project_id or 0)
    if project is None:
        raise NotFoundError(f"project {request.project_id} was deleted during the import")
    owner = LabelOwner(project_id=project.id)
    if catalog is not None:
        if owner.labels(cursor):
            raise ConflictError(f"project {project.id} got labels during the import; import again")
        create_labels(cursor, owner, catalog.labels)
    stored = read_labels(cursor, labels_of_project(project.id))
    for part in parts:
        apply_ids(part.annotations, drafts, stored)
        _store_part(cursor, request, project, part)
    cursor.update(PROJECTS, project.id, updated_date=utc_now())
    cursor.update(REQUESTS, request.id, params={**request.params, "stored": True})


def _store_part(cursor: Cursor, request: Request, project: Project, part: _Part) -> None:
    now = utc_now()
    task = Task(
        id=0,
        name=part.subset,
        project_id=project.id,
        owner_id=project.owner_id or request.owner_id,
        organization_id=project.organization_id,
        subset=part.subset,
        created_date=now,
        updated_date=now,
    )
    cursor.insert(TASKS, task)
    [job] = attach_media(cursor, task, _DATA, part.media)
    if len(part.annotations):
        change = ChangeSet(change_id=request.id, created=part.annotations)
        apply_changes(cursor, job, change, user_id=request.owner_id, action="import")
