"""Which server the command line talks to, and as whom."""

from __future__ import annotations

import getpass
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest

import cvat_lab
from cvat_lab.cli import main
from cvat_lab.client import Lab
from cvat_lab_server.commands import add_user
from tests.cvat_lab.cli.default_server import answer_at

Type = Callable[..., tuple[int, str, str]]

PASSWORD = "a long secret"


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A server that people log in to; each of them has one task."""
    folder = tmp_path_factory.mktemp("workspace")
    for name in ("ann", getpass.getuser()):
        add_user(folder, name, PASSWORD)
    with cvat_lab.open(folder) as opened:
        for name in ("ann", getpass.getuser()):
            with cvat_lab.connect(opened.url, username=name, password=PASSWORD) as own:
                own.create_task(f"of {name}")
        yield opened


@pytest.fixture
def typed(lab: Lab, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Type:
    """Run a command on a machine where the server listens on port 8080; returns status, output and errors."""
    answer_at(monkeypatch, port_of(lab), "localhost", "example.com")
    for name in ("PASS", "CVAT_ACCESS_TOKEN"):
        monkeypatch.delenv(name, raising=False)

    def call(*words: str) -> tuple[int, str, str]:
        capsys.readouterr()
        status = main(words)
        shown = capsys.readouterr()
        return status, shown.out, shown.err

    return call


def port_of(lab: Lab) -> int:
    port = urlsplit(lab.url).port
    assert port is not None
    return port


def token_of(lab: Lab, user: str) -> str:
    with cvat_lab.connect(lab.url, username=user, password=PASSWORD) as own:
        answer = own.transport.send("POST", "api/auth/access_tokens", body={"name": "for scripts"})
    return str(answer.json()["value"])


@pytest.mark.req("R30.2")
def test_the_current_user_and_the_password_of_the_environment(typed: Type, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PASS", PASSWORD)
    assert f"of {getpass.getuser()}" in typed("ls")[1]
    assert "of ann" in typed("--auth", "ann", "ls")[1]


@pytest.mark.req("R30.2")
def test_the_password_is_asked(typed: Type, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(getpass, "getpass", lambda text: PASSWORD if "ann" in text else "")
    assert "of ann" in typed("--auth", "ann:", "--server-host", "example.com", "ls")[1]
    assert typed("--auth", "ann:wrong", "ls")[0] == 1


def test_an_access_token_of_the_environment(typed: Type, lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CVAT_ACCESS_TOKEN", token_of(lab, "ann"))
    for words in ([], ["--server-host", "localhost"], ["--url", lab.url]):
        status, out, err = typed(*words, "ls")
        assert (status, out.count("of ann"), out.count("\n")) == (0, 1, 1), err
    name = getpass.getuser()
    assert f"of {name}" in typed("--auth", f"{name}:{PASSWORD}", "ls")[1]


@pytest.mark.req("R30.2")
@pytest.mark.parametrize("host", ["127.0.0.1", "http://127.0.0.1"])
def test_host_and_port(typed: Type, lab: Lab, host: str) -> None:
    assert (
        "of ann"
        in typed("--auth", f"ann:{PASSWORD}", "--server-host", host, "--server-port", str(port_of(lab)), "ls")[1]
    )
    assert "of ann" in typed("--auth", f"ann:{PASSWORD}", "--server-host", f"{host}:{port_of(lab)}", "ls")[1]


def test_two_ports_are_refused(typed: Type) -> None:
    words = ("--auth", "ann:x", "--server-host", "http://localhost:1", "--server-port", "2", "ls")
    status, _, err = typed(*words)
    assert (status, "leave out --server-port" in err) == (1, True)


@pytest.mark.req("R30.2")
def test_a_workspace_without_any_server(tmp_path: Path, photos: list[Path], capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--workspace", str(tmp_path)]
    assert main([*words, "task", "create", "local", "--labels", '["cat"]', "local", str(photos[0])]) == 0
    assert main([*words, "ls"]) == 0
    assert capsys.readouterr().out == "1\n1,local,annotation\n"


@pytest.mark.req("R30.2")
def test_certificates_are_checked(typed: Type, tls: int) -> None:
    words = ("--https", "--server-host", "localhost", "--server-port", str(tls), "--auth", f"ann:{PASSWORD}")
    status, out, err = typed(*words, "ls")
    assert (status, out) == (1, "")
    assert "certificate" in err
    status, out, err = typed(*words, "--insecure", "ls")
    assert (status, err) == (0, "")
    assert "of ann" in out


@pytest.fixture
def tls(lab: Lab, tmp_path: Path) -> Iterator[int]:
    """A port that speaks TLS, with a certificate that nobody vouches for, in front of the server."""
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subject = ("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost")
    made = ("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *subject)
    subprocess.run([*made, "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=_accept, args=(listening, context, port_of(lab)), daemon=True).start()
        yield listening.getsockname()[1]


def _accept(listening: socket.socket, context: ssl.SSLContext, port: int) -> None:
    with suppress(OSError):
        while True:
            caller, _ = listening.accept()
            threading.Thread(target=_forward, args=(caller, context, port), daemon=True).start()


def _forward(caller: socket.socket, context: ssl.SSLContext, port: int) -> None:
    with (
        suppress(OSError),
        context.wrap_socket(caller, server_side=True) as outer,
        socket.create_connection(("127.0.0.1", port)) as inner,
    ):
        threading.Thread(target=_copy, args=(inner, outer), daemon=True).start()
        _copy(outer, inner)


def _copy(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
