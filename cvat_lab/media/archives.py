"""Members of zip and tar archives, addressed in place.

Archives come from strangers: a member that would leave the archive's folder, links, encrypted members and bombs are
refused by name, before anything is read from them.
"""

from __future__ import annotations

import bz2
import gzip
import lzma
import stat
import struct
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from cvat_lab.errors import MediaError
from cvat_lab.media.blobs import Blob, pread
from cvat_lab.media.limits import DEFAULT_LIMITS, MIB, Limits

ZIP, TAR = (".zip",), (".tar",)
_OPENERS: dict[str, Callable[[Path], Any]] = {
    ".gz": gzip.GzipFile,
    ".tgz": gzip.GzipFile,
    ".bz2": bz2.BZ2File,
    ".tbz2": bz2.BZ2File,
    ".xz": lzma.LZMAFile,
    ".txz": lzma.LZMAFile,
}
PACKED_TAR = (".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz")
ARCHIVES = (*ZIP, *TAR, *PACKED_TAR)

_LOCAL_HEADER = struct.Struct("<4s22xHH")
_ENCRYPTED = 0x1


def list_members(root: Path, file: str, limits: Limits = DEFAULT_LIMITS) -> list[tuple[str, Blob]]:
    """Return name and place of every file inside an archive, in the archive's order.

    Parameters
    ----------
    root, file
        The archive is ``root/file``: a zip or an uncompressed tar.

    Raises
    ------
    MediaError
        The archive is damaged or a member is unsafe; the message names it.
    TooLargeError
        The archive, or one of its members, unpacks to too much.
    """
    read = _zip_members if file.lower().endswith(ZIP) else _tar_members
    try:
        members = list(read(root, file))
    except (zipfile.BadZipFile, tarfile.TarError, struct.error, EOFError, OSError) as error:
        raise MediaError(f"{file}: the archive cannot be read: {error}") from error
    for name, blob in members:
        limits.check_member(f"{file}: {name}", blob.size)
    limits.check_archive(file, sum(blob.size for _, blob in members), (root / file).stat().st_size)
    return members


def unpack_tar(root: Path, file: str, limits: Limits = DEFAULT_LIMITS) -> str:
    """Turn a compressed tar into a plain one beside it, and return the new name.

    A compressed tar has no random access: reading its last image means unpacking everything. This is done once.
    """
    ending = next(ending for ending in PACKED_TAR if file.lower().endswith(ending))
    plain = f"{file[: -len(ending)]}.tar"
    source, target = root / file, root / plain
    if target.exists():
        raise MediaError(f"{file}: cannot be unpacked, because {plain} is there already; send only one of them")
    part = target.with_name(target.name + ".part")
    try:
        with _OPENERS[source.suffix.lower()](source) as stream, part.open("wb") as out:
            while block := stream.read(4 * MIB):
                out.write(block)
                limits.check_archive(file, out.tell(), source.stat().st_size)
        part.replace(target)
    except (OSError, EOFError, lzma.LZMAError) as error:
        raise MediaError(f"{file}: the archive cannot be unpacked: {error}") from error
    finally:
        part.unlink(missing_ok=True)
    return plain


def _zip_members(root: Path, file: str) -> Iterator[tuple[str, Blob]]:
    with (root / file).open("rb") as raw, zipfile.ZipFile(raw) as archive:
        for info in archive.infolist():
            name = _safe_name(file, info.filename)
            if stat.S_ISLNK(info.external_attr >> 16):
                raise MediaError(f"{file}: member {info.filename!r} is a link; pack the files themselves")
            if info.is_dir():
                continue
            if info.flag_bits & _ENCRYPTED:
                raise MediaError(f"{file}: member {info.filename!r} is encrypted; pack it without a password")
            if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise MediaError(
                    f"{file}: member {info.filename!r} is packed with method {info.compress_type}; "
                    "pack with deflate (the usual method) or without compression"
                )
            offset = _data_offset(raw.fileno(), info)
            deflated = info.compress_type == zipfile.ZIP_DEFLATED
            yield name, Blob(file, offset, info.compress_size, info.file_size, deflated)


def _data_offset(descriptor: int, info: zipfile.ZipInfo) -> int:
    """Return where a member's data begins. The local header may be longer than the directory says."""
    header = pread(descriptor, _LOCAL_HEADER.size, info.header_offset)
    signature, name, extra = _LOCAL_HEADER.unpack(header)
    if signature != b"PK\3\4":
        raise zipfile.BadZipFile(f"no member at byte {info.header_offset}")
    return info.header_offset + _LOCAL_HEADER.size + int(name) + int(extra)


def _tar_members(root: Path, file: str) -> Iterator[tuple[str, Blob]]:
    with tarfile.open(root / file, "r:") as archive:
        for info in archive:
            name = _safe_name(file, info.name)
            if info.isdir():
                continue
            if not info.isreg() or info.issparse():
                raise MediaError(f"{file}: member {info.name!r} is not an ordinary file; pack the files themselves")
            yield name, Blob(file, info.offset_data, info.size, info.size)


def _safe_name(file: str, member: str) -> str:
    """Return the member's path with ``/`` and without ``./``; refuse paths that lead out of the archive."""
    name = member.replace("\\", "/").removeprefix("./")
    parts = name.split("/")
    if name.startswith("/") or ".." in parts or (len(parts[0]) == 2 and parts[0][1] == ":") or "\0" in name:
        raise MediaError(f"{file}: member {member!r} leads out of the archive; pack with relative paths")
    return name
