"""What browsers and our packet index must know about video codecs.

``browser_codec`` gives the codec string and the description that WebCodecs wants; ``shows_picture`` tells packets that
end up on the screen from those that only carry a reference for others.

References: ISO/IEC 14496-15 (avcC, hvcC), VP9 bitstream 6.2, VP9 in ISO-BMFF, AV1 in ISO-BMFF, RFC 6386 (VP8),
W3C WebCodecs codec registry.
"""

from __future__ import annotations

from typing import NamedTuple

_VP9_LEVELS = (
    (36_864, 10),
    (73_728, 11),
    (122_880, 20),
    (245_760, 21),
    (552_960, 30),
    (983_040, 31),
    (2_228_224, 40),
    (8_912_896, 50),
)
"""Largest picture in pixels, and ten times the level that allows it; the rate of pictures is not looked at."""


class BrowserCodec(NamedTuple):
    """How a WebCodecs decoder is configured.

    Attributes
    ----------
    codec
        Codec string, such as ``avc1.64001f``; ``None`` when no browser decodes this video.
    description
        Decoder configuration record; ``None`` when the packets carry everything themselves.
    """

    codec: str | None = None
    description: bytes | None = None


def browser_codec(name: str, extradata: bytes, first_packet: bytes, width: int, height: int) -> BrowserCodec:
    """Return what WebCodecs needs for a stream.

    Parameters
    ----------
    name
        FFmpeg's name of the codec: ``h264``, ``hevc``, ``vp8``, ``vp9``, ``av1`` ...
    extradata
        The container's decoder configuration; empty when it has none.
    first_packet
        Bytes of the first keyframe.
    width, height
        Size of a picture in pixels, before rotation.
    """
    if name == "h264":
        return _avc(extradata, first_packet)
    if name == "hevc":
        return _hevc(extradata)
    if name == "vp8":
        return BrowserCodec("vp8")
    if name == "vp9":
        return _vp9(first_packet, width * height)
    if name == "av1":
        return _av1(extradata)
    return BrowserCodec()


def shows_picture(name: str, packet: bytes | memoryview) -> bool:
    """Whether a packet puts a picture on the screen. VP8 and VP9 have hidden ones, all other codecs do not.

    Parameters
    ----------
    name
        FFmpeg's name of the codec.
    packet
        Bytes of the packet, not empty.
    """
    if name == "vp8":
        return bool(packet[0] & 0x10)
    if name == "vp9":
        in_superframe = packet[-1] & 0xE0 == 0xC0  # then its last frame is the one that shows
        return bool(in_superframe or _Vp9Frame.parse(packet).shown)
    return True


class _Vp9Frame(NamedTuple):
    """The first bits of a VP9 frame."""

    profile: int
    shown: bool
    key: bool

    @classmethod
    def parse(cls, packet: bytes | memoryview) -> _Vp9Frame:
        bits = packet[0]
        profile = (bits >> 5 & 1) | (bits >> 4 & 1) << 1
        shift = 2 if profile == 3 else 3  # profile 3 has a reserved bit
        if bits >> shift & 1:  # an older frame is shown again
            return cls(profile, shown=True, key=False)
        return cls(profile, bool(bits >> (shift - 2) & 1), not bits >> (shift - 1) & 1)


def _avc(extradata: bytes, first_packet: bytes) -> BrowserCodec:
    """Take profile and level from avcC, or from the sequence parameter set of an Annex B stream."""
    if len(extradata) > 4 and extradata[0] == 1:
        return BrowserCodec(f"avc1.{extradata[1:4].hex()}", extradata)
    for data in (extradata, first_packet):
        at = 0
        while (at := data.find(b"\0\0\1", at) + 3) > 2:
            if len(data) > at + 3 and data[at] & 0x1F == 7:
                return BrowserCodec(f"avc1.{data[at + 1 : at + 4].hex()}")
    return BrowserCodec()


def _hevc(extradata: bytes) -> BrowserCodec:
    """Write hvcC's general profile, tier and level the way RFC 6381 puts them."""
    if len(extradata) < 13 or extradata[0] != 1:
        return BrowserCodec()
    space = ("", "A", "B", "C")[extradata[1] >> 6]
    tier = "H" if extradata[1] & 0x20 else "L"
    flags = int.from_bytes(extradata[2:6], "big")
    compatible = int(f"{flags:032b}"[::-1], 2)
    constraints = extradata[6:12].rstrip(b"\0").hex(".")
    text = f"hvc1.{space}{extradata[1] & 0x1F}.{compatible:X}.{tier}{extradata[12]}"
    return BrowserCodec(f"{text}.{constraints.upper()}" if constraints else text, extradata)


def _vp9(first_packet: bytes, pixels: int) -> BrowserCodec:
    frame = _Vp9Frame.parse(first_packet)
    if not frame.key:
        return BrowserCodec()
    depth = 8
    if frame.profile >= 2:  # told by the bit after the sync code
        depth = 12 if first_packet[4] >> (9 - frame.profile) & 1 else 10
    level = next((level for most, level in _VP9_LEVELS if pixels <= most), 60)
    return BrowserCodec(f"vp09.{frame.profile:02}.{level:02}.{depth:02}")


def _av1(extradata: bytes) -> BrowserCodec:
    if len(extradata) < 4 or extradata[0] != 0x81:
        return BrowserCodec()
    profile, level = extradata[1] >> 5, extradata[1] & 0x1F
    tier = "H" if extradata[2] & 0x80 else "M"
    high, twelve = extradata[2] & 0x40, extradata[2] & 0x20
    depth = 12 if profile == 2 and high and twelve else 10 if high else 8
    return BrowserCodec(f"av01.{profile}.{level:02}{tier}.{depth:02}")
