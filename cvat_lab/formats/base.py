"""The base class of all formats.

A new format is one file with a subclass of :class:`Format` and one line in ``pyproject.toml``. It states what it is and
what it can hold, and writes :meth:`Format.write_items`, :meth:`Format.read_items` or both. The base opens and checks
archives, counts what cannot be held, saves images and reports progress.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import ClassVar, TypeAlias

from cvat_lab.errors import CvatLabError, UnsupportedError
from cvat_lab.formats.archive import Source, SourceLimits, open_source
from cvat_lab.formats.capabilities import ALL_SHAPES, Capabilities, Keeps, count_losses
from cvat_lab.formats.dataset import Dataset, ImageProvider
from cvat_lab.formats.frame_items import bare_frame_items, frame_items
from cvat_lab.formats.items import FrameItem, Item, TrackItem
from cvat_lab.formats.labels import Labels
from cvat_lab.formats.losses import Losses
from cvat_lab.formats.matching import FrameIndex
from cvat_lab.formats.packing import ArchiveWriter
from cvat_lab.formats.track_items import track_items
from cvat_lab.model.label import LabelWrite
from cvat_lab.model.server import FormatInfo

Progress: TypeAlias = Callable[[float], None]
"""Is told the part that is done, 0..1. It may raise to cancel the work."""


class Export:
    """One export under way: what :meth:`Format.write_items` reads from and writes to."""

    def __init__(
        self, dataset: Dataset, archive: ArchiveWriter, images: ImageProvider | None, progress: Progress | None
    ) -> None:
        self.dataset = dataset
        self.archive = archive
        self.images = images
        self.losses = Losses()
        self._progress = progress
        self._total = max(dataset.frame_count, 1)
        self._done = 0
        self._annotations_share = 0.5 if images is not None else 0.98

    def frames(
        self, *, tracks: bool = True, subset: str | None = None, decimals: int | None = None
    ) -> Iterator[FrameItem]:
        """Yield the frames that are not deleted, in order, with tags and shapes.

        Parameters
        ----------
        tracks
            Also put the position of every visible track on each frame.
        subset
            Only this subset of the dataset.
        decimals
            Digits that coordinates are rounded to; ``None`` = as they are.
        """
        for item in frame_items(self.dataset, tracks=tracks, subset=subset, decimals=decimals):
            yield item
            self._advance(self._annotations_share)

    def tracks(self) -> Iterator[TrackItem]:
        """Yield all tracks, with the position on every frame where they are visible and all keyframes."""
        yield from track_items(self.dataset)

    def save_images(self, member: Callable[[FrameItem], str]) -> None:
        """Store the images, when they were asked for, under the names that ``member`` gives."""
        if self.images is None:
            return
        self._done = 0
        for item in bare_frame_items(self.dataset):
            data, _ = self.images.image(item.task_id, item.frame)
            self.archive.write(member(item), data)
            self._advance(0.5, start=0.5)

    def report(self, done: float) -> None:
        """Tell the part that is done."""
        if self._progress is not None:
            self._progress(done)

    def _advance(self, share: float, start: float = 0.0) -> None:
        self._done += 1
        if self._done % 100 == 0 or self._done == self._total:
            self.report(start + share * min(self._done / self._total, 1.0))


class Import:
    """One import under way: what :meth:`Format.read_items` may look at, and where it tells losses.

    Parameters
    ----------
    target
        The task or job that is written to, or ``None`` when a file is only looked at.
    """

    def __init__(self, target: Dataset | None = None, losses: Losses | None = None) -> None:
        self.target = target
        self.labels = target.labels if target is not None else Labels([])
        self.frames = FrameIndex(target) if target is not None else None
        self.losses = losses if losses is not None else Losses()


class Format:
    """A dataset format.

    Attributes
    ----------
    name, version
        Together they are the name that users see and the API expects, such as ``COCO 1.0``.
    aliases
        Further names that are accepted but never shown.
    dimension
        ``2d`` or ``3d``.
    can_export, can_import
        Directions that the format works in.
    import_ext
        File types that an import accepts, in CVAT's spelling. Exports are always zips.
    capabilities
        What an export can hold.
    groups_per_frame
        Whether group numbers of a file hold for one frame only, or for the whole file.
    rebuilds_tracks
        Whether shapes with a ``track_id`` become tracks again.
    """

    name: ClassVar[str]
    version: ClassVar[str]
    aliases: ClassVar[tuple[str, ...]] = ()
    dimension: ClassVar[str] = "2d"
    can_export: ClassVar[bool] = True
    can_import: ClassVar[bool] = True
    import_ext: ClassVar[str] = "ZIP"
    capabilities: ClassVar[Capabilities] = Capabilities(shapes=ALL_SHAPES, keeps=frozenset(Keeps))
    groups_per_frame: ClassVar[bool] = True
    rebuilds_tracks: ClassVar[bool] = False

    @property
    def display_name(self) -> str:
        """Name and version."""
        return f"{self.name} {self.version}"

    def info(self, ext: str) -> FormatInfo:
        """Return the format on the wire."""
        return FormatInfo(name=self.display_name, ext=ext, version=self.version, dimension=self.dimension)

    # writing

    def write(
        self,
        dataset: Dataset,
        target: Path,
        images: ImageProvider | None = None,
        progress: Progress | None = None,
    ) -> Losses:
        """Write ``dataset`` as a zip.

        Parameters
        ----------
        dataset
            What to export.
        target
            Path of the zip. It appears only when the export is whole.
        images
            Where to get pictures from; ``None`` = annotations only.
        progress
            Is told 0..1.

        Returns
        -------
        Losses
            Everything that the zip does not hold.

        Raises
        ------
        UnsupportedError
            The format is for imports only, or for another dimension.
        """
        if not self.can_export:
            raise UnsupportedError(f"{self.display_name} can only be imported")
        if dataset.info.dimension != self.dimension:
            raise UnsupportedError(
                f"{self.display_name} is a {self.dimension} format, the {dataset.info.kind} is {dataset.info.dimension}"
            )
        with ArchiveWriter(target) as archive:
            export = Export(dataset, archive, images, progress)
            export.report(0.0)
            count_losses(dataset, self.capabilities, export.losses)
            self.write_items(export)
            export.report(1.0)
        return export.losses

    def write_items(self, export: Export) -> None:
        """Write all files of the format into ``export.archive``, images included (see :meth:`Export.save_images`)."""
        raise NotImplementedError

    # reading

    def sniff(self, path: Path) -> bool:
        """Return whether a file looks like this format. Never raises for a file of another one."""
        if not self.can_import:
            return False
        try:
            with open_source(path) as source:
                return self.looks_like(source)
        except CvatLabError:
            return False

    def looks_like(self, source: Source) -> bool:
        """Return whether the names, and if need be the first bytes, of the members fit this format."""
        raise NotImplementedError

    def read(self, path: Path, work: Import, *, limits: SourceLimits | None = None) -> Iterator[Item]:
        """Yield the items of a file, as they are read.

        Raises
        ------
        FormatError
            The file breaks the rules of the format; the message names file, place and reason.
        TooLargeError
            It would unpack to too much.
        """
        if not self.can_import:
            raise UnsupportedError(f"{self.display_name} can only be exported")
        with open_source(path, limits) as source:
            yield from self.read_items(source, work)

    def read_items(self, source: Source, work: Import) -> Iterator[Item]:
        """Yield the items of a checked source. Needed when ``can_import``."""
        raise NotImplementedError

    def read_labels(self, path: Path) -> list[LabelWrite]:
        """Return the labels that a file declares, in its order, to make a project from it. None by default.

        Labels that objects use without a declaration are added by :func:`cvat_lab.formats.catalog.read_catalog`.
        """
        return []
