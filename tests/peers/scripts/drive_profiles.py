"""How cvat-cli finds the server and says who it is: profiles, default server, access tokens, organizations.

Run with the clients' Python; the server is told by SERVER_URL, SERVER_USER and SERVER_PASSWORD.
"""

import os
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

from cvat_sdk import make_client, models

URL, USER, PASSWORD = (os.environ[f"SERVER_{name}"] for name in ("URL", "USER", "PASSWORD"))
CLI = Path(sys.executable).with_name("cvat-cli")
FUNCTION = (
    "import cvat_sdk.auto_annotation as cvataa\n"
    "def create(left):\n"
    "    return Detector(left)\n"
    "class Detector:\n"
    "    spec = cvataa.DetectionFunctionSpec(labels=[cvataa.label_spec('car', 0)])\n"
    "    def __init__(self, left):\n"
    "        self.left = left\n"
    "    def detect(self, context, image):\n"
    "        return [cvataa.rectangle(0, [self.left, 2, 30, 40])]\n"
)


def cli(*arguments: str, status: int = 0, **variables: str) -> str:
    """Run a command that is told nothing but its arguments and some variables."""
    environment = {**os.environ, **variables}
    done = subprocess.run([str(CLI), *arguments], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == status, f"{arguments}: {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done.stdout if status == 0 else done.stderr


def check_default_server(task: str) -> None:
    cli("config", "default-server", URL)
    assert URL in cli("config", "default-server")
    assert task in cli("--auth", USER, "task", "ls", PASS=PASSWORD).split()
    cli("config", "default-server", "--unset")


def check_tokens(task: str, token: str) -> None:
    assert task in cli("--server-host", URL, "task", "ls", CVAT_ACCESS_TOKEN=token).split()
    told = cli("--server-host", URL, "task", "ls", CVAT_ACCESS_TOKEN=f"{token}x", status=1)
    assert "401" in told, told


def check_profiles(task: str, token: str) -> None:
    told = cli("--server-host", URL, "profile", "create", token)
    assert "Saved profile 'for profiles'" in told, told
    assert cli("profile", "list", "--names-only").split("\n")[0] == "for profiles"
    assert cli("profile", "default").strip() == "for profiles"
    assert task in cli("task", "ls").split()
    assert task in cli("--profile", "for profiles", "ls").split()
    cli("profile", "delete", "for profiles")
    assert not cli("profile", "list").strip()


def check_organization(client) -> None:
    slug = f"cli-{uuid4().hex[:8]}"
    client.organizations.create(models.OrganizationWriteRequest(slug=slug, name="Of the command line"))
    own = ("--auth", USER, "--server-host", URL)
    labels = '[{"name": "car"}]'
    there = cli(*own, "--organization", slug, "task", "create", "there", "--labels", labels, "local", "image_000.jpg",
                PASS=PASSWORD).split()[-1]  # fmt: skip
    assert cli(*own, "--org", slug, "task", "ls", PASS=PASSWORD).split() == [there]
    assert there not in cli(*own, "--org", "", "task", "ls", PASS=PASSWORD).split()
    assert cli(*own, "--org", f"{slug}-none", "task", "ls", status=1, PASS=PASSWORD)
    cli(*own, "task", "delete", there, PASS=PASSWORD)


def check_functions(client, task: str) -> None:
    """A function from a file with a parameter; agents are refused in words."""
    Path("function.py").write_text(FUNCTION)
    own = ("--auth", USER, "--server-host", URL)
    function = ("--function-file", "function.py", "-p", "left=float:1.5")
    cli(*own, "auto-annotate", task, *function, "--conf-threshold", "0.5", PASS=PASSWORD)
    cli(*own, "task", "auto-annotate", task, *function, "--conv-mask-to-poly", PASS=PASSWORD)
    shapes = client.tasks.retrieve(int(task)).get_annotations().shapes
    assert [shape.points for shape in shapes] == [[1.5, 2, 30, 40]] * 2
    told = cli(*own, "function", "create-native", "agent", *function, status=1, PASS=PASSWORD)
    assert "404" in told or "501" in told, told


with make_client(URL, credentials=(USER, PASSWORD)) as sdk:
    made, _ = sdk.api_client.auth_api.create_access_tokens(models.AccessTokenWriteRequest(name="for profiles"))
    spec = models.TaskWriteRequest(name="seen", labels=[models.PatchedLabelRequest(name="car")])
    seen = sdk.tasks.create_from_data(spec, [Path("image_000.jpg")])
    number = str(seen.id)
    check_default_server(number)
    check_tokens(number, made.value)
    check_profiles(number, made.value)
    check_organization(sdk)
    check_functions(sdk, number)
    seen.remove()
    sdk.api_client.auth_api.destroy_access_tokens(made.id)
