"""The index of an image task: names, places and sizes of all images, in one small file.

Building it costs one short read per image. Loading it maps the file into memory, so that 100 000 images are there at
once.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from cvat_lab.errors import NotFoundError
from cvat_lab.media.blobs import TO_THE_END, Blob, blob_reader, open_file
from cvat_lab.media.headers import ImageHeader, read_header
from cvat_lab.media.limits import DEFAULT_LIMITS, Limits
from cvat_lab.media.sources import ImageEntry, Sources
from cvat_lab.model.data import MediaKind

Progress = Callable[[float], None]
"""Called now and then with the part that is done, 0..1. May raise to cancel."""

NOT_READ = ImageHeader(0, 0, 1, "", 8)
"""Header of an image that is indexed by name only, because no frame shows it."""

_PROGRESS_EVERY = 500
_RELATED = pa.list_(
    pa.struct(
        {
            "name": pa.utf8(),
            "file": pa.utf8(),
            "offset": pa.int64(),
            "packed": pa.int64(),
            "size": pa.int64(),
            "deflated": pa.bool_(),
        }
    )
)


class IndexedImage(NamedTuple):
    """One row of the index."""

    name: str
    blob: Blob
    header: ImageHeader


class ImageIndex:
    """All images of a task, in the order of their source numbers.

    Parameters
    ----------
    table
        Columns ``name, file`` utf8; ``offset, packed, size`` int64; ``deflated`` bool; ``width, height`` int32 after
        orientation, 0 = not read; ``orientation, bits`` int8; ``mime`` dictionary; ``related`` list of places.
    """

    kind = MediaKind.IMAGES

    def __init__(self, table: pa.Table) -> None:
        self.table = table
        self._columns = [table.column(name) for name in (*ImageEntry._fields[:1], *Blob._fields, *ImageHeader._fields)]

    def __len__(self) -> int:
        return int(self.table.num_rows)

    def __getitem__(self, number: int) -> IndexedImage:
        """Return the row of source ``number``, 0-based.

        Raises
        ------
        NotFoundError
            There are not that many images.
        """
        if not 0 <= number < len(self):
            raise NotFoundError(f"There is no image {number}; the sources are numbered 0..{len(self) - 1}")
        values = [column[number].as_py() for column in self._columns]
        return IndexedImage(values[0], Blob(*values[1:6]), ImageHeader(*values[6:]))

    @property
    def names(self) -> list[str]:
        """Names of all images: paths with ``/``."""
        names: list[str] = self.table.column("name").to_pylist()
        return names

    @property
    def widths(self) -> npt.NDArray[np.int32]:
        """Widths in pixels, shape (images,); 0 = not read."""
        return self._numbers("width")

    @property
    def heights(self) -> npt.NDArray[np.int32]:
        """Heights in pixels, shape (images,); 0 = not read."""
        return self._numbers("height")

    @cached_property
    def related_counts(self) -> npt.NDArray[np.int64]:
        """Number of context images of every image, shape (images,)."""
        import pyarrow.compute as pc

        counts: npt.NDArray[np.int64] = pc.list_value_length(self.table.column("related")).to_numpy().astype(np.int64)
        return counts

    def related(self, number: int) -> list[ImageEntry]:
        """Return the context images of source ``number``."""
        if not 0 <= number < len(self):
            raise NotFoundError(f"There is no image {number}; the sources are numbered 0..{len(self) - 1}")
        rows = self.table.column("related")[number].as_py()
        return [ImageEntry(row.pop("name"), Blob(**row)) for row in rows]

    def _numbers(self, column: str) -> npt.NDArray[np.int32]:
        numbers: npt.NDArray[np.int32] = self.table.column(column).to_numpy()
        return numbers


def index_images(
    root: Path,
    sources: Sources,
    *,
    used: Sequence[int] | None = None,
    limits: Limits = DEFAULT_LIMITS,
    progress: Progress | None = None,
) -> ImageIndex:
    """Read the headers of images.

    Parameters
    ----------
    root
        Folder that the sources are relative to.
    used
        Source numbers that frames will show; the others are indexed by name only. Default: all.
    progress
        Told about every 500 images.

    Raises
    ------
    MediaError, TooLargeError
        An image is unusable; the message names it.
    """
    entries = sources.images
    headers, sizes = [NOT_READ] * len(entries), [TO_THE_END] * len(entries)
    chosen = range(len(entries)) if used is None else used
    files = _OpenFiles(root)
    try:
        for done, number in enumerate(chosen):
            name, blob = entries[number]
            descriptor = files.open(blob.file)
            headers[number] = read_header(blob_reader(descriptor, blob, name), name, limits)
            sizes[number] = os.lseek(descriptor, 0, os.SEEK_END) if blob.size < 0 else blob.size
            if progress is not None and done % _PROGRESS_EVERY == 0:
                progress(done / len(chosen))
    finally:
        files.close()
    return ImageIndex(_table(entries, headers, sizes, sources.related))


class _OpenFiles:
    """Keeps the last file open: the members of an archive follow each other."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._file: str | None = None
        self._descriptor = -1

    def open(self, file: str) -> int:
        if file != self._file:
            self.close()
            self._descriptor = open_file(self._root, file)
            self._file = file
        return self._descriptor

    def close(self) -> None:
        if self._file is not None:
            os.close(self._descriptor)
            self._file = None


def _table(
    entries: list[ImageEntry], headers: list[ImageHeader], sizes: list[int], related: dict[str, list[ImageEntry]]
) -> pa.Table:
    names, blobs = zip(*entries, strict=True)
    place = dict(zip(Blob._fields, zip(*blobs, strict=True), strict=True))
    header = dict(zip(ImageHeader._fields, zip(*headers, strict=True), strict=True))
    packed = np.array(place["packed"], np.int64)
    lengths = [len(related.get(name, ())) for name in names]
    rows = [
        {"name": entry.name, **entry.blob._asdict()}
        for name in (names if related else ())
        for entry in related.get(name, ())
    ]
    offsets = pa.array(list(itertools.accumulate(lengths, initial=0)), pa.int32())
    columns: dict[str, Any] = {
        "name": pa.array(names, pa.utf8()),
        "file": pa.array(place["file"], pa.utf8()),
        "offset": pa.array(place["offset"], pa.int64()),
        "packed": np.where(packed < 0, sizes, packed),
        "size": pa.array(sizes, pa.int64()),
        "deflated": pa.array(place["deflated"], pa.bool_()),
        "width": pa.array(header["width"], pa.int32()),
        "height": pa.array(header["height"], pa.int32()),
        "orientation": pa.array(header["orientation"], pa.int8()),
        "mime": pa.array(header["mime"], pa.utf8()).dictionary_encode(),
        "bits": pa.array(header["bits"], pa.int8()),
        "related": pa.ListArray.from_arrays(offsets, pa.array(rows, _RELATED.value_type)),
    }
    return pa.table(columns)
