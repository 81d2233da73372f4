"""The browser's client against the real server: every call that the editor and the pages make."""

from __future__ import annotations

import base64
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest

from cvat_lab_server.embedded import EmbeddedServer

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

SKELETON_SVG = (
    '<line data-type="edge" data-node-from="1" data-node-to="2" x1="10" y1="10" x2="90" y2="90"></line>'
    '<circle data-type="element node" data-element-id="1" data-node-id="1" data-label-name="head" cx="10" cy="10">'
    '</circle><circle data-type="element node" data-element-id="2" data-node-id="2" data-label-name="tail" cx="90" '
    'cy="90"></circle>'
)
LABELS = [
    {
        "name": "car",
        "attributes": [
            {"name": "kind", "mutable": False, "input_type": "select", "values": ["suv", "van"], "default_value": "van"}
        ],
    },
    {
        "name": "cat",
        "type": "skeleton",
        "svg": SKELETON_SVG,
        "sublabels": [{"name": "head", "type": "points"}, {"name": "tail", "type": "points"}],
    },
]


def picture(number: int) -> bytes:
    """Return a PNG whose colour tells its number."""
    pixels = np.full((48, 64, 3), (10 * number, 200, 30), np.uint8)
    done, data = cv2.imencode(".png", pixels[..., ::-1])
    assert done
    return data.tobytes()


def video(path: Path) -> bytes:
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt, stream.gop_size = 160, 96, "yuv420p", 12
        stream.options = {"bf": "2"}
        for number in range(30):
            pixels = np.full((96, 160, 3), 8 * number, np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
        container.mux(stream.encode())
    return path.read_bytes()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedServer]:
    running = EmbeddedServer(tmp_path_factory.mktemp("workspace"))
    yield running
    running.close()


@pytest.fixture(scope="module")
def script() -> str:
    command = [ESBUILD, HARNESS, "--bundle", "--format=esm"]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


@pytest.fixture(scope="module")
def context() -> Iterator[Any]:
    with playwright.sync_playwright() as p:
        browser = p.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser.new_context(bypass_csp=True)
        browser.close()


def open_page(context: Any, server: EmbeddedServer, script: str) -> Any:
    """Open a page of the server's origin with the client in it; answers of the API may forbid scripts."""
    page = context.new_page()
    page.goto(f"{server.url}/api/server/about")
    page.add_script_tag(content=script, type="module")
    page.wait_for_function("() => globalThis.openHarness")
    page.evaluate(
        "([url, token]) => { globalThis.api = new client.Api(new client.HttpTransport(url, { token })); }",
        [server.url, server.token],
    )
    return page


@pytest.fixture
def page(context: Any, server: EmbeddedServer, script: str) -> Iterator[Any]:
    opened = open_page(context, server, script)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def made(context: Any, server: EmbeddedServer, script: str) -> dict[str, int]:
    """Make a project with a task of five images, through the client."""
    page = open_page(context, server, script)
    result = page.evaluate(
        """async ([labels, pictures]) => {
            const project = await api.createProject({ name: 'pets', labels });
            const task = await api.createTask({ name: 'five', project_id: project.id });
            const files = pictures.map((text, i) => ({
                name: `picture ${i}.png`,
                blob: new Blob([Uint8Array.from(atob(text), (c) => c.charCodeAt(0))], { type: 'image/png' }),
            }));
            const seen = [];
            const options = { batchFiles: 2, onProgress: (progress) => seen.push(progress) };
            const request = await client.uploadTaskData(api, task.id, files, { image_quality: 80 }, options);
            await api.transfers.wait(request);
            const [job] = (await api.jobs({ task_id: task.id })).results;
            return { project: project.id, task: task.id, job: job.id, last: seen.at(-1) };
        }""",
        [LABELS, [base64.b64encode(picture(number)).decode() for number in range(5)]],
    )
    page.close()
    last = result.pop("last")
    assert last["sent"] == last["total"] == sum(len(picture(number)) for number in range(5))
    return dict(result)


def test_the_page_finds_the_server(page: Any, server: EmbeddedServer) -> None:
    active = page.evaluate(
        """async ([url, token]) => {
            const comm = { request: () => { throw new Error('comm was used'); }, url: () => null };
            const transport = new client.FallbackTransport(new client.HttpTransport(url, { token }), comm);
            await new client.Api(transport).self();
            return transport.active;
        }""",
        [server.url, server.token],
    )
    assert active == "http"


def test_lists(page: Any, made: dict[str, int]) -> None:
    found = page.evaluate(
        """async ({ project, task }) => {
            const filter = { '==': [{ var: 'name' }, 'five'] };
            const tasks = await api.tasks({ filter, project_id: project, page_size: 5, sort: '-id', search: 'five' });
            const labels = await api.labels({ kind: 'task', id: task });
            return {
                tasks: tasks.results.map(({ id }) => id),
                none: (await api.tasks({ search: 'no such task' })).count,
                labels: labels.map(({ name, sublabels }) => [name, ...sublabels.map((s) => s.name)]),
                user: (await api.self()).username === (await api.users()).results[0].username,
                formats: (await api.formats()).exporters.map(({ name }) => name),
                preview: (await api.preview({ kind: 'task', id: task })).type,
            };
        }""",
        made,
    )
    assert made["task"] in found["tasks"]
    assert found["none"] == 0
    assert found["labels"] == [["car"], ["cat", "head", "tail"]]
    assert found["user"]
    assert "CVAT for images 1.1" in found["formats"]
    assert found["preview"] == "image/jpeg"


def test_errors_are_told_in_words(page: Any) -> None:
    message = page.evaluate("() => api.task(99999).catch((error) => [error.name, error.status, error.message])")
    assert message[:2] == ["ApiError", 404]
    assert "99999" in message[2]


def test_frames_of_images(page: Any, made: dict[str, int]) -> None:
    got = page.evaluate(
        """async ({ job }) => {
            const opened = await api.openJob(job);
            const store = await client.openFrames(api, opened);
            const image = await store.get(3, new AbortController().signal);
            const context = new OffscreenCanvas(1, 1).getContext('2d');
            context.drawImage(image, 0, 0);
            const { width, height } = image;
            const pixel = [...context.getImageData(0, 0, 1, 1).data];
            store.release(3);
            store.dispose();
            return { width, height, pixel, info: opened.data.frames.find(3), size: opened.meta.size };
        }""",
        made,
    )
    assert got["pixel"] == [30, 200, 30, 255]
    assert (got["width"], got["height"], got["size"]) == (64, 48, 5)
    info = {"number": 3, "name": "picture 3.png", "width": 64, "height": 48, "relatedFiles": 0, "deleted": False}
    assert got["info"] == info


OBJECTS = """async ({ job }) => {
    const opened = await api.openJob(job);
    const [car, cat] = opened.labels;
    const spec = car.attributes[0].id;
    const common = { id: null, group: 0, source: 'manual', attributes: [] };
    const place = { rotation: 0, occluded: false, outside: false, z_order: 0 };
    const shape = { ...common, ...place, score: 1, elements: [] };
    const change = client.emptyChange();
    change.base_revision = opened.revision;
    change.change_id = crypto.randomUUID();
    change.created.tags = [{ ...common, label_id: car.id, frame: 1, attributes: [{ spec_id: spec, value: 'suv' }] }];
    change.created.shapes = [
        { ...shape, label_id: car.id, frame: 4, type: 'polygon', points: [1, 1, 9.5, 1, 9, 9], z_order: -2, score: 0.5,
          source: 'auto', group: 3, attributes: [{ spec_id: spec, value: 'suv' }] },
        { ...shape, label_id: car.id, frame: 0, type: 'rectangle', points: [2, 3, 20, 30], rotation: 30 },
        { ...shape, label_id: cat.id, frame: 4, type: 'skeleton', points: [], occluded: true,
          elements: cat.sublabels.map(({ id }, i) => (
            { ...shape, label_id: id, frame: 4, type: 'points', points: [i, i + 0.25], outside: i === 1 })) },
    ];
    change.created.tracks = [{ ...common, label_id: car.id, frame: 0, elements: [], shapes: [
        { ...place, id: null, frame: 0, type: 'rectangle', points: [0, 0, 5, 5], attributes: [] },
        { ...place, id: null, frame: 3, type: 'rectangle', points: [5, 5, 9, 9], attributes: [], outside: true },
    ] }];
    return { opened, change };
}"""


def test_annotations_come_back_as_they_were_saved(page: Any, made: dict[str, int]) -> None:
    got = page.evaluate(
        f"""async (made) => {{
            const {{ opened, change }} = await ({OBJECTS})(made);
            const result = await api.sendChanges(made.job, change);
            const again = await api.sendChanges(made.job, change);
            const {{ data, revision }} = await api.openJob(made.job);
            const read = {{
                shapes: [0, 1, 2, 3, 4].flatMap((frame) => data.shapesAt(frame)),
                tags: [0, 1, 2, 3, 4].flatMap((frame) => data.tagsAt(frame)),
                tracks: data.tracks(),
            }};
            const json = await api.annotations({{ kind: 'job', id: made.job }});
            const changes = await api.changes(made.job, opened.revision);
            const cleared = client.emptyChange();
            cleared.deleted = result.created;
            const stale = await api.sendChanges(made.job, {{ ...cleared, base_revision: opened.revision }})
                .catch((error) => error);
            await api.sendChanges(made.job, {{ ...cleared, base_revision: revision }});
            const empty = (await api.openJob(made.job)).data;
            return {{
                sent: change.created, result, again, revision, read, json, changes,
                stale: [stale.name, stale.revision, stale.missed.created.shapes.length],
                left: empty.shapes.length + empty.tags.length + empty.tracks().length,
            }};
        }}""",
        made,
    )
    assert got["result"] == got["again"]
    assert got["result"]["revision"] == got["revision"] == got["changes"]["revision"]
    assert got["stale"] == ["StaleRevisionError", got["revision"], 3]
    assert got["left"] == 0
    for kind in ("shapes", "tags"):
        ids = got["result"]["created"][kind]
        read = {entry["id"]: entry for entry in got["read"][kind]}
        assert sorted(read) == sorted(ids)
        for number, sent in zip(ids, got["sent"][kind], strict=True):
            assert without_ids(read[number]) == with_defaults(without_ids(sent), read[number])
        assert flat(read.values()) == flat(got["json"][kind])
    [track] = got["read"]["tracks"]
    assert track["id"] == got["result"]["created"]["tracks"][0]
    sent = without_ids(got["sent"]["tracks"][0])
    assert without_ids(track) == with_defaults(sent, track)
    assert {entry["id"] for entry in got["changes"]["missed"]["created"]["shapes"]} == {
        entry["id"] for entry in got["read"]["shapes"]
    }


def flat(objects: Iterable[dict[str, Any]]) -> dict[int, dict[str, Any]]:
    """Return objects and the elements of skeletons by id; CVAT's JSON leaves out the empty elements of elements."""
    found = list(objects)
    found += [element for entry in found for element in entry.get("elements", [])]
    return {entry["id"]: {name: value for name, value in entry.items() if name != "elements"} for entry in found}


def without_ids(value: Any) -> Any:
    """Return a copy of annotations without any ids of their own."""
    if isinstance(value, dict):
        return {name: without_ids(entry) for name, entry in value.items() if name != "id"}
    return [without_ids(entry) for entry in value] if isinstance(value, list) else value


def with_defaults(sent: dict[str, Any], read: dict[str, Any]) -> dict[str, Any]:
    """Fill in attributes that were not set: the server reports the default of the label."""
    if sent["attributes"] or not read["attributes"]:
        return sent
    assert [entry["value"] for entry in read["attributes"]] == ["van"]
    return {**sent, "attributes": read["attributes"]}


def test_unsaved_changes_survive_the_page(
    context: Any, server: EmbeddedServer, script: str, made: dict[str, int]
) -> None:
    setup = """async ({ job }) => {
        globalThis.journal = await client.Journal.open();
        const read = await api.job(job);
        globalThis.scope = client.journalScope(location.origin, 'ann', read);
        const leftovers = await client.recoverChanges(api, journal, scope, job);
        const opened = await api.openJob(job);
        const shapes = opened.data.frames.length ? opened.data.shapesAt(0) : [];
        const states = [new Map(shapes.map((shape) => [shape.id, shape]))];
        globalThis.labelId = opened.labels[0].id;
        globalThis.doc = new TestDocument({ revision: opened.revision, states }, labelId);
        globalThis.sync = new client.JobSync({ api, journal, scope, jobId: job, source: doc, autosave: false });
        await sync.start(leftovers);
        return [doc.contents, sync.status.unsaved, journal.durable];
    }"""
    first = open_page(context, server, script)
    assert first.evaluate(setup, made) == [[], 0, True]
    first.evaluate("async () => { doc.add(7); doc.add(8); await sync.flush(); doc.add(9); }")
    first.wait_for_function("async () => (await journal.list(scope)).length === 1")
    second = open_page(context, server, script)
    assert second.evaluate(setup, made) == [[7, 8], 0, True], "the first page is still open"
    second.close()
    first.close(run_before_unload=False)
    third = open_page(context, server, script)
    assert third.evaluate(setup, made) == [[7, 8, 9], 1, True]
    third.evaluate("() => sync.flush()")
    assert third.evaluate("async () => (await journal.list(scope)).length") == 0
    saved = third.evaluate("async ({ job }) => (await api.openJob(job)).data.shapesAt(0).map((s) => s.z_order)", made)
    assert saved == [7, 8, 9]
    third.evaluate("({ job }) => api.deleteAnnotations({ kind: 'job', id: job })", made)
    third.close()


def test_sql(page: Any, made: dict[str, int]) -> None:
    rows = page.evaluate(
        """async () => {
            const table = await api.sql({ sql: 'SELECT name, size FROM tasks WHERE name = ?', params: ['five'] });
            return [table.names, Array.from({ length: table.length }, (_, i) => table.row(i))];
        }"""
    )
    assert rows == [["name", "size"], [["five", 5]]]


def test_export_and_import(page: Any, made: dict[str, int]) -> None:
    got = page.evaluate(
        f"""async (made) => {{
            const {{ change }} = await ({OBJECTS})(made);
            await api.sendChanges(made.job, change);
            const target = {{ kind: 'task', id: made.task }};
            const request = await api.transfers.exportDataset(target, 'CVAT for images 1.1');
            const file = await api.transfers.download(request);
            await api.deleteAnnotations(target);
            const before = (await api.annotations(target)).shapes.length;
            const sent = [];
            await api.transfers.importAnnotations(target, 'CVAT 1.1', file, {{ onUpload: (p) => sent.push(p) }});
            const after = (await api.annotations(target)).shapes.map(({{ type }}) => type);
            await api.deleteAnnotations(target);
            const url = api.transfers.downloadUrl(request);
            return {{ name: file.name, size: file.blob.size, url, before, after, sent }};
        }}""",
        made,
    )
    assert got["name"].endswith(".zip")
    assert got["before"] == 0
    assert {"polygon", "rectangle", "skeleton"} <= set(got["after"])
    assert got["sent"][-1] == {"sent": got["size"], "total": got["size"]}
    assert "rq_id=" in got["url"]


def test_video(page: Any, tmp_path: Path) -> None:
    data = base64.b64encode(video(tmp_path / "clip.mp4")).decode()
    got = page.evaluate(
        """async (data) => {
            const labels = [{ name: 'car' }];
            const task = await api.createTask({ name: 'clip', labels, segment_size: 20, overlap: 0 });
            const blob = new Blob([Uint8Array.from(atob(data), (c) => c.charCodeAt(0))]);
            const upload = { start_frame: 2, frame_filter: 'step=1', image_quality: 90 };
            const files = [{ name: 'clip.mp4', blob }];
            const request = await client.uploadTaskData(api, task.id, files, upload, { batchBytes: 1000 });
            await api.transfers.wait(request);
            const jobs = (await api.jobs({ task_id: task.id, sort: 'id' })).results;
            const opened = await api.openJob(jobs.at(-1).id);
            const paths = [];
            const send = api.send.bind(api);
            api.send = (call) => { paths.push(call.path); return send(call); };
            const store = await client.openFrames(api, opened);
            store.expect({ upcoming: [20, 21, 22, 23, 24, 25, 26, 27], playing: true });
            const colours = [];
            for (let frame = 20; frame < 28; frame++) {
                const image = await store.get(frame, new AbortController().signal);
                const context = new OffscreenCanvas(1, 1).getContext('2d');
                context.drawImage(image, -80, -48);
                colours.push(context.getImageData(0, 0, 1, 1).data[1]);
                store.release(frame);
            }
            store.dispose();
            return { ranges: jobs.map(({ start_frame, stop_frame }) => [start_frame, stop_frame]), colours, paths };
        }""",
        data,
    )
    assert got["ranges"] == [[0, 19], [20, 27]]
    assert np.abs(np.array(got["colours"]) - 8 * (np.arange(20, 28) + 2)).max() <= 4
    assert any("/gops/" in path for path in got["paths"])
