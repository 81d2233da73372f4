"""The annotation guide in a backup: its text, and the files it shows below ``assets/``."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from urllib.parse import quote

from cvat_lab.backup.media_in import copy_member
from cvat_lab.backup.records import ASSETS_FOLDER, GUIDE_FILE
from cvat_lab.formats.archive import ZipSource
from cvat_lab.formats.packing import ArchiveWriter
from cvat_lab.model.base import Record


class GuideFiles(Record, kw_only=True):
    """A guide as it stands in an archive.

    Attributes
    ----------
    markdown
        The text; it refers to files as ``assets/NAME``.
    assets
        Paths of the files on disk by name.
    """

    markdown: str
    assets: dict[str, str] = {}

    def add(self, uuid: str, filename: str, path: Path) -> None:
        """Take a file in, under a name that no other has, and let the text refer to that."""
        plain = PurePosixPath(filename.replace("\\", "/"))
        name, number = plain.name or uuid, 1
        while name in self.assets:
            name, number = f"{plain.stem}_{number}{plain.suffix}", number + 1
        self.assets[name] = str(path)
        self.markdown = self.markdown.replace(f"/api/assets/{uuid}", f"{ASSETS_FOLDER}{quote(name)}")

    def refer(self, uuids: dict[str, str]) -> str:
        """Return the text as it refers to stored files, given the new id of each by name."""
        text = self.markdown
        for name in sorted(uuids, key=len, reverse=True):
            for written in (quote(name), name):
                text = text.replace(f"{ASSETS_FOLDER}{written}", f"/api/assets/{uuids[name]}")
        return text


def write_guide(archive: ArchiveWriter, prefix: str, guide: GuideFiles | None) -> None:
    """Write a guide and its files, if there is one."""
    if guide is None:
        return
    archive.write(f"{prefix}{GUIDE_FILE}", guide.markdown)
    for name, path in guide.assets.items():
        archive.write(f"{prefix}{ASSETS_FOLDER}{name}", Path(path).read_bytes())


def read_guide(source: ZipSource, prefix: str, folder: Path) -> GuideFiles | None:
    """Return the guide of an archive, with its files copied into a folder; None if there is none."""
    if f"{prefix}{GUIDE_FILE}" not in source:
        return None
    place = f"{prefix}{ASSETS_FOLDER}"
    assets = {}
    for member in source.members:
        name = member.removeprefix(place)
        if member.startswith(place) and "/" not in name:
            target = folder / ASSETS_FOLDER / name
            copy_member(source, member, target)
            assets[name] = str(target)
    return GuideFiles(markdown=source.read_text(f"{prefix}{GUIDE_FILE}"), assets=assets)
