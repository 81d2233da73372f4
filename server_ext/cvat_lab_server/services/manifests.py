"""Manifests that come along with media: they may tell the order of images, and are held against what is there."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from cvat_lab.errors import MediaError
from cvat_lab.media.image_index import ImageIndex
from cvat_lab.media.index import MediaIndex
from cvat_lab.media.manifest import Manifest, check_images, check_video, read_manifest, write_manifest
from cvat_lab.model.data import DataWrite, SortingMethod

_ENDING = ".jsonl"


class ManifestCheck:
    """The manifest among the files of a task, if there is one. A bad one is no reason to refuse good media.

    Parameters
    ----------
    root, files
        The originals.

    Attributes
    ----------
    message
        What is wrong with the manifest, for the owner of the task; empty = nothing.
    """

    def __init__(self, root: Path, files: Sequence[str]) -> None:
        self.message = ""
        self._files = set(files)
        self._path = next((root / name for name in files if name.lower().endswith(_ENDING)), None)
        self._manifest: Manifest | None = None
        if self._path is not None:
            try:
                self._manifest = read_manifest(self._path)
            except MediaError as error:
                self._refuse(error)

    def order(self, params: DataWrite) -> list[str]:
        """Return the names of images in the order they shall have, where it is the manifest that tells.

        That is the predefined order, unless the author has put the images themselves in an order.
        """
        if self._manifest is None or params.sorting_method is not SortingMethod.PREDEFINED:
            return []
        listed = [image.path for image in self._manifest.images if image]
        return [] if params.upload_file_order and self._files.issuperset(listed) else listed

    def check(self, index: MediaIndex, *, may_replace: bool) -> None:
        """Hold it against the media. One that does not fit is replaced by a fresh one, where that is ours to do."""
        if self._manifest is not None:
            try:
                _compare(self._manifest, index)
            except MediaError as error:
                self._refuse(error)
        if self.message and self._path is not None and may_replace:
            write_manifest(self._path.parent, index).replace(self._path)

    def _refuse(self, error: MediaError) -> None:
        self._manifest = None
        self.message = f"The manifest that came along is not used: {error}"


def _compare(manifest: Manifest, index: MediaIndex) -> None:
    if isinstance(index, ImageIndex):
        if manifest.video is not None:
            raise MediaError("it describes a video, but there are images")
        check_images(manifest, index)
    elif manifest.video is None:
        raise MediaError("it describes images, but there is a video")
    else:
        check_video(manifest.video, index)
