"""The share: a folder on the server's machine whose files can become tasks without an upload."""

from __future__ import annotations

import mimetypes
from pathlib import Path

from cvat_lab.errors import InvalidInputError, NotFoundError, NotPermittedError
from cvat_lab.model.data import ShareEntry
from cvat_lab_server.auth.caller import Caller


class ShareService:
    """Lists the share and resolves the names of files on it.

    Parameters
    ----------
    root
        The shared folder, or None.
    allow_local_paths
        Administrators may also name absolute paths of the machine: sensible where the server and its user share it.
    """

    def __init__(self, root: Path | None, *, allow_local_paths: bool) -> None:
        self.root = root.expanduser().resolve() if root else None
        self._allow_local_paths = allow_local_paths

    def entries(self, directory: str = "/", search: str = "") -> list[ShareEntry]:
        """Return the entries of a folder of the share, folders first.

        Raises
        ------
        NotFoundError
            There is no such folder.
        NotPermittedError
            The path leads out of the share.
        """
        if self.root is None:
            return []
        folder = self._inside(directory)
        if not folder.is_dir():
            raise NotFoundError(f"there is no folder {directory!r} on the share")
        entries = [
            _describe(path)
            for path in sorted(folder.iterdir(), key=lambda path: path.name)
            if not path.name.startswith(".") and search.lower() in path.name.lower()
        ]
        return sorted(entries, key=lambda entry: entry.type != "DIR")

    def resolve(self, caller: Caller, names: list[str]) -> tuple[Path, list[str]]:
        """Return a folder and the paths of the named files relative to it, with ``/`` separators.

        Names are relative to the share, or absolute paths where those are allowed.

        Raises
        ------
        NotPermittedError
            A path leads out of the share.
        NotFoundError
            There is no such file.
        """
        if all(self._is_local(name) for name in names):
            return self._resolve_local(caller, names)
        if self.root is None:
            raise InvalidInputError(
                "this server has no share; upload the files, or start the server with a share root",
                field="server_files",
            )
        root = self.root
        found = [self._inside(name) for name in names]
        for name, path in zip(names, found, strict=True):
            if not path.exists():
                raise NotFoundError(f"there is no {name!r} on the share")
        return root, [path.relative_to(root).as_posix() for path in found]

    def _is_local(self, name: str) -> bool:
        if not self._allow_local_paths or not Path(name).is_absolute():
            return False
        return self.root is None or not (self.root / name.lstrip("/")).exists()

    def _resolve_local(self, caller: Caller, names: list[str]) -> tuple[Path, list[str]]:
        if not caller.is_admin:
            raise NotPermittedError("absolute paths are for administrators; use files of the share, or upload them")
        paths = [_resolved(Path(name)) for name in names]
        for path in paths:
            if not path.exists():
                raise NotFoundError(f"there is no file or folder {str(path)!r} on the server's machine")
        root = paths[0].parent if len(paths) == 1 else _common_folder(paths)
        if len(paths) == 1 and paths[0].is_dir():
            return paths[0], ["."]
        return root, [path.relative_to(root).as_posix() for path in paths]

    def _inside(self, name: str) -> Path:
        assert self.root is not None
        path = _resolved(self.root / name.lstrip("/"))
        if not path.is_relative_to(self.root):
            raise NotPermittedError(f"{name!r} leads out of the share")
        return path


def _resolved(path: Path) -> Path:
    """Return the path without links; refuse what no file system could hold."""
    try:
        path.exists()
        return path.resolve()
    except (OSError, ValueError) as error:
        raise InvalidInputError(f"{path.name[:40]!r} is no path: {error}", field="server_files") from error


def _common_folder(paths: list[Path]) -> Path:
    folder = paths[0].parent
    while not all(path.is_relative_to(folder) for path in paths):
        folder = folder.parent
    return folder


def _describe(path: Path) -> ShareEntry:
    if path.is_dir():
        return ShareEntry(name=path.name, type="DIR", mime_type="DIR")
    kind = mimetypes.guess_type(path.name)[0] or ""
    family = kind.split("/")[0]
    mime = family if family in ("image", "video", "audio") else _OTHERS.get(kind, "unknown")
    return ShareEntry(name=path.name, type="REG", mime_type=mime)


_OTHERS = {"application/zip": "zip", "application/pdf": "pdf", "application/x-tar": "archive"}
