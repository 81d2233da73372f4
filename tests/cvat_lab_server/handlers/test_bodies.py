"""Bodies that are too large, broken off or not what they claim to be; and that nothing is left of them."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlparse

import pytest

from cvat_lab.errors import InvalidInputError, TooLargeError
from cvat_lab_server.handlers.bodies import FIELD_LIMIT, Body, MemoryBody, MultipartBody
from cvat_lab_server.handlers.routing import JSON_LIMIT
from cvat_lab_server.handlers.uploading import BATCH_LIMIT, PIECE_LIMIT
from tests.cvat_lab_server.site import Made, Person, Site, picture

FORM = "multipart/form-data; boundary=x"
FILE = b'--x\r\nContent-Disposition: form-data; name="client_files[0]"; filename="a.jpg"\r\n\r\n'


def send(site: Site, method: str, path: str, size: int, sent: bytes = b"", **headers: str) -> socket.socket:
    """Announce a body of some size, send no more of it than ``sent``, and return the open connection."""
    place = urlparse(site.url)
    fields = {"Host": place.netloc, "Authorization": f"Bearer {site.token}", "Content-Length": str(size), **headers}
    head = [f"{method} {path} HTTP/1.1", *(f"{name.replace('_', '-')}: {value}" for name, value in fields.items())]
    connection = socket.create_connection((place.hostname, place.port), timeout=30)
    connection.sendall("\r\n".join([*head, "", ""]).encode() + sent)
    return connection


def receive(connection: socket.socket) -> tuple[int, str]:
    """Return the status and the detail of an error."""
    answer = b""
    while not answer.endswith(b"}"):
        piece = connection.recv(65536)
        assert piece, f"the server hung up without a whole answer: {answer!r}"
        answer += piece
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split()[1]), json.loads(body)["detail"]


def left(folder: Path) -> list[Path]:
    """Return what uploads on their way have left below a folder."""
    return list(folder.rglob("incoming-*"))


@pytest.mark.parametrize(
    ("method", "path", "limit", "headers"),
    [
        ("PUT", "/api/jobs/{job}/annotations", JSON_LIMIT, {}),
        ("PATCH", "/api/lab/jobs/{job}/annotations", JSON_LIMIT, {}),
        ("POST", "/api/lab/sql", JSON_LIMIT, {}),
        ("POST", "/api/tasks/{task}/data", BATCH_LIMIT, {"Content_Type": FORM, "Upload_Multiple": "true"}),
        ("PATCH", "/api/uploads/" + 32 * "0", PIECE_LIMIT, {"Upload_Offset": "0"}),
    ],
)
def test_a_body_is_refused_by_its_announced_size(
    site: Site, made: Made, method: str, path: str, limit: int, headers: dict[str, str]
) -> None:
    """Before it is sent; the answer names both sizes and what to do."""
    path = path.format(job=made.job, task=made.task)
    with send(site, method, path, limit + 1, **headers) as connection:
        status, told = receive(connection)
    assert status == 413
    assert told == f"the body has more than {limit:,} bytes; the limit is {limit:,}. Send it in smaller parts"
    assert left(site.workspace) == []


@pytest.mark.parametrize("kind", ["json", "form"])
def test_a_body_that_breaks_off_changes_nothing(site: Site, alice: Person, fresh: Made, kind: str) -> None:
    """What had arrived would have been a valid body, or a whole file."""
    alice.put(f"/api/jobs/{fresh.job}/annotations", json={"shapes": [fresh.box()]})
    before = alice.get(f"/api/jobs/{fresh.job}").json()
    path = f"/api/jobs/{fresh.job}/annotations"
    if kind == "json":
        sent = b'{"shapes": []}'
        send(site, "PUT", path, len(sent) + 1, sent).close()
    else:
        sent = FILE + picture(1) + b"\r\n--x"
        with send(site, "POST", path, len(sent) + 1, sent, Content_Type=FORM):
            wait_until(lambda: left(site.workspace))
    wait_until(lambda: not left(site.workspace))
    assert alice.get(f"/api/jobs/{fresh.job}").json() == before


def wait_until(reached: Callable[[], object]) -> None:
    end = time.monotonic() + 20
    while not reached():
        assert time.monotonic() < end
        time.sleep(0.005)


@pytest.mark.parametrize("kind", ["json", "form"])
def test_a_body_of_unknown_size_is_refused_once_it_is_too_large(tmp_path: Path, kind: str) -> None:
    body: Body = MemoryBody(100) if kind == "json" else MultipartBody(FORM, 100, tmp_path)
    body.write((FILE + bytes(90))[:90] if kind == "form" else bytes(90))
    with pytest.raises(TooLargeError, match="the limit is 100"):
        body.write(bytes(11))
    body.discard()
    assert left(tmp_path) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (FILE + b"pixels", "ends too early"),
        (FILE + b"pixels\r\n--y--", "ends too early"),
        (b"no boundary at all", "malformed multipart body"),
        (FILE.replace(b"a.jpg", b"..") + b"pixels\r\n--x--", "'..' is not a file name"),
        (FILE.replace(b"a.jpg", 241 * b"a") + b"pixels\r\n--x--", "longer than 240 bytes; shorten it"),
    ],
)
def test_forms_that_are_none(tmp_path: Path, text: bytes, told: str) -> None:
    body = MultipartBody(FORM, 10_000, tmp_path)
    with pytest.raises(InvalidInputError, match=told):
        write(body, text)
    body.discard()
    assert left(tmp_path) == []


def write(body: Body, text: bytes) -> None:
    body.write(text)
    body.finish()


def test_a_form_without_a_boundary_is_explained(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="needs a boundary"):
        MultipartBody("multipart/form-data", 100, tmp_path)
    assert left(tmp_path) == []


def test_a_text_field_has_a_limit_of_its_own(tmp_path: Path) -> None:
    body = MultipartBody(FORM, 10 * FIELD_LIMIT, tmp_path)
    with pytest.raises(TooLargeError, match="form field 'name' is larger than"):
        body.write(b'--x\r\nContent-Disposition: form-data; name="name"\r\n\r\n' + bytes(FIELD_LIMIT + 1))
    body.discard()
