"""Frames of an image task: files, or members of archives."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import PurePosixPath

from cvat_lab.media.blobs import blob_reader, open_file, read_blob
from cvat_lab.media.frames import Encoded, FrameSource, as_jpeg
from cvat_lab.media.headers import UPRIGHT, ImageHeader, read_header
from cvat_lab.media.image_index import ImageIndex, IndexedImage
from cvat_lab.media.images import Rgb, decode_image, fit, resize
from cvat_lab.media.sources import RELATED

_BROWSER = frozenset(("image/jpeg", "image/png", "image/webp", "image/gif", "image/avif", "image/bmp"))
_DISPLAY_BYTES = 16 << 20
"""Bytes above which an original is sent as JPEG instead, if it is not one already."""
_EXTENSIONS = {"image/jpeg": ".jpeg", "image/png": ".png", "image/tiff": ".tif"}


class ImageFrames(FrameSource):
    """Frames that are image files or archive members."""

    index: ImageIndex

    def name(self, number: int) -> str:
        """Return the path of the image."""
        return self.index[number].name

    def size(self, number: int) -> tuple[int, int]:
        """Return width and height in pixels, after EXIF orientation."""
        header = self._header(self.index[number])
        return header.width, header.height

    def original(self, number: int) -> Encoded:
        """Return the image file as it is."""
        image = self.index[number]
        mime = self._header(image).mime
        extension = _EXTENSIONS.get(mime) or PurePosixPath(image.name).suffix.lower()
        return Encoded(self._read(image), mime, extension)

    def array(self, number: int) -> Rgb:
        """Return the picture as RGB, upright, shape (height, width, 3), uint8."""
        image = self.index[number]
        header = self._header(image)
        return decode_image(self._read(image), image.name, bits=header.bits, orientation=header.orientation)

    def compressed(self, number: int, quality: int, max_side: int | None = None) -> Encoded:
        """Return the picture as upright JPEG."""
        image = self.index[number]
        header = self._header(image)
        full = header.width, header.height
        size = fit(*full, max_side)
        if quality == 100 and size == full and header.mime == "image/jpeg" and header.orientation == UPRIGHT:
            return self.original(number)
        reduce = next((part for part in (8, 4, 2) if full[0] // part >= size[0] and full[1] // part >= size[1]), 1)
        data = self._read(image)
        picture = decode_image(data, image.name, bits=header.bits, orientation=header.orientation, reduce=reduce)
        return as_jpeg(resize(picture, *size), quality)

    def display(self, number: int) -> Encoded:
        """Return the original where a browser shows it well, else a JPEG."""
        image = self.index[number]
        header = self._header(image)
        # browsers heed the orientation of JPEG; of other types only some do
        safe = header.mime == "image/jpeg" or (header.orientation == UPRIGHT and image.blob.packed <= _DISPLAY_BYTES)
        if header.mime in _BROWSER and header.bits <= 8 and safe and self.display_side(number) is None:
            return self.original(number)
        return super().display(number)

    def context_images(self, number: int) -> bytes:
        """Return a zip with the context images of a frame, as they are."""
        related = self.index.related(number)
        if not related:
            return super().context_images(number)
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            for name, blob in related:
                _, _, below = f"/{name}".rpartition(f"/{RELATED}/")
                archive.writestr(below.partition("/")[2] or PurePosixPath(name).name, read_blob(self.root, blob, name))
        return out.getvalue()

    def close(self) -> None:
        """Do nothing: image files are opened for each read."""

    def _read(self, image: IndexedImage) -> bytes:
        return read_blob(self.root, image.blob, image.name)

    def _header(self, image: IndexedImage) -> ImageHeader:
        """Return the header; read it now if no frame of the task shows this image."""
        if image.header.width:
            return image.header
        descriptor = open_file(self.root, image.blob.file)
        try:
            return read_header(blob_reader(descriptor, image.blob, image.name), image.name)
        finally:
            os.close(descriptor)
