"""One task for everybody: a real JupyterHub, its proxy, the service, and the users' own JupyterLabs."""

from __future__ import annotations

import io
import shutil
import threading
import time
import uuid
import zipfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import cv2
import httpx
import numpy as np
import psutil
import pytest

from tests.cvat_lab_server.site import Made, Person
from tests.hub.people import HubUser
from tests.hub.process import BASE_URL, PROXY, ROOT, SERVICE, HubProcess
from tests.media_samples import photo
from tests.processes import bearer, processes_in

CHROMIUM = shutil.which("chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
PANEL = ROOT / "server_ext" / "cvat_lab_server" / "labextension" / "package.json"

FROM_SCRIPT = {"Sec-Fetch-Mode": "cors", "Sec-Fetch-Site": "same-origin"}
"""What browsers send with ``fetch()`` from a page of the same origin."""

RESTART_SECONDS = 50.0
"""The Hub looks every 30 seconds whether its services run."""

pytestmark = [
    pytest.mark.hub,
    pytest.mark.skipif(not PROXY.exists(), reason="needs `npm install`"),
]


# who is who


@pytest.mark.req("R2.23")
@pytest.mark.parametrize("scheme", ["token", "Bearer"])
def test_everybody_is_himself_in_his_own_server_and_in_the_service(alice: HubUser, bob: HubUser, scheme: str) -> None:
    for user in (alice, bob):
        for url in (f"{user.server}/cvat-lab", user.service):
            me = Person(url, headers={"Authorization": f"{scheme} {user.token}"}).get("/api/users/self").json()
            assert (me["username"], me["is_superuser"]) == (user.name, False)
            assert me["url"] == f"{url}/api/users/{me['id']}"


@pytest.mark.req("R2.23")
def test_administrators_of_the_hub_are_administrators_here(admin: HubUser) -> None:
    me = admin.at_service().get("/api/users/self").json()
    assert (me["username"], me["is_superuser"], me["groups"]) == ("admin", True, ["admin"])


def test_users_can_be_given_work_before_they_come(alice: HubUser) -> None:
    """``carol`` has no session, no token and no server yet when this file's first tests run."""
    users = alice.at_service().get("/api/users").json()["results"]
    assert {user["username"] for user in users} == {"alice", "bob", "carol", "admin"}


def test_browsers_log_in_through_the_hub(alice: HubUser) -> None:
    page = alice.visit_service()
    assert page.status_code == 200
    assert "You are alice." in page.text
    assert f"{alice.hub.url}{SERVICE}" in page.text


def test_addresses_follow_the_proxy_in_front_of_the_hub(alice: HubUser) -> None:
    """One that speaks HTTPS and passes the public name on, as nginx is told to in the documentation."""
    front = {"Host": "hub.example.org", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "hub.example.org"}
    for person, path in ((alice.through_server(), f"{BASE_URL}user/alice/cvat-lab"), (alice.at_service(), SERVICE)):
        me = person.get("/api/users/self", headers=front).json()
        assert me["url"] == f"https://hub.example.org{path}/api/users/{me['id']}"


# who is kept out


def test_a_token_opens_its_owners_server_only(alice: HubUser, bob: HubUser) -> None:
    foreign = Person(f"{bob.server}/cvat-lab", headers=bearer(alice.token))
    assert foreign.get("/api/users/self", None).status_code in (401, 403)


def test_a_token_needs_the_scope_of_the_service(alice: HubUser) -> None:
    narrow = Person(alice.service, headers=bearer(alice.new_token("read:users:name!user=alice")))
    assert "access:services!service=cvat-lab" in narrow.get("/api/tasks", 403).json()["detail"]


@pytest.mark.parametrize("headers", [{}, bearer("of nobody")], ids=["anonymous", "unknown token"])
def test_strangers_get_an_error_and_no_redirect(alice: HubUser, headers: dict[str, str]) -> None:
    for url in (alice.service, f"{alice.server}/cvat-lab"):
        stranger = Person(url, headers=headers)
        stranger.get("/api/tasks", 401)
        stranger.post("/api/tasks", 401, json={"name": "mine"})


def test_cookies_count_only_with_the_xsrf_token(alice: HubUser) -> None:
    alice.visit_service()
    for url, path in ((alice.service, f"{SERVICE}/"), (f"{alice.server}/cvat-lab", f"{BASE_URL}user/alice/")):
        right = {"X-XSRFToken": alice.xsrf(path)}
        for headers, allowed in (({}, False), ({"X-XSRFToken": "guessed"}, False), (right, True)):
            made = alice.browser.post(f"{url}/api/projects", json={"name": "by cookie"}, headers=headers)
            read = alice.browser.get(f"{url}/api/users/self", headers={**FROM_SCRIPT, **headers})
            assert (made.status_code == 201) is allowed, made.text
            assert (read.status_code == 200) is allowed, read.text
            assert allowed or {made.status_code, read.status_code} <= {401, 403}
        assert read.json()["username"] == "alice"


# who may do what


@pytest.mark.req("R2.23")
def test_the_assignee_opens_the_task_in_his_own_jupyterlab(bob: HubUser, shared: Made) -> None:
    for person in (bob.through_server(), bob.at_service()):
        assert person.get(f"/api/tasks/{shared.task}").json()["name"] == "crossing"
        opened = person.get(f"/api/lab/jobs/{shared.job}/open")
        size = int.from_bytes(opened.content[:4], "little")
        assert f'"id":{shared.job}'.encode() in opened.content[4 : 4 + size]
        frame = person.get(f"/api/jobs/{shared.job}/data", params={"type": "frame", "number": 0, "quality": "original"})
        assert cv2.imdecode(np.frombuffer(frame.content, np.uint8), cv2.IMREAD_COLOR).shape == (48, 64, 3)


def test_he_may_annotate_his_job_and_nobody_elses(bob: HubUser, shared: Made) -> None:
    person, tag = bob.through_server(), {"tags": [shared.tag(0)]}
    person.put(f"/api/jobs/{shared.job}/annotations", json=tag)
    denied = person.put(f"/api/jobs/{shared.jobs[1]}/annotations", 403, json={"tags": [shared.tag(2)]})
    assert "bob may not annotate the job" in denied.text
    person.delete(f"/api/tasks/{shared.task}", 403)
    person.put(f"/api/jobs/{shared.job}/annotations", json={})


def test_who_has_no_part_in_it_sees_nothing(carol: HubUser, shared: Made) -> None:
    person = carol.at_service()
    for path in (f"tasks/{shared.task}", f"jobs/{shared.job}", f"jobs/{shared.job}/annotations"):
        person.get(f"/api/{path}", 403)
    assert person.get("/api/tasks").json()["count"] == 0
    assert person.get("/api/jobs").json()["count"] == 0


def test_queries_see_what_their_author_may_see(alice: HubUser, bob: HubUser, carol: HubUser, shared: Made) -> None:
    private = alice.through_server().create_task(1, name="private")
    boxes = {"shapes": [shared.box(0, left=1.0), shared.box(1, left=5.0)]}
    alice.through_server().put(f"/api/jobs/{shared.job}/annotations", json=boxes)
    alice.at_service().put(f"/api/jobs/{private.job}/annotations", json={"shapes": [private.box()]})
    query = "SELECT (SELECT count(*) FROM tasks) AS tasks, (SELECT count(*) FROM shapes) AS shapes"
    for person in (alice.through_server(), alice.at_service()):
        assert person.sql(query) == [{"tasks": 2, "shapes": 3}]
    for person in (bob.through_server(), bob.at_service()):
        assert person.sql(query) == [{"tasks": 1, "shapes": 2}]
    assert carol.at_service().sql(query) == [{"tasks": 0, "shapes": 0}]
    alice.at_service().delete(f"/api/tasks/{private.task}")
    alice.at_service().put(f"/api/jobs/{shared.job}/annotations", json={})


# large bodies


def test_large_files_pass_through_both_proxies(alice: HubUser) -> None:
    """Up by TUS and down as an export; every address in an answer leads back the way the request came."""
    person, prefix = alice.through_server(), f"{alice.server}/cvat-lab/api/"
    picture = large_picture()
    task = person.post("/api/tasks", 201, json={"name": "large", "labels": [{"name": "car"}]}).json()
    assert task["url"] == f"{prefix}tasks/{task['id']}"
    data = f"/api/tasks/{task['id']}/data"
    person.post(data, 202, headers={"Upload-Start": "true"})
    name = {"Upload-Length": str(len(picture)), "Upload-Metadata": "filename bGFyZ2UucG5n"}
    location = person.post(data, 201, headers=name).headers["Location"]
    assert location.startswith(f"{prefix}uploads/")
    for start in range(0, len(picture), 4_000_000):
        person.patch(location, 204, content=picture[start : start + 4_000_000], headers={"Upload-Offset": str(start)})
    person.wait(person.post(data, 202, headers={"Upload-Finish": "true"}, json={"image_quality": 70}).json()["rq_id"])

    query = {"format": "CVAT for images 1.1", "save_images": "true"}
    export = person.post(f"/api/tasks/{task['id']}/dataset/export", 202, params=query).json()["rq_id"]
    result_url = person.wait(export)["result_url"]
    assert result_url.startswith(f"{prefix}tasks/{task['id']}/dataset/download")
    archive = person.get(result_url)
    assert int(archive.headers["Content-Length"]) == len(archive.content) > 5_000_000
    with zipfile.ZipFile(io.BytesIO(archive.content)) as opened:
        assert picture in {opened.read(entry) for entry in opened.namelist()}


def large_picture() -> bytes:
    """Return a photograph that does not compress: about 8 MB of PNG."""
    pixels = cv2.resize(photo("china.jpg"), (2048, 1366)).astype(np.int16)
    noise = np.random.default_rng(1).integers(-60, 60, pixels.shape, np.int16)
    done, data = cv2.imencode(".png", np.clip(pixels + noise, 0, 255).astype(np.uint8))
    assert done
    return bytes(data.tobytes())


# everybody at once


@dataclass
class Annotator:
    """Draws boxes into a job and follows what others draw, as the editor does.

    Attributes
    ----------
    seen
        Left edges of all boxes, his own and those of others.
    conflicts
        How often somebody else was first.
    patience
        Seconds to go on trying while no server answers.
    """

    person: Person
    made: Made
    base: int
    seen: set[float] = field(default_factory=set)
    acknowledged: set[float] = field(default_factory=set)
    conflicts: int = 0
    patience: float = 0.0

    @property
    def path(self) -> str:
        return f"/api/lab/jobs/{self.made.job}"

    def draw(self, lefts: Iterable[float]) -> None:
        """Save one box after the other, each as a change set of its own."""
        for left in lefts:
            self._save(left)
            self.seen.add(left)
            self.acknowledged.add(left)

    def catch_up(self) -> None:
        """Take in what others have saved since."""
        self._take(self.person.get(f"{self.path}/changes", params={"since": self.base}).json())

    def _save(self, left: float) -> None:
        change = {"change_id": uuid.uuid4().hex, "created": {"shapes": [self.made.box(0, left=left)]}}
        end = time.monotonic() + self.patience
        while True:
            answer = self._send({**change, "base_revision": self.base})
            if answer is not None and answer.status_code == 200:
                self.base = answer.json()["revision"]
                return
            if answer is not None and answer.status_code == 409:
                self.conflicts += 1
                self._take(answer.json())
                continue
            assert answer is None or answer.status_code in (502, 503), answer.text
            assert time.monotonic() < end, "the service did not come back"
            time.sleep(0.2)

    def _send(self, change: dict[str, Any]) -> httpx.Response | None:
        try:
            return self.person.patch(f"{self.path}/annotations", None, json=change)
        except httpx.TransportError:
            return None

    def _take(self, answer: dict[str, Any]) -> None:
        self.seen |= {shape["points"][0] for shape in answer["missed"]["created"]["shapes"]}
        self.base = answer["revision"]


def stored_lefts(person: Person, made: Made) -> list[float]:
    shapes = person.get(f"/api/jobs/{made.job}/annotations").json()["shapes"]
    return sorted(shape["points"][0] for shape in shapes)


def start_revision(person: Person, made: Made) -> int:
    person.delete(f"/api/jobs/{made.job}/annotations")
    return int(person.get(f"/api/lab/jobs/{made.job}/changes", params={"since": 0}).json()["revision"])


def test_edits_of_one_job_at_the_same_time_are_all_kept(alice: HubUser, bob: HubUser, shared: Made) -> None:
    count = 30
    base = start_revision(alice.through_server(), shared)
    both = [Annotator(user.through_server(), shared, base) for user in (alice, bob)]
    together = threading.Barrier(2)

    def work(number: int) -> None:
        together.wait()
        both[number].draw(float(number * 1000 + step) for step in range(count))

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(work, range(2)))
    expected = sorted(float(number * 1000 + step) for number in range(2) for step in range(count))
    assert stored_lefts(bob.at_service(), shared) == expected
    assert sum(one.conflicts for one in both) >= 1, "both began at one revision, so somebody must have been told"
    for one in both:
        one.catch_up()
        assert sorted(one.seen) == expected, "what they saw on the way adds up to what is stored"


# kernels and browsers


def test_a_kernel_is_its_user(alice: HubUser, shared: Made) -> None:
    code = (
        "import cvat_lab, os\n"
        "lab = cvat_lab.connect()\n"
        f"print(lab.user.username, lab.task({shared.task}).name, lab.url, os.environ['CVAT_LAB_PATH'])"
    )
    path = f"{BASE_URL}user/alice/cvat-lab"
    name, task, url, page_path = alice.run(code).split()
    assert (name, task, page_path) == ("alice", "crossing", path)
    assert url.endswith(path)


@pytest.fixture
def page(alice: HubUser) -> Any:
    """A page of alice's browser, which has just logged in to the Hub by its form."""
    playwright = pytest.importorskip("playwright.sync_api")
    if CHROMIUM is None:
        pytest.skip("needs chromium")
    with playwright.sync_playwright() as p:
        browser = p.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1400, "height": 900})
        page.set_default_timeout(40_000)
        page.goto(f"{alice.hub.url}{BASE_URL}hub/login?next={BASE_URL}user/alice/lab")
        page.fill("#username_input", alice.name)
        page.fill("#password_input", alice.password)
        page.click("#login_submit")
        page.wait_for_url("**/user/alice/lab**")
        yield page
        browser.close()


@pytest.mark.e2e
def test_a_page_of_jupyterlab_reaches_the_service(page: Any, alice: HubUser, shared: Made) -> None:
    script = """async ([path, task]) => {
        const xsrf = document.cookie.split('; ').find((entry) => entry.startsWith('_xsrf=')).slice(6);
        const call = async (url, headers, options) => (await fetch(path + url, { headers, ...options }));
        const me = await (await call('/api/users/self', { 'X-XSRFToken': xsrf })).json();
        const found = await (await call(`/api/tasks/${task}`, { 'X-XSRFToken': xsrf })).json();
        const forged = await call('/api/projects', { 'Content-Type': 'application/json' },
          { method: 'POST', body: '{"name": "forged"}' });
        const picture = await new Promise((done) => {
            const image = new Image();
            image.onload = () => done(image.naturalWidth);
            image.onerror = () => done(0);
            image.src = `${path}/api/tasks/${task}/preview`;
        });
        return [me.username, found.name, found.url, forged.status, picture];
    }"""
    path = f"{BASE_URL}user/alice/cvat-lab"
    name, task, url, forged, width = page.evaluate(script, [path, shared.task])
    assert (name, task, forged) == ("alice", "crossing", 401)
    assert url == f"{alice.hub.url}{path}/api/tasks/{shared.task}"
    assert width > 0, "the preview did not load; <img> sends no header"


@pytest.mark.e2e
@pytest.mark.skipif(not PANEL.exists(), reason="needs `npm run build`")
def test_the_panel_shows_the_task(page: Any, shared: Made) -> None:
    page.wait_for_selector("#jp-left-stack", state="attached")
    page.click('[data-id="cvat-lab-panel"]')
    page.wait_for_selector("#cvat-lab-panel >> text=crossing")


# accidents


def test_nothing_that_was_saved_is_lost_when_the_service_is_killed(
    hub: HubProcess, alice: HubUser, bob: HubUser, shared: Made
) -> None:
    """The annotators send the change whose answer never came again; its id keeps it from being applied twice."""
    count = 20
    people = alice.through_server(), bob.at_service()
    base = start_revision(people[0], shared)
    both = [Annotator(person, shared, base, patience=RESTART_SECONDS) for person in people]
    old = hub.service_process()
    with ThreadPoolExecutor(2) as threads:
        working = [
            threads.submit(one.draw, [float(number * 1000 + step) for step in range(count)])
            for number, one in enumerate(both)
        ]
        while min(len(one.acknowledged) for one in both) < 3:
            time.sleep(0.01)
        old.kill()
        for future in working:
            future.result()
    assert hub.service_process().pid != old.pid
    assert stored_lefts(people[0], shared) == sorted(left for one in both for left in one.acknowledged)
    assert len(both[0].acknowledged) == len(both[1].acknowledged) == count


def test_a_hub_that_was_killed_leaves_the_workspace_free(hub: HubProcess) -> None:
    """The last test: the next Hub needs the port of the service, and its workspace."""
    service = hub.service_process()
    assert hub.process is not None
    psutil.Process(hub.process.pid).kill()
    hub.process.wait()
    service.wait(timeout=20)
    assert str(hub.workspace) not in {part for process in processes_in(hub.folder) for part in process.cmdline()}
