"""Short ways to back up and restore."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from typing import Any

from tests.cvat_lab_server.site import Made, Person, zip_of

Archive = dict[str, bytes]
"""Members of a backup by name."""


def back_up(person: Person, made_id: int, target: str = "task") -> Archive:
    """Return the members of a backup."""
    request = person.post(f"/api/{target}s/{made_id}/backup/export", 202, params={"lightweight": "False"}).json()
    answer = person.get(person.wait(request["rq_id"])["result_url"])
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def start_restore(person: Person, content: bytes, target: str = "task") -> str:
    files = {f"{target}_file": ("backup.zip", content)}
    return str(person.post(f"/api/{target}s/backup", 202, files=files).json()["rq_id"])


def restore(person: Person, archive: Archive, target: str = "task") -> int:
    """Return the id of what was restored."""
    return int(person.wait(start_restore(person, zip_of(archive), target))["result_id"])


def spec(archive: Archive, name: str = "task.json") -> dict[str, Any]:
    return dict(json.loads(archive[name]))


def annotate(person: Person, made: Made) -> None:
    """Fill the first job with everything there is."""
    data = made.every_kind()
    values = [{"spec_id": made.specs["kind"], "value": "van"}, {"spec_id": made.specs["plate"], "value": 'ü "7"'}]
    data["shapes"] += [
        made.box(2, rotation=33.25, group=4, z_order=-3, occluded=True, source="auto", score=0.25, attributes=values),
        made.box(2, group=4, outside=True),
    ]
    parked = {"attributes": [{"spec_id": made.specs["parked"], "value": "true"}]}
    data["tracks"].append(made.track((0, 1), attributes=values))
    data["tracks"][-1]["shapes"][1] |= parked
    person.put(f"/api/jobs/{made.job}/annotations", json=data)


def tus(person: Person, content: bytes, name: str = "bk.zip", pieces: int = 3) -> str:
    """Upload as CVAT's clients do and return the request."""
    person.post("/api/tasks/backup/", 202, params={"filename": name}, headers={"Upload-Start": ""})
    encoded = base64.b64encode(name.encode()).decode()
    headers = {"Tus-Resumable": "1.0.0", "Upload-Length": str(len(content)), "Upload-Metadata": f"filename {encoded}"}
    made = person.post("/api/tasks/backup/", 201, headers=headers)
    size = -(-len(content) // pieces)
    for start in range(0, len(content), size):
        headers = {"Upload-Offset": str(start), "Content-Type": "application/offset+octet-stream"}
        person.patch(made.headers["Location"], 204, headers=headers, content=content[start : start + size])
    query = {"filename": made.headers["Upload-Filename"]}
    return str(person.post("/api/tasks/backup/", 202, params=query, headers={"Upload-Finish": ""}).json()["rq_id"])
