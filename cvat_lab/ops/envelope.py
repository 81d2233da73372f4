"""Binary envelopes: one JSON header and several Arrow tables in one body.

Layout: header length (uint32, little endian), header (UTF-8 JSON), then the sections, each starting at the next
multiple of 8 bytes. The header names the sections and their sizes in bytes.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import Any

import msgspec
import pyarrow as pa

from cvat_lab.errors import InvalidInputError

_ALIGNMENT = 8
_LENGTH = struct.Struct("<I")


def encode_envelope(header: Mapping[str, Any], sections: Mapping[str, pa.Table]) -> bytes:
    """Pack a header and tables.

    Parameters
    ----------
    header
        JSON values or records; ``sections`` is added.
    sections
        Tables by name; each becomes an Arrow IPC stream.
    """
    streams = {name: _to_stream(table) for name, table in sections.items()}
    listing = [{"name": name, "bytes": len(stream)} for name, stream in streams.items()]
    head = msgspec.json.encode({**header, "sections": listing})
    parts = [_LENGTH.pack(len(head)), head]
    size = _LENGTH.size + len(head)
    for stream in streams.values():
        padding = -size % _ALIGNMENT
        parts += [b"\0" * padding, stream]
        size += padding + len(stream)
    return b"".join(parts)


def decode_envelope(body: bytes) -> tuple[dict[str, Any], dict[str, pa.Table]]:
    """Unpack a header and tables.

    Raises
    ------
    InvalidInputError
        The body is too short or is no envelope.
    """
    try:
        (length,) = _LENGTH.unpack_from(body)
        header = msgspec.json.decode(body[_LENGTH.size : _LENGTH.size + length])
        position, tables = _LENGTH.size + length, {}
        for section in header["sections"]:
            position += -position % _ALIGNMENT
            stream = pa.py_buffer(body).slice(position, section["bytes"])
            tables[section["name"]] = pa.ipc.open_stream(stream).read_all()
            position += section["bytes"]
    except (struct.error, msgspec.DecodeError, KeyError, TypeError, pa.ArrowInvalid) as error:
        raise InvalidInputError(f"not a binary envelope: {error}") from error
    return header, tables


def _to_stream(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table.combine_chunks())
    stream: bytes = sink.getvalue().to_pybytes()
    return stream
