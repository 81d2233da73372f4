from __future__ import annotations

import pytest

from cvat_lab.media.codecs import browser_codec, shows_picture

SPS = bytes.fromhex("000000016764001fac")


def test_h264_in_mp4_has_a_description() -> None:
    avcc = bytes.fromhex("014d401fffe1")
    assert browser_codec("h264", avcc, b"", 1280, 720) == ("avc1.4d401f", avcc)


def test_h264_as_a_byte_stream_has_none() -> None:
    assert browser_codec("h264", SPS, b"", 1280, 720) == ("avc1.64001f", None)
    assert browser_codec("h264", b"", b"\0\0\0\1\x09\xf0" + SPS, 1280, 720) == ("avc1.64001f", None)
    assert browser_codec("h264", b"", b"\0\0\0\1\x65", 1280, 720) == (None, None)


@pytest.mark.parametrize(
    ("packet", "size", "codec"),
    [
        ("824983420013f00ef6", (320, 240), "vp09.00.20.08"),
        ("824983420013f00ef6", (1920, 1080), "vp09.00.40.08"),
        ("924983420013f00ef6", (640, 480), "vp09.02.30.10"),
        ("924983428013f00ef6", (640, 480), "vp09.02.30.12"),
    ],
)
def test_vp9_tells_profile_level_and_depth(packet: str, size: tuple[int, int], codec: str) -> None:
    assert browser_codec("vp9", b"", bytes.fromhex(packet), *size).codec == codec


@pytest.mark.parametrize(("av1c", "codec"), [("81000c00", "av01.0.00M.08"), ("812dcc00", "av01.1.13H.10")])
def test_av1_is_read_from_its_configuration(av1c: str, codec: str) -> None:
    assert browser_codec("av1", bytes.fromhex(av1c), b"", 320, 240) == (codec, None)


def test_hevc_is_written_the_way_of_rfc_6381() -> None:
    hvcc = bytes.fromhex("0101600000009000000000005df000")
    assert browser_codec("hevc", hvcc, b"", 1920, 1080) == ("hvc1.1.6.L93.90", hvcc)


def test_other_codecs_cannot_be_played() -> None:
    assert browser_codec("mpeg4", b"\0\0\1", b"", 320, 240) == (None, None)
    assert browser_codec("vp8", b"", b"\x10", 320, 240) == ("vp8", None)


def test_hidden_pictures() -> None:
    assert shows_picture("vp8", b"\x10\0\0")
    assert not shows_picture("vp8", b"\x00\0\0")
    assert shows_picture("vp9", bytes.fromhex("8249834200"))
    assert not shows_picture("vp9", bytes.fromhex("8049834200"))
    assert shows_picture("vp9", bytes.fromhex("88"))
    assert shows_picture("vp9", bytes.fromhex("80498342c0"))
    assert shows_picture("h264", b"\0")
