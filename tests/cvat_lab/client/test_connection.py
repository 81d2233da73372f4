"""Finding a server, and getting in."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import cvat_lab
from cvat_lab.client import Lab
from cvat_lab.client.discovery import addresses_around, addresses_of_url
from cvat_lab.errors import ConflictError, InvalidInputError, NotAuthenticatedError, ServerUnavailableError
from cvat_lab_server.embedded import EmbeddedServer

HEAVY = ("cv2", "av", "duckdb", "pandas", "datumaro", "pyarrow", "requests", "numpy", "jupyter_server")


def test_import_stays_light() -> None:
    code = f"import sys, cvat_lab; print([name for name in {HEAVY} if name in sys.modules])"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert loaded.strip() == "[]"


def test_import_takes_less_than_150_ms() -> None:
    command = [sys.executable, "-X", "importtime", "-c", "import cvat_lab"]
    times = []
    for _ in range(3):
        lines = subprocess.run(command, capture_output=True, text=True, check=True).stderr.splitlines()
        times.append(next(int(line.split("|")[1]) for line in lines if line.endswith("| cvat_lab")))
    assert min(times) < 150_000, f"microseconds: {times}"


def test_connect_by_address_and_token(server: EmbeddedServer) -> None:
    lab = cvat_lab.connect(server.url, server.token)
    assert lab.user.is_superuser
    assert repr(lab) == f"<Lab {server.url} as {lab.user.username}>"


def test_connect_finds_the_server_of_the_kernel(server: EmbeddedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CVAT_LAB_URL", server.url)
    monkeypatch.setenv("CVAT_LAB_TOKEN", server.token)
    assert cvat_lab.connect().url == server.url


def test_connect_finds_the_server_of_a_workspace(tmp_path: Path) -> None:
    with cvat_lab.open(tmp_path / "street") as lab:
        assert cvat_lab.connect(workspace=tmp_path / "street").url == lab.url
    with pytest.raises(ServerUnavailableError, match="no server has the workspace"):
        cvat_lab.connect(workspace=tmp_path / "street")


def test_connect_by_name_and_password(tmp_path: Path) -> None:
    from cvat_lab_server import commands

    commands.add_user(tmp_path, "ann", "a long secret")
    with cvat_lab.open(tmp_path) as lab:
        assert cvat_lab.connect(lab.url, username="ann", password="a long secret").user.username == "ann"
        with pytest.raises(NotAuthenticatedError, match="'ann'"):
            cvat_lab.connect(lab.url, username="ann", password="wrong")
    with pytest.raises(InvalidInputError, match="neither"):
        cvat_lab.connect(username="ann")


def test_access_token_logs_in(lab: Lab, server: EmbeddedServer) -> None:
    made = lab.transport.post("api/auth/access_tokens", {"name": "script"}, dict[str, object])
    assert str(made["value"]).startswith("cvl_")
    assert cvat_lab.connect(server.url, str(made["value"])).user.id == lab.user.id


def test_a_wrong_token_is_named(server: EmbeddedServer) -> None:
    with pytest.raises(NotAuthenticatedError, match="token="):
        cvat_lab.connect(server.url, "wrong")


def test_without_a_server_the_ways_out_are_told() -> None:
    with pytest.raises(ServerUnavailableError, match=r"cvat-lab serve .*cvat_lab\.open"):
        cvat_lab.connect()


def test_a_dead_address_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CVAT_LAB_URL", "http://127.0.0.1:9")
    with pytest.raises(ServerUnavailableError, match=r"127\.0\.0\.1:9 \(the environment variable CVAT_LAB_URL\)"):
        cvat_lab.connect()


@pytest.mark.parametrize(
    ("given", "tried"),
    [
        ("localhost:8080", ["http://localhost:8080", "http://localhost:8080/cvat-lab"]),
        ("http://hub/user/ann/lab/tree/a.ipynb?token=xyz", ["http://hub/user/ann", "http://hub/user/ann/cvat-lab"]),
        ("https://host/cvat-lab/", ["https://host/cvat-lab"]),
    ],
)
def test_addresses_are_taken_as_they_are_copied(given: str, tried: list[str]) -> None:
    found = addresses_of_url(given, None)
    assert [place.url for place in found] == tried
    assert {place.token for place in found} == ({"xyz"} if "xyz" in given else {""})


def test_the_environment_is_asked_first() -> None:
    environment = {"CVAT_LAB_URL": "http://a/cvat-lab/", "CVAT_LAB_TOKEN": "t", "CVAT_LAB_SERVICE_URL": "http://hub"}
    assert [(place.url, place.token) for place in addresses_around(environment)] == [("http://a/cvat-lab", "t")]
    hub = {"CVAT_LAB_SERVICE_URL": "http://hub/services/cvat-lab", "JUPYTERHUB_API_TOKEN": "h"}
    assert [(place.url, place.token) for place in addresses_around(hub)] == [("http://hub/services/cvat-lab", "h")]


def test_open_keeps_what_was_stored(tmp_path: Path) -> None:
    with cvat_lab.open(tmp_path) as lab:
        lab.create_project("kept", ["car"])
    with cvat_lab.open(tmp_path) as lab:
        assert lab.project("kept").labels.names == ["car"]


def test_a_second_open_uses_the_same_server(tmp_path: Path) -> None:
    first, second = cvat_lab.open(tmp_path), cvat_lab.open(tmp_path)
    assert second.url == first.url
    first.close()
    first.close()
    assert second.tasks() == []
    with pytest.raises(ConflictError, match="other options"):
        cvat_lab.open(tmp_path, share_root=tmp_path)
    second.close()
    with pytest.raises(ServerUnavailableError, match=second.url):
        second.tasks()


def test_a_workspace_of_another_process_is_reached_through_it(tmp_path: Path) -> None:
    code = (
        "import sys, cvat_lab; lab = cvat_lab.open(sys.argv[1]); lab.create_project('theirs')\n"
        "print(lab.url, flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        url = other.stdout.readline().strip()
        with cvat_lab.open(tmp_path) as lab:
            assert lab.url == url
            assert [project.name for project in lab.projects()] == ["theirs"]
        other.communicate("")
