"""Imports of annotation files into tasks and jobs: as a whole, or not at all."""

from __future__ import annotations

import shutil
from pathlib import Path

import msgspec

from cvat_lab.errors import InvalidInputError
from cvat_lab.formats import detect_formats, get_format
from cvat_lab.formats.base import Format
from cvat_lab.formats.dataset import Dataset, DatasetKind
from cvat_lab.formats.resolve import ImportOptions as ReadOptions
from cvat_lab.formats.resolve import import_annotations
from cvat_lab.model.base import Record, convert
from cvat_lab.model.changes import LabeledData
from cvat_lab.model.request import Request
from cvat_lab_server.auth.caller import Caller
from cvat_lab_server.services.annotations import AnnotationService
from cvat_lab_server.services.requests import RequestService
from cvat_lab_server.services.uploads import Place, take_uploaded
from cvat_lab_server.services.workspace import Workspace
from cvat_lab_server.store.database import Database
from cvat_lab_server.store.datasets import read_dataset
from cvat_lab_server.work.queue import ClosingError, Outcome, Progress, RequestQueue

KIND = "import:annotations"


class ImportOptions(Record, kw_only=True):
    """What a client asks of an import.

    Attributes
    ----------
    format_name
        Empty = find out from the file.
    filename
        Name the upload was given; empty = the only file there is.
    append
        Keep what is there and add to it.
    masks_to_polygons
        Turn masks into polygons.
    """

    format_name: str
    filename: str = ""
    append: bool = False
    masks_to_polygons: bool = True


class ImportService:
    """Reads annotation files and stores what is in them."""

    def __init__(
        self,
        database: Database,
        workspace: Workspace,
        annotations: AnnotationService,
        requests: RequestService,
        queue: RequestQueue,
    ) -> None:
        self._database = database
        self._workspace = workspace
        self._annotations = annotations
        self._requests = requests
        queue.register(KIND, self._run)

    async def start(self, caller: Caller, target: str, target_id: int, place: Place, options: ImportOptions) -> Request:
        """Start an import of an uploaded file."""
        path = take_uploaded(self._workspace, place, options.filename)
        plugin = choose_importer(path, options.format_name)
        options.format_name = plugin.display_name
        return await self._requests.start(
            caller,
            KIND,
            target,
            format=plugin.display_name,
            params={
                "target_id": target_id,
                "file": path.relative_to(self._workspace.root).as_posix(),
                "options": msgspec.to_builtins(options),
            },
            **{f"{target}_id": target_id},
        )

    def _run(self, request: Request, progress: Progress) -> Outcome:
        """Read the file and store what is in it.

        Repeatable: the change carries the name of the request, so a server that was killed after it had been stored,
        but before the request was closed, does not store it again.
        """
        path = self._workspace.root / request.params["file"]
        try:
            if self._annotations.was_stored(request.id):
                outcome = Outcome(message="The file had been imported when the server was restarted")
            else:
                outcome = self._import(request, path, progress)
        except ClosingError:
            raise
        except BaseException:
            shutil.rmtree(path.parent, ignore_errors=True)
            raise
        shutil.rmtree(path.parent, ignore_errors=True)
        return outcome

    def _import(self, request: Request, path: Path, progress: Progress) -> Outcome:
        options = convert(request.params["options"], ImportOptions, what="stored import options")
        target_id = request.params["target_id"]
        kind = DatasetKind(request.target)
        target: Dataset = self._database.read(
            lambda cursor: read_dataset(cursor, kind, target_id, {}, annotations=False)
        )
        found = import_annotations(
            get_format(options.format_name),
            path,
            target,
            ReadOptions(masks_to_polygons=options.masks_to_polygons),
            lambda fraction: progress(0.8 * fraction, "Reading the file"),
        )
        progress(0.9, "Saving annotations")
        data = found.annotations.to_labeled_data()
        self._annotations.store_imported(
            request.owner_id, kind, target_id, data, change_id=request.id, append=options.append
        )
        return Outcome(message=_summary(data), losses=found.losses)


def _summary(data: LabeledData) -> str:
    return f"{len(data.shapes)} shapes, {len(data.tracks)} tracks and {len(data.tags)} tags were imported"


def choose_importer(path: Path, format_name: str) -> Format:
    """Return the format of a file; an empty name = find out.

    Raises
    ------
    InvalidInputError
        There is no such format, it can only be exported, or the file looks like none or several.
    """
    try:
        plugin = get_format(format_name or _detected(path))
    except LookupError as error:
        raise InvalidInputError(str(error), field="format") from error
    if not plugin.can_import:
        raise InvalidInputError(f"{plugin.display_name} can only be exported", field="format")
    return plugin


def _detected(path: Path) -> str:
    names = detect_formats(path)
    if len(names) != 1:
        found = f"it may be {' or '.join(names)}" if names else "it looks like none that is known"
        raise InvalidInputError(f"name the format of {path.name}; {found}", field="format")
    return names[0]
