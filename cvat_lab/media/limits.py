"""How much a piece of media may ask for before it is refused."""

from __future__ import annotations

from dataclasses import dataclass

from cvat_lab.errors import TooLargeError

MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds against media that are small on disk and huge in memory.

    Attributes
    ----------
    pixels
        Pixels of one image or video frame. The default takes 0.9 GB as RGB.
    member_bytes
        Unpacked size of one archive member; members are unpacked in memory.
    archive_ratio
        Unpacked size of an archive, divided by its size on disk. Packed photos stay below 2, real scans below 50,
        and deflate cannot exceed 1032.
    archive_free_bytes
        Unpacked size up to which ``archive_ratio`` is not looked at: small archives of blank masks are fine.
    """

    pixels: int = 300_000_000
    member_bytes: int = 1024 * MIB
    archive_ratio: int = 200
    archive_free_bytes: int = 1024 * MIB

    def check_pixels(self, name: str, width: int, height: int) -> None:
        """Refuse a picture of too many pixels.

        Raises
        ------
        TooLargeError
            ``width * height`` exceeds ``pixels``.
        """
        if width * height > self.pixels:
            raise TooLargeError(
                f"{name}: {width}x{height} are {width * height:,} pixels, the limit is {self.pixels:,}. "
                "Scale the image down, or cut it into tiles."
            )

    def check_member(self, name: str, size: int) -> None:
        """Refuse one archive member that is too large to be unpacked in memory."""
        if size > self.member_bytes:
            raise TooLargeError(
                f"{name}: unpacks to {size:,} bytes, the limit for one archive member is {self.member_bytes:,}. "
                "Unpack the archive and add the folder instead."
            )

    def check_archive(self, name: str, unpacked: int, packed: int) -> None:
        """Refuse an archive whose members unpack to suspiciously many bytes."""
        if unpacked > self.archive_free_bytes and unpacked > packed * self.archive_ratio:
            raise TooLargeError(
                f"{name}: {packed:,} bytes unpack to {unpacked:,}, more than {self.archive_ratio} times as many. "
                "If the archive is genuine, unpack it and add the folder instead."
            )


DEFAULT_LIMITS = Limits()
