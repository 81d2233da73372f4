"""What a browser needs to decode a video itself with WebCodecs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from cvat_lab.media.video_index import VideoIndex


def browser_index(index: VideoIndex) -> tuple[dict[str, Any], pa.Table]:
    """Describe a video and its packets.

    Returns
    -------
    header
        ``codec`` for WebCodecs or None when browsers cannot decode it, ``description`` in base64 or None, ``width`` and
        ``height`` in pixels after rotation, ``rotation`` in degrees clockwise, ``frames``, and ``gops``: for each group
        of pictures its first decoded frame ``start``, the number of frames ``count`` and its size in ``bytes``.
    packets
        One row per packet, group after group in decoding order: ``gop`` int32, ``size`` int32 in bytes, ``key`` bool,
        ``frame`` int32, the decoded index it shows or -1.
    """
    stream, gops = index.stream, index.gops
    sizes = index.packets.size[gops.packet]
    lengths = np.diff(gops.first)
    group = np.repeat(np.arange(lengths.size), lengths)
    totals = np.bincount(group, weights=sizes, minlength=lengths.size).astype(np.int64)
    header = {
        "codec": stream.browser_codec,
        "description": _base64(stream.description),
        "width": stream.width,
        "height": stream.height,
        "rotation": stream.rotation,
        "frames": len(index),
        "gops": [
            {"start": int(start), "count": int(count), "bytes": int(total)}
            for start, count, total in zip(gops.start, gops.count, totals, strict=True)
        ],
    }
    packets = pa.table(
        {
            "gop": pa.array(group, pa.int32()),
            "size": pa.array(sizes, pa.int32()),
            "key": pa.array(index.packets.key[gops.packet]),
            "frame": pa.array(gops.frame, pa.int32()),
        }
    )
    return header, packets


def _base64(text: str) -> str | None:
    """Return hexadecimal text as base64; None for the empty one."""
    from base64 import b64encode

    return b64encode(bytes.fromhex(text)).decode() if text else None
