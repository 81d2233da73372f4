"""A large upload by cvat-sdk whose connection breaks in the middle: the client asks how far it came, and goes on."""

from __future__ import annotations

import os
import socket
import threading
import zipfile
from pathlib import Path
from urllib.parse import urlsplit

from cvat_sdk import Client, Config, models
from PIL import Image

URL, USER, PASSWORD = (os.environ[f"SERVER_{name}"] for name in ("URL", "USER", "PASSWORD"))
CUT_AFTER = 25_000_000
"""Bytes on one connection at which it is cut: two pieces of 10 MiB have arrived, half of the third is on its way."""


class CuttingProxy:
    """Passes bytes on, and cuts one connection when it has carried so many."""

    def __init__(self, target: tuple[str, int]) -> None:
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.cuts = 0
        self.received = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            near, _ = self._listener.accept()
            far = socket.create_connection(self._target)
            threading.Thread(target=self._pass_on, args=(near, far, True), daemon=True).start()
            threading.Thread(target=self._pass_on, args=(far, near, False), daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket, upwards: bool) -> None:
        try:
            while data := source.recv(2**18):
                target.sendall(data)
                self.received += len(data) if upwards else 0
                if upwards and not self.cuts and self.received > CUT_AFTER:
                    self.cuts += 1
                    break
        except OSError:
            pass  # the other direction has ended the connection
        for end in (source, target):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue


def write_archive(path: Path) -> list[bytes]:
    """Write an archive of more than 100 MiB, above which the client sends a file in pieces; return its pictures."""
    colours = [(200, 30, 90), (20, 130, 90), (20, 30, 190)]
    with zipfile.ZipFile(path, "w") as archive:
        for number, colour in enumerate(colours):
            Image.new("RGB", (4000, 3000), colour).save("large.bmp")
            archive.write("large.bmp", f"{number}.bmp")
    return colours


place = urlsplit(URL)
proxy = CuttingProxy((place.hostname, place.port))
archive = Path("pictures.zip")
colours = write_archive(archive)
with Client(f"http://127.0.0.1:{proxy.port}{place.path}", config=Config(status_check_period=0.1)) as client:
    client.login((USER, PASSWORD))
    spec = models.TaskWriteRequest(name="broken off", labels=[models.PatchedLabelRequest(name="car")])
    task = client.tasks.create_from_data(spec, [archive])
    assert proxy.cuts == 1, "the example must be large enough"
    assert archive.stat().st_size < proxy.received < archive.stat().st_size + 12 * 2**20, "one piece was sent again"
    assert [frame.name for frame in task.get_meta().frames] == ["0.bmp", "1.bmp", "2.bmp"]
    for number, colour in enumerate(colours):
        assert Image.open(task.get_frame(number, quality="original")).getpixel((3999, 2999)) == colour
    task.remove()
