"""New tasks: which files they are made of, how those reach the server, and how they become frames."""

from __future__ import annotations

import os
import socket
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from cvat_lab.client.background import wait_for
from cvat_lab.client.progress import Reporter
from cvat_lab.client.uploads import upload_files
from cvat_lab.errors import InvalidInputError
from cvat_lab.model.data import DataWrite, RequestId, SortingMethod

if TYPE_CHECKING:
    from cvat_lab.client.http import Transport

StrPath = str | os.PathLike[str]

_IMAGES = "jpg jpeg jpe png bmp webp tif tiff gif ppm pgm jp2 avif pcd bin"
_VIDEOS = "mp4 mov avi mkv webm m4v mpg mpeg wmv flv ts 3gp"
MEDIA_EXTENSIONS = frozenset(f".{name}" for name in f"{_IMAGES} {_VIDEOS}".split(" "))
"""What is taken from a folder; a file that is named itself is always taken."""


@dataclass(frozen=True)
class Media:
    """The files of a new task.

    Attributes
    ----------
    uploads
        Files of this machine, to be sent.
    places
        Files that the server reads where they are: absolute paths, or names on its share.
    addresses
        Where the server fetches files from.
    copy_data
        The server copies ``places`` into its workspace.
    """

    uploads: Sequence[Path] = ()
    places: Sequence[str] = ()
    addresses: Sequence[str] = ()
    copy_data: bool = False
    options: DataWrite = field(default_factory=DataWrite)

    @property
    def is_empty(self) -> bool:
        """Whether there are no files at all."""
        return not (self.uploads or self.places or self.addresses)

    def send(self, transport: Transport, task_path: str, reporter: Reporter) -> None:
        """Attach the files to a task and wait until it has frames.

        Raises
        ------
        CvatLabError
            The files are damaged, or of no known kind.
        """
        path = f"{task_path}/data"
        if self.places:
            self.options.server_files = list(self.places)
            self.options.copy_data = self.copy_data
            started = transport.post(path, self.options, RequestId)
        elif self.addresses:
            self.options.remote_files = list(self.addresses)
            started = transport.post(path, self.options, RequestId)
        else:
            if self.options.sorting_method is SortingMethod.PREDEFINED:
                self.options.upload_file_order = [file.name for file in self.uploads]
            started = upload_files(transport, path, self.uploads, self.options, reporter)
        wait_for(transport, started, reporter, "Reading media")


def gather_media(
    transport: Transport,
    files: Sequence[StrPath] | StrPath,
    share: Sequence[str] | str,
    remote: Sequence[str] | str = (),
    *,
    copy: bool,
    options: DataWrite,
) -> Media:
    """Find out how the media of a task reaches the server.

    Parameters
    ----------
    files
        Files and folders of this machine.
    share
        Names on the server's share.
    remote
        Addresses that the server can fetch.
    copy
        Send ``files``, or copy ``share``; otherwise they stay where they are.

    Raises
    ------
    InvalidInputError
        A file does not exist, two would have the same name, or the server is on another machine and cannot reach them.
    """
    paths = [Path(file).expanduser() for file in _listed(files)]
    names = [str(name) for name in _listed(share)]
    addresses = [str(address) for address in _listed(remote)]
    if sum(map(bool, (paths, names, addresses))) > 1:
        raise InvalidInputError("give files of this machine, of the share or remote ones, not several", field="files")
    if missing := [path for path in paths if not path.exists()]:
        raise InvalidInputError(f"there is no file or folder {str(missing[0])!r}", field="files")
    if names:
        return Media(places=names, copy_data=copy, options=options)
    if addresses:
        return Media(addresses=addresses, options=options)
    if copy:
        return Media(uploads=_expand(paths), options=options)
    if not is_on_this_machine(transport):
        raise InvalidInputError(
            f"{transport.url} is on another machine and cannot read {paths[0]} in place; "
            "leave out copy=False to upload",
            field="copy",
        )
    return Media(places=[str(path.resolve()) for path in paths], options=options)


def is_on_this_machine(transport: Transport) -> bool:
    """Return whether the server runs where we do."""
    if transport.is_loopback:
        return True
    return (urlsplit(transport.url).hostname or "") in {socket.gethostname(), socket.getfqdn()}


def _listed(given: Sequence[StrPath] | StrPath) -> Sequence[StrPath]:
    return [given] if isinstance(given, str | os.PathLike) else given


def _expand(paths: Sequence[Path]) -> list[Path]:
    """Return the files themselves, and the media in the folders."""
    found: list[Path] = []
    for path in paths:
        inner = _media_in(path) if path.is_dir() else [path]
        if not inner:
            raise InvalidInputError(f"there are no images or videos in the folder {str(path)!r}", field="files")
        found.extend(inner)
    _check_names(found)
    return found


def _media_in(folder: Path) -> list[Path]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return [path for path in files if path.suffix.lower() in MEDIA_EXTENSIONS and not path.name.startswith(".")]


def _check_names(files: Sequence[Path]) -> None:
    """Refuse two files with one name: an upload keeps no folders, and one of them would be renamed."""
    seen: dict[str, Path] = {}
    for file in files:
        other = seen.setdefault(file.name, file)
        if other is not file:
            raise InvalidInputError(
                f"{other} and {file} have the same name, and uploads keep no folders; "
                "put them into a zip archive, or use copy=False on a server of this machine",
                field="files",
            )
