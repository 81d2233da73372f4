"""Tasks of files that are named by their address. A server on this machine is the web."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from cvat_lab_server.commands import add_user
from cvat_lab_server.embedded import EmbeddedServer
from cvat_lab_server.work.downloads import DownloadLimits
from tests.cvat_lab_server.site import PASSWORD, Person, Site, picture

Answer = Callable[[BaseHTTPRequestHandler], None]


class Web:
    """A server on this machine, which counts what it is asked for."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.asked: Counter[str] = Counter()
        self.connections = 0
        web = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def setup(self) -> None:
                super().setup()
                web.connections += 1

            def do_GET(self) -> None:
                web.asked[self.path] += 1
                web.answers.get(self.path, lambda it: it.send_error(404))(self)

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.port = self._server.server_port
        self.url = f"http://127.0.0.1:{self.port}"

    def put(self, path: str, data: bytes, kind: str = "image/jpeg") -> str:
        """Offer a file and return its address."""
        self.answers[path] = lambda it: send(it, data, {"Content-Type": kind})
        return self.url + path

    def redirect(self, path: str, target: str) -> str:
        """Answer with another address."""
        self.answers[path] = lambda it: send(it, b"", {"Location": target}, 302)
        return self.url + path

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def send(handler: BaseHTTPRequestHandler, data: bytes, headers: dict[str, str], status: int = 200) -> None:
    handler.send_response(status)
    for name, value in {"Content-Length": str(len(data)), **headers}.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(data)


@pytest.fixture(scope="module")
def web() -> Iterator[Web]:
    """The server whose files may be fetched."""
    server = Web()
    yield server
    server.close()


@pytest.fixture(scope="module")
def intern() -> Iterator[Web]:
    """A server of this machine that nobody may reach."""
    server = Web()
    server.put("/secret.jpg", picture(9))
    yield server
    server.close()


@pytest.fixture(scope="module")
def fetching(tmp_path_factory: pytest.TempPathFactory, web: Web) -> Iterator[Person]:
    """Alice at a server that may fetch from ``web`` only."""
    workspace = tmp_path_factory.mktemp("fetching")
    add_user(workspace, "alice", PASSWORD)
    limits = DownloadLimits(files=50, total_bytes=200_000, wait_seconds=0.5, total_seconds=2.0)
    server = EmbeddedServer(workspace, remote_hosts=(f"127.0.0.1:{web.port}",), download_limits=limits)
    yield Site(server.url, server.token, workspace, workspace).person("alice")
    server.close()


def create(person: Person, urls: list[str], **data: Any) -> tuple[int, dict[str, Any]]:
    """Make a task of addresses; return it with the request that has ended."""
    task = int(person.post("/api/tasks", 201, json={"name": "remote"}).json()["id"])
    body = {"image_quality": 70, "remote_files": urls, **data}
    return task, person.wait_ended(person.post(f"/api/tasks/{task}/data", 202, json=body).json()["rq_id"])


def frames(person: Person, task: int) -> list[str]:
    return [frame["name"] for frame in person.get(f"/api/tasks/{task}/data/meta").json()["frames"]]


@pytest.mark.req("R30.3", "R30.29")
def test_images(fetching: Person, web: Web) -> None:
    urls = [web.put(f"/day/{number}.jpg", picture(number)) for number in (2, 0, 1)]
    before = web.connections
    task, done = create(fetching, urls)
    assert done["status"] == "finished", done
    assert frames(fetching, task) == ["0.jpg", "1.jpg", "2.jpg"]
    query = {"type": "frame", "number": 2, "quality": "original"}
    assert fetching.get(f"/api/tasks/{task}/data", params=query).content == picture(2)
    assert web.connections == before + 1, "one connection serves all files of a host"
    assert fetching.get(f"/api/tasks/{task}/data/meta").json()["storage"] == "local"


def test_the_order_may_be_that_of_the_addresses(fetching: Person, web: Web) -> None:
    urls = [web.put(f"/order/{name}", picture(2)) for name in ("c.jpg", "a.jpg", "b.jpg")]
    task, _ = create(fetching, urls, sorting_method="predefined")
    assert frames(fetching, task) == ["c.jpg", "a.jpg", "b.jpg"]


def test_video_and_names_that_need_care(fetching: Person, web: Web, video: Path) -> None:
    task, done = create(fetching, [web.put("/street.mp4?token=a%20b", video.read_bytes(), "video/mp4")])
    assert done["status"] == "finished", done
    assert fetching.get(f"/api/tasks/{task}").json()["mode"] == "interpolation"
    web.put("/t%C3%BCr%20(1).jpg", picture(1))
    web.put("/frames/17", picture(2, ".png"), "image/png")
    task, done = create(fetching, [f"{web.url}/tür (1).jpg", f"{web.url}/frames/17"])
    assert done["status"] == "finished", done
    assert frames(fetching, task) == ["17.png", "tür (1).jpg"]


def test_redirects(fetching: Person, web: Web) -> None:
    web.put("/moved.jpg", picture(1))
    web.redirect("/second.jpg", "/moved.jpg")
    task, done = create(fetching, [web.redirect("/first.jpg", f"{web.url}/second.jpg")])
    assert done["status"] == "finished", done
    assert frames(fetching, task) == ["first.jpg"]
    _, done = create(fetching, [web.redirect("/round.jpg", "/round.jpg")])
    assert "redirects more than 5 times" in done["message"]


def test_a_server_that_sends_in_chunks_and_closes(fetching: Person, web: Web) -> None:
    def chunked(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.send_header("Connection", "close")
        handler.end_headers()
        data = picture(3)
        for start in range(0, len(data), 700):
            piece = data[start : start + 700]
            handler.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
        handler.wfile.write(b"0\r\n\r\n")

    web.answers["/chunked.jpg"] = web.answers["/chunked2.jpg"] = chunked
    task, done = create(fetching, [f"{web.url}/chunked.jpg", f"{web.url}/chunked2.jpg"])
    assert done["status"] == "finished", done
    assert frames(fetching, task) == ["chunked.jpg", "chunked2.jpg"]


def check_refused(person: Person, urls: list[str], told: str) -> None:
    """Check that the work fails, and leaves neither files nor frames."""
    task, done = create(person, urls)
    assert done["status"] == "failed"
    assert told in done["message"], done["message"]
    assert person.get(f"/api/tasks/{task}").json()["data"] is None
    assert person.get("/api/jobs", params={"task_id": task}).json()["count"] == 0


class TestPrivateAddresses:
    def test_a_server_without_the_setting_refuses_this_machine(self, alice: Person, web: Web) -> None:
        url = web.put("/here.jpg", picture(1))
        for host in (f"127.0.0.1:{web.port}", f"localhost:{web.port}", f"2130706433:{web.port}", f"[::1]:{web.port}"):
            before = web.asked["/here.jpg"]
            _, done = create(alice, [url.replace(f"127.0.0.1:{web.port}", host)])
            assert done["status"] == "failed"
            assert "not public" in done["message"] or "no such host" in done["message"], done["message"]
            assert web.asked["/here.jpg"] == before

    def test_another_port_is_another_host(self, fetching: Person, intern: Web) -> None:
        check_refused(fetching, [f"{intern.url}/secret.jpg"], "may not fetch")
        assert not intern.asked

    @pytest.mark.parametrize(
        "target", ["{}/secret.jpg", "file:///etc/passwd", "http://169.254.169.254/latest/meta.jpg"]
    )
    def test_a_redirect_gains_nothing(self, fetching: Person, web: Web, intern: Web, target: str) -> None:
        url = web.redirect("/innocent.jpg", target.format(intern.url))
        check_refused(fetching, [url], "http://" if target.startswith("file") else "may not fetch")
        assert not intern.asked

    def test_the_setting_may_turn_it_off(self, tmp_path: Path, web: Web) -> None:
        server = EmbeddedServer(tmp_path / "off", remote_hosts=())
        try:
            admin = Site(server.url, server.token, tmp_path, tmp_path).admin()
            task = admin.post("/api/tasks", 201, json={"name": "remote"}).json()["id"]
            body = {"image_quality": 70, "remote_files": [f"{web.url}/a.jpg"]}
            assert "remote_hosts is empty" in admin.post(f"/api/tasks/{task}/data", 403, json=body).text
        finally:
            server.close()


class TestBadServers:
    def test_no_such_file(self, fetching: Person, web: Web) -> None:
        good = web.put("/good.jpg", picture(1))
        check_refused(
            fetching, [good, f"{web.url}/nothing.jpg"], "nothing.jpg cannot be fetched: the server answered 404"
        )

    def test_no_such_host(self, site: Site) -> None:
        _, done = create(site.person("alice"), ["http://no-such-host.invalid/a.jpg"])
        assert "no-such-host.invalid/a.jpg cannot be fetched: there is no such host" in done["message"]

    def test_no_picture(self, fetching: Person, web: Web) -> None:
        check_refused(fetching, [web.put("/text.jpg", b"no picture")], "text.jpg")

    def test_too_large(self, fetching: Person, web: Web) -> None:
        web.answers["/huge.jpg"] = lambda it: send(it, b"", {"Content-Length": "200001"})
        check_refused(fetching, [f"{web.url}/huge.jpg"], "huge.jpg is too large")

    def test_too_large_without_saying_so(self, fetching: Person, web: Web) -> None:
        def endless(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(200)
            handler.send_header("Connection", "close")
            handler.end_headers()
            for _ in range(1000):
                handler.wfile.write(bytes(10_000))

        web.answers["/endless.jpg"] = endless
        check_refused(fetching, [f"{web.url}/endless.jpg"], "endless.jpg is too large")

    def test_too_large_together(self, fetching: Person, web: Web) -> None:
        urls = [web.put(f"/sum/{number}.jpg", bytes(90_000)) for number in range(3)]
        check_refused(fetching, urls, "2.jpg is too large")

    def test_silence(self, fetching: Person, web: Web) -> None:
        web.answers["/silent.jpg"] = lambda it: time.sleep(1.5)
        check_refused(fetching, [f"{web.url}/silent.jpg"], "did not answer within 0.5 seconds")

    def test_drops(self, fetching: Person, web: Web) -> None:
        """Each byte comes in time, and all of them never."""

        def drip(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(200)
            handler.send_header("Content-Length", "1000")
            handler.end_headers()
            for _ in range(100):
                time.sleep(0.1)
                try:
                    handler.wfile.write(b"x")
                except OSError:
                    return

        web.answers["/drip.jpg"] = drip
        check_refused(fetching, [f"{web.url}/drip.jpg"], "took longer than 2 seconds")

    def test_an_early_end(self, fetching: Person, web: Web) -> None:
        def cut(handler: BaseHTTPRequestHandler) -> None:
            send(handler, picture(1), {"Content-Length": "50000"})
            handler.close_connection = True

        web.answers["/cut.jpg"] = cut
        check_refused(fetching, [f"{web.url}/cut.jpg"], "cut.jpg ends early")


@pytest.mark.parametrize(
    ("urls", "told"),
    [
        (["file:///etc/passwd"], "http://"),
        (["http://user:secret@example.org/a.jpg"], "user name"),
        (["http://example.org/"], "does not end in the name of a file"),
        (["http://example.org/a/..%2F.ssh"], "does not end in the name of a file"),
        (["http://example.org/a.jpg", "http://example.com/a.jpg"], "both called a.jpg"),
        ([f"http://example.org/{number}.jpg" for number in range(51)], "the limit is 50"),
    ],
)
def test_addresses_that_are_refused_at_once(fetching: Person, urls: list[str], told: str) -> None:
    task = fetching.post("/api/tasks", 201, json={"name": "remote"}).json()["id"]
    body = {"image_quality": 70, "remote_files": urls}
    assert told in fetching.post(f"/api/tasks/{task}/data", 400, json=body).text
    body |= {"remote_files": ["http://example.org/a.jpg"], "server_files": ["a.jpg"]}
    assert "not both" in fetching.post(f"/api/tasks/{task}/data", 400, json=body).text


def test_cancelling(fetching: Person, web: Web) -> None:
    """The owner need not wait for a slow server."""

    def slow(handler: BaseHTTPRequestHandler) -> None:
        time.sleep(0.3)
        send(handler, picture(1), {})

    urls = [f"{web.url}/slow/{number}.jpg" for number in range(10)]
    web.answers.update({f"/slow/{number}.jpg": slow for number in range(10)})
    task = fetching.post("/api/tasks", 201, json={"name": "remote"}).json()["id"]
    body = {"image_quality": 70, "remote_files": urls}
    number = fetching.post(f"/api/tasks/{task}/data", 202, json=body).json()["rq_id"]
    running = fetching.get(f"/api/requests/{number}").json()
    assert "Downloading" in running["message"]
    assert 0 <= running["progress"] < 0.7
    fetching.post(f"/api/requests/{number}/cancel")
    assert "Cancelled" in fetching.wait(number, "failed")["message"]
    assert web.asked["/slow/9.jpg"] == 0
