"""Backups by cvat-cli and cvat-sdk: saved, restored and saved again, the two archives hold the same.

Run with the clients' Python in a folder of pictures; the server is told by SERVER_URL, SERVER_USER and SERVER_PASSWORD.
"""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

from cvat_sdk import Client, Config, models
from cvat_sdk.core.exceptions import BackgroundRequestException
from cvat_sdk.core.proxies.tasks import ResourceType

URL, USER, PASSWORD = (os.environ[f"SERVER_{name}"] for name in ("URL", "USER", "PASSWORD"))
CLI = Path(sys.executable).with_name("cvat-cli")
PICTURES = sorted(Path.cwd().glob("image_*.jpg"))[:12]
FAST = Config(status_check_period=0.1, verify_ssl=None)
KIND = {"name": "kind", "mutable": False, "input_type": "select", "values": ["suv", "van"]}


def cli(*arguments: str, status: int = 0) -> str:
    command = [str(CLI), "--auth", f"{USER}:{PASSWORD}", "--server-host", URL, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == status, f"{arguments}: {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done.stdout if status == 0 else done.stderr


def members(path: Path) -> dict:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def annotated(client: Client, **fields) -> models.TaskRead:
    """Make a task of three jobs with annotations in it."""
    if "project_id" not in fields:
        fields["labels"] = [{"name": "car", "attributes": [KIND]}]
    task = client.tasks.create_from_data(
        models.TaskWriteRequest(name="kept", segment_size=5, overlap=1, **fields),
        resource_type=ResourceType.LOCAL,
        resources=PICTURES,
    )
    [label] = task.get_labels()
    value = [models.AttributeValRequest(spec_id=label.attributes[0].id, value="van")]
    shapes = [
        models.LabeledShapeRequest(
            type="rectangle", label_id=label.id, frame=n, points=[1.5, 2, 30, 40], rotation=20.5, attributes=value
        )
        for n in range(len(PICTURES))
    ]
    keys = [models.TrackedShapeRequest(type="rectangle", frame=n, points=[n, 2, 30, 40]) for n in (0, 3)]
    tracks = [models.LabeledTrackRequest(label_id=label.id, frame=0, shapes=keys)]
    task.set_annotations(models.LabeledDataRequest(tags=[], shapes=shapes, tracks=tracks))
    task.remove_frames_by_ids([2, 7])
    return task


def check_tasks(client: Client) -> None:
    task = annotated(client)
    task.download_backup("sdk.zip")
    again = client.tasks.create_from_backup("sdk.zip")
    assert again.id != task.id
    assert (again.name, again.size, again.segment_size, again.overlap) == ("kept", len(PICTURES), 5, 1)
    assert again.get_meta().deleted_frames == [2, 7]
    assert len(again.get_annotations().shapes) == len(PICTURES)
    again.download_backup("again.zip")
    assert members("again.zip") == members("sdk.zip")
    client.tasks.remove_by_ids([task.id, again.id])


def check_projects(client: Client) -> None:
    project = client.projects.create_from_dataset(
        models.ProjectWriteRequest(name="zoo", labels=[{"name": "car", "attributes": [KIND]}])
    )
    annotated(client, project_id=project.id)
    project.download_backup("zoo.zip")
    again = client.projects.create_from_backup("zoo.zip")
    [task] = again.get_tasks()
    assert (again.name, task.name) == ("zoo", "kept")
    again.download_backup("zoo2.zip")
    assert members("zoo2.zip") == members("zoo.zip")
    project.remove()
    again.remove()


def check_refused(client: Client) -> None:
    Path("bad.zip").write_bytes(b"this is no archive")
    told = "nothing was refused"
    try:
        client.tasks.create_from_backup("bad.zip")
    except BackgroundRequestException as error:
        told = str(error)
    assert "not a readable zip" in told, told


def check_commands(client: Client) -> None:
    task = annotated(client)
    cli("task", "backup", str(task.id), "cli.zip", "--completion_verification_period", "1")
    told = cli("task", "create-from-backup", "cli.zip", "--completion_verification_period", "1")
    made = told.strip().splitlines()[-1]
    assert made in [str(item["id"]) for item in json.loads(cli("task", "ls", "--json"))], told
    cli("export", made, "cli2.zip")  # the name of the manual, before commands were grouped
    assert members("cli2.zip") == members("cli.zip")
    old = cli("import", "cli2.zip").strip().splitlines()[-1]
    project = client.projects.create(models.ProjectWriteRequest(name="zoo", labels=[{"name": "car"}]))
    cli("project", "backup", str(project.id), "empty.zip")
    told = cli("project", "create-from-backup", "empty.zip")
    copy = told.strip().splitlines()[-1]
    assert copy in cli("project", "ls").split(), told
    cli("project", "delete", str(project.id), copy)
    cli("task", "delete", str(task.id), made, old)
    assert "not a readable zip" in cli("task", "create-from-backup", "bad.zip", status=1)


with Client(URL, config=FAST, check_server_version=True) as client:
    client.login((USER, PASSWORD))
    check_tasks(client)
    check_projects(client)
    check_refused(client)
    check_commands(client)
    client.logout()
