"""``annotations.json`` in both directions, a block of objects at a time.

A writer reads files with one object per line, as the database gave them. A reader leaves Arrow tables behind, several
per job, that the database takes as they are.
"""

from __future__ import annotations

import mmap
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import IO, Any, Final

import msgspec

from cvat_lab.backup.media_in import copy_member
from cvat_lab.backup.media_out import Progress
from cvat_lab.backup.named import NamedData, NamedShape, NamedTag, NamedTrack, Namer
from cvat_lab.backup.naming import Numberer
from cvat_lab.backup.records import ANNOTATIONS_FILE
from cvat_lab.errors import FormatError
from cvat_lab.formats.archive import ZipSource
from cvat_lab.formats.columns import Annotations
from cvat_lab.formats.losses import Losses
from cvat_lab.formats.packing import ArchiveWriter
from cvat_lab.model.base import Record, encode_json
from cvat_lab.model.job import Job
from cvat_lab.model.label import LabelRead
from cvat_lab.model.shape import Shape
from cvat_lab.model.tag import Tag
from cvat_lab.model.track import Track

KINDS: Final[dict[str, type[Record]]] = {"tags": Tag, "shapes": Shape, "tracks": Track}
_NAMED: Final[dict[str, type[Record]]] = {"tags": NamedTag, "shapes": NamedShape, "tracks": NamedTrack}

BLOCK = 5000
"""Objects that are in memory at the same time."""


def lines_file(folder: Path, job: int, kind: str) -> Path:
    """Return the file with the objects of one kind of the n-th job, one per line."""
    return folder / f"job_{job}.{kind}.jsonl"


def write_annotations(
    archive: ArchiveWriter, prefix: str, folder: Path, jobs: int, labels: Sequence[LabelRead], report: Progress
) -> None:
    """Write the annotations of all jobs.

    Parameters
    ----------
    folder
        Has the files named by :func:`lines_file`.
    jobs
        Number of jobs.
    labels
        The labels that the objects refer to.
    """
    namer = Namer(labels)
    name: dict[str, Callable[[Any], Record]] = {"tags": namer.tag, "shapes": namer.shape, "tracks": namer.track}
    with archive.open(f"{prefix}{ANNOTATIONS_FILE}") as out:
        for job in range(jobs):
            out.write(b'[{"version":0' if job == 0 else b',{"version":0')
            for kind, record in KINDS.items():
                out.write(b',"%b":[' % kind.encode())
                for number, block in enumerate(_named_blocks(lines_file(folder, job, kind), record, name[kind])):
                    out.write(b"," + block if number else block)
                    report(job / jobs)
                out.write(b"]")
            out.write(b"}")
        out.write(b"]" if jobs else b"[]")


def _named_blocks(path: Path, record: type[Record], name: Callable[[Any], Record]) -> Iterator[bytes]:
    """Yield the objects of a file with names, as the inside of JSON lists."""
    decoder = msgspec.json.Decoder(record)
    with path.open("rb") as lines:
        while block := list(islice(lines, BLOCK)):
            yield b",".join(encode_json(name(decoder.decode(line))) for line in block)


def read_annotations(
    source: ZipSource,
    prefix: str,
    jobs: Sequence[Job],
    labels: Sequence[LabelRead],
    folder: Path,
    losses: Losses,
    report: Progress,
) -> list[int]:
    """Read the annotations of all jobs.

    Parameters
    ----------
    labels
        From :func:`cvat_lab.backup.labels.number_labels`.
    folder
        Gets a folder of tables per block, see :func:`block_folder`.

    Returns
    -------
    list
        Number of blocks of each job.

    Raises
    ------
    FormatError
        The file is missing, is no JSON, or an object breaks a rule; the message names job and object.
    """
    member = f"{prefix}{ANNOTATIONS_FILE}"
    if member not in source:
        raise FormatError(f"{source.name}: there is no {member} in the archive")
    path = folder / ANNOTATIONS_FILE
    copy_member(source, member, path)
    where = f"{source.name}: {member}"
    with path.open("rb") as file:
        parts = _split(file, where)
    if len(parts) != len(jobs):
        raise FormatError(f"{where} is about {len(parts)} jobs, but the task has {len(jobs)}")
    counts = []
    for number, (job, part) in enumerate(zip(jobs, parts, strict=True)):
        report(number / len(jobs))
        numberer = Numberer(labels, job, f"{where}, job {number}", losses)
        counts.append(_save_job(numberer, part, folder, number, f"{where}, job {number}"))
    return counts


def block_folder(folder: Path, job: int, block: int) -> Path:
    """Return the folder with the n-th block of tables of a job."""
    return folder / f"job_{job}_{block}"


def _split(file: IO[bytes], where: str) -> list[msgspec.Raw]:
    """Return the texts of the jobs. They are parts of the mapped file and not copied."""
    try:
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except ValueError as error:
        raise FormatError(f"{where} is empty") from error
    parts: list[msgspec.Raw] = decode(mapped, list[msgspec.Raw], where)
    return parts


def _save_job(numberer: Numberer, part: msgspec.Raw, folder: Path, job: int, where: str) -> int:
    data = decode(part, NamedData, where)
    blocks = 0
    for kind in KINDS:
        items: list[msgspec.Raw] = getattr(data, kind)
        for start in range(0, len(items), BLOCK):
            named = [
                decode(item, _NAMED[kind], f"{where}, {kind.removesuffix('s')} {number}")
                for number, item in enumerate(items[start : start + BLOCK], start)
            ]
            given: dict[str, Any] = {kind: named}
            target = block_folder(folder, job, blocks)
            target.mkdir()
            Annotations.from_labeled_data(numberer.number(**given, start=start)).save(target)
            blocks += 1
    return blocks


def decode(text: Any, kind: Any, where: str) -> Any:
    """Parse JSON; an error names the place."""
    try:
        return msgspec.json.decode(text, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise FormatError(f"{where}: {error}") from error
    except RecursionError as error:
        raise FormatError(f"{where}: it is nested too deeply") from error
