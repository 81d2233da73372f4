"""In a real browser, frames decoded with WebCodecs are those that PyAV decodes, one by one."""

from __future__ import annotations

import base64
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import numpy.typing as npt
import pytest

from cvat_lab.media.browser_video import browser_index
from cvat_lab.media.packets import PacketSource
from cvat_lab.media.video_index import VideoIndex
from cvat_lab.media.video_scan import scan_video
from cvat_lab.ops.envelope import encode_envelope

playwright = pytest.importorskip("playwright.sync_api")

ROOT = Path(__file__).parents[2]
ESBUILD = ROOT / "node_modules" / ".bin" / "esbuild"
HARNESS = ROOT / "widgets" / "ts" / "client" / "src" / "testing" / "browserHarness.ts"
CHROMIUM = shutil.which("chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(CHROMIUM is None or not ESBUILD.exists(), reason="needs chromium and `npm install`"),
]

WIDTH, HEIGHT, FRAMES = 320, 192, 100
BITS = 8
"""The number of a frame is painted into it, as black and white squares."""

TOLERANCE = 6.0
"""Mean difference of colours, 0..255. Upsampling of chroma and rounding differ between decoders."""

Rgb = npt.NDArray[np.uint8]


def paint(number: int) -> Rgb:
    """Return a picture in which much moves, so that every frame needs its neighbours."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    waves = 128 + 90 * np.sin((x + 5 * number) / 23) * np.cos((y - 3 * number) / 17)
    picture = np.stack([waves, 255 - waves, (x + y + 4 * number) % 256], axis=-1).astype(np.uint8)
    for bit in range(BITS):
        picture[8:24, 8 + 20 * bit : 24 + 20 * bit] = 255 if number >> bit & 1 else 0
    return picture


def painted_number(picture: Rgb) -> int:
    """Read the number back."""
    squares = (picture[12:20, 12 + 20 * bit : 20 + 20 * bit].mean() > 127 for bit in range(BITS))
    return sum(int(white) << bit for bit, white in enumerate(squares))


def encode(path: Path, codec: str, options: dict[str, str], gop: int) -> None:
    """Write the test clip."""
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream(codec, rate=25)
        stream.width, stream.height, stream.pix_fmt, stream.gop_size = WIDTH, HEIGHT, "yuv420p", gop
        stream.options = options
        for number in range(FRAMES):
            frame = av.VideoFrame.from_ndarray(paint(number), format="rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode())


@dataclass
class Clip:
    """A video with its index, and its frames as PyAV decodes them."""

    index: VideoIndex
    packets: PacketSource
    frames: list[Rgb]

    def envelope(self) -> bytes:
        header, packets = browser_index(self.index)
        return encode_envelope(header, {"packets": packets})

    def jpeg(self, number: int) -> bytes:
        done, data = cv2.imencode(".jpg", self.frames[number][..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 98])
        assert done
        return data.tobytes()

    def answer(self, path: str) -> bytes:
        """Serve what the frame store asks for."""
        kind, _, number = path.partition("/")
        if kind == "video":
            return self.envelope()
        return self.packets.gop(int(number)) if kind == "gops" else self.jpeg(int(number))


X264 = {"preset": "medium", "bf": "3", "sc_threshold": "0"}
CLIPS = {
    "h264": ("clip.mp4", "libx264", X264, 25),
    "h264-open": ("open.mp4", "libx264", {**X264, "x264-params": "open-gop=1:b-pyramid=normal:bframes=3"}, 25),
    "h264-long": ("long.mkv", "libx264", X264, 250),
    "h264-ts": ("clip.ts", "libx264", X264, 25),
    "vp9": ("clip.webm", "libvpx-vp9", {"deadline": "realtime", "cpu-used": "8", "auto-alt-ref": "1"}, 25),
    "hevc": ("hevc.mp4", "libx265", {"preset": "ultrafast", "x265-params": "log-level=error"}, 25),
}


class Handler(BaseHTTPRequestHandler):
    """Serves an empty page, and below ``/<clip>/`` what belongs to a clip."""

    def __init__(self, folder: Path, clips: dict[str, Clip], *args: Any) -> None:
        self.folder, self.clips = folder, clips
        super().__init__(*args)

    def do_GET(self) -> None:
        name, _, path = self.path.lstrip("/").partition("/")
        body = self.clips[name].answer(path) if name in self.clips else b"<!doctype html><title>frames</title>"
        self.send_response(200)
        self.send_header("Content-Type", "application/octet-stream" if name in self.clips else "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with suppress(BrokenPipeError, ConnectionResetError):  # the browser cancelled the request
            self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        pass


def make_clip(folder: Path, name: str) -> Clip:
    file, codec, options, gop = CLIPS[name]
    encode(folder / file, codec, options, gop)
    with av.open(str(folder / file)) as container:
        frames = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    assert [painted_number(frame) for frame in frames] == list(range(FRAMES))
    index = scan_video(folder, file)
    return Clip(index, PacketSource(folder, index), frames)


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Clip]:
    folder = tmp_path_factory.mktemp("clips")
    return {name: make_clip(folder, name) for name in CLIPS}


@pytest.fixture(scope="module")
def address(clips: dict[str, Clip]) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, Path(), clips))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()


@pytest.fixture(scope="module")
def page(address: str) -> Iterator[Any]:
    command = [ESBUILD, HARNESS, "--bundle", "--format=esm", "--minify"]
    script = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    with playwright.sync_playwright() as p:
        browser = p.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page()
        page.goto(address)
        page.add_script_tag(content=script, type="module")
        page.wait_for_function("() => globalThis.openHarness")
        yield page
        browser.close()


def open_clip(page: Any, address: str, name: str, **setup: Any) -> bool:
    """Open a frame store on a clip; tell whether the browser decodes it."""
    page.evaluate("() => globalThis.harness?.frames.dispose()")
    setup = {"base": f"{address}{name}/", "mapping": {"start": 0, "step": 1}, **setup}
    return bool(page.evaluate("async (setup) => (globalThis.harness = await openHarness(setup)).hasVideo", setup))


def expect(page: Any, frames: range, *, playing: bool = False) -> None:
    page.evaluate("([frames, playing]) => harness.expect(frames, playing)", [list(frames), playing])


def wait_for(page: Any, frames: range) -> None:
    page.wait_for_function("(frames) => frames.every((frame) => harness.frames.has(frame))", arg=list(frames))


def pixels(page: Any, frame: int) -> Rgb:
    got = page.evaluate("(frame) => harness.pixels(frame)", frame)
    return np.frombuffer(base64.b64decode(got["rgb"]), np.uint8).reshape(got["height"], got["width"], 3)


def fetched(page: Any, kind: str) -> list[str]:
    return [path for path in page.evaluate("() => harness.fetched") if path.startswith(kind)]


def assert_same(got: Rgb, wanted: Rgb, number: int) -> None:
    assert painted_number(got) == number
    difference = np.abs(got.astype(np.int16) - wanted.astype(np.int16)).mean()
    assert difference < TOLERANCE, f"frame {number}: {difference:.1f}"


@pytest.mark.parametrize("name", ["h264", "h264-long", "h264-ts", "vp9"])
def test_decoded_frames_are_those_of_pyav(page: Any, address: str, clips: dict[str, Clip], name: str) -> None:
    assert open_clip(page, address, name)
    expect(page, range(FRAMES), playing=True)
    wait_for(page, range(FRAMES))
    assert fetched(page, "frames/") == []
    assert page.evaluate("() => harness.decoder.inWorker")
    for number in range(FRAMES):
        assert_same(pixels(page, number), clips[name].frames[number], number)


@pytest.mark.parametrize("name", ["h264", "h264-open", "vp9"])
def test_jumps_show_the_right_frame(page: Any, address: str, clips: dict[str, Clip], name: str) -> None:
    assert open_clip(page, address, name)
    for number in (60, 3, 99, 24, 25, 26, 71, 50, 49):
        ahead = range(number + 1, min(number + 8, FRAMES))
        expect(page, ahead)
        assert_same(pixels(page, number), clips[name].frames[number], number)
        wait_for(page, ahead)
        for later in ahead:
            assert_same(pixels(page, later), clips[name].frames[later], later)


def test_a_jump_does_not_wait_for_decoding(page: Any, address: str) -> None:
    assert open_clip(page, address, "h264-long")
    expect(page, range(91, 99))
    pixels(page, 90)
    assert fetched(page, "frames/") == ["frames/90"]


def test_going_backwards(page: Any, address: str, clips: dict[str, Clip]) -> None:
    assert open_clip(page, address, "h264")
    expect(page, range(39, 29, -1))
    wait_for(page, range(30, 40))
    for number in range(39, 29, -1):
        assert_same(pixels(page, number), clips["h264"].frames[number], number)
    assert fetched(page, "frames/") == []


def test_playing_decodes_every_packet_once(page: Any, address: str) -> None:
    """A group that were decoded from its key frame again and again would take far longer than one pass."""
    assert open_clip(page, address, "h264-long")
    page.evaluate("""() => {
      const decode = harness.decoder.decode.bind(harness.decoder);
      harness.ranges = [];
      harness.decoder.decode = (range, ...rest) => { harness.ranges.push(range); return decode(range, ...rest); };
    }""")
    speed = page.evaluate("() => harness.play(0, 99)")
    print(f"{speed:.0f} frames/s")
    ranges = page.evaluate("() => harness.ranges")
    starts = [entry["from"] for entry in ranges]
    assert starts == sorted(starts)
    assert len(fetched(page, "gops/")) == 1
    assert fetched(page, "frames/") == []


def test_start_and_step_of_a_task(page: Any, address: str, clips: dict[str, Clip]) -> None:
    assert open_clip(page, address, "h264", mapping={"start": 4, "step": 7})
    expect(page, range(13))
    wait_for(page, range(13))
    for number in range(13):
        source = 4 + 7 * number
        assert_same(pixels(page, number), clips["h264"].frames[source], source)


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_rotation(page: Any, address: str, clips: dict[str, Clip], rotation: int) -> None:
    assert open_clip(page, address, "h264", rotation=rotation)
    expect(page, range(3))
    wait_for(page, range(3))
    assert_same(np.rot90(pixels(page, 2), rotation // 90), clips["h264"].frames[2], 2)


def test_without_worker(page: Any, address: str, clips: dict[str, Clip]) -> None:
    assert open_clip(page, address, "h264", inWorker=False)
    expect(page, range(10, 20))
    wait_for(page, range(10, 20))
    assert not page.evaluate("() => harness.decoder.inWorker")
    assert_same(pixels(page, 15), clips["h264"].frames[15], 15)
    assert fetched(page, "frames/") == []


def test_codecs_that_the_browser_lacks_come_as_images(page: Any, address: str, clips: dict[str, Clip]) -> None:
    if open_clip(page, address, "hevc"):
        pytest.skip("this browser decodes HEVC")
    expect(page, range(1, 5))
    assert_same(pixels(page, 0), clips["hevc"].frames[0], 0)
    wait_for(page, range(1, 5))
    assert fetched(page, "gops/") == []


def test_memory_is_bounded(page: Any, address: str, clips: dict[str, Clip]) -> None:
    room = 20
    assert open_clip(page, address, "h264", capacity=room * WIDTH * HEIGHT * 4)
    page.evaluate("() => harness.play(0, 99)")
    held = page.evaluate(
        "(count) => Array.from({length: count}, (_, i) => i).filter((i) => harness.frames.has(i))", FRAMES
    )
    assert 0 < len(held) <= room
    assert_same(pixels(page, 5), clips["h264"].frames[5], 5)


def test_damaged_packets_are_left_to_the_server(page: Any, address: str, clips: dict[str, Clip]) -> None:
    assert open_clip(page, address, "h264")
    page.evaluate("""() => {
      const load = harness.decoder.load.bind(harness.decoder);
      harness.decoder.load = (gop, content) => {
        if (gop === 1) content.data.fill(255);
        load(gop, content);
      };
    }""")
    for number in (20, 30, 40, 60):
        expect(page, range(number + 1, number + 6))
        assert_same(pixels(page, number), clips["h264"].frames[number], number)
        if number != 60:
            page.wait_for_timeout(150)
            assert_same(pixels(page, number + 1), clips["h264"].frames[number + 1], number + 1)
