"""What cvat_lab adds to CVAT's API: opening jobs, change sets, and catching up with others."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from cvat_lab.ops.envelope import decode_envelope
from tests.cvat_lab_server.site import Made, Person, Site

SHAPE_COLUMNS = {
    "id": "int64",
    "frame": "int64",
    "label_id": "int64",
    "group": "int64",
    "source": "string",
    "parent_id": "int64",
    "type": "string",
    "points": "list<l: double>",
    "rotation": "double",
    "occluded": "bool",
    "outside": "bool",
    "z_order": "int64",
    "score": "double",
}


def revision(person: Person, job: int) -> int:
    return int(person.get(f"/api/jobs/{job}").json()["revision"])


def save(person: Person, job: int, status: int = 200, **change: Any) -> dict[str, Any]:
    return dict(person.patch(f"/api/lab/jobs/{job}/annotations", status, json=change).json())


def missed(person: Person, job: int, since: int) -> dict[str, Any]:
    return dict(person.get(f"/api/lab/jobs/{job}/changes", params={"since": since}).json())


class TestOpening:
    def test_everything_an_editor_needs(self, alice: Person, fresh: Made) -> None:
        alice.put(f"/api/jobs/{fresh.job}/annotations", json=fresh.every_kind())
        alice.patch(f"/api/jobs/{fresh.job}/data/meta", json={"deleted_frames": [1]})
        answer = alice.get(f"/api/lab/jobs/{fresh.job}/open")
        header, sections = decode_envelope(answer.content)
        assert header["job"] == alice.get(f"/api/jobs/{fresh.job}").json()
        assert header["task"] == alice.get(f"/api/tasks/{fresh.task}").json()
        labels = alice.get("/api/labels", params={"job_id": fresh.job}).json()["results"]
        assert header["labels"] == labels
        assert header["meta"] == {**alice.get(f"/api/jobs/{fresh.job}/data/meta").json(), "frames": []}
        assert header["revision"] == revision(alice, fresh.job) > 0
        assert sections["frames"].to_pydict() == {
            "number": [0, 1, 2],
            "name": ["000.jpg", "001.jpg", "002.jpg"],
            "width": [64] * 3,
            "height": [48] * 3,
            "related_files": [0] * 3,
            "deleted": [False, True, False],
        }

    def test_annotations_as_columns(self, alice: Person, fresh: Made) -> None:
        alice.put(f"/api/jobs/{fresh.job}/annotations", json=fresh.every_kind())
        _, sections = decode_envelope(alice.get(f"/api/lab/jobs/{fresh.job}/open").content)
        counts = {name: sections[name].num_rows for name in ("tags", "shapes", "tracks", "keyframes")}
        assert counts == {"tags": 1, "shapes": 10, "tracks": 9, "keyframes": 18}, "elements are rows of their own"
        shapes = sections["shapes"]
        kinds = {field.name: str(field.type) for field in shapes.schema}
        assert {name: kinds[name] for name in SHAPE_COLUMNS if name != "points"} == {
            name: kind for name, kind in SHAPE_COLUMNS.items() if name != "points"
        }
        assert "double" in kinds["points"]
        stored = alice.get(f"/api/jobs/{fresh.job}/annotations").json()["shapes"]
        rows = {row["id"]: row for row in shapes.to_pylist()}
        for shape in stored:
            row = rows[shape["id"]]
            assert row["parent_id"] is None
            for name in ("frame", "points", "type", "label_id", "attributes", "score"):
                assert row[name] == shape[name]
            for element in shape["elements"]:
                assert rows[element["id"]]["parent_id"] == shape["id"]
        frames = shapes["frame"].to_pylist()
        assert frames == sorted(frames)
        keys = list(zip(*(sections["keyframes"][name].to_pylist() for name in ("track_id", "frame")), strict=True))
        assert keys == sorted(keys)

    def test_others_may_not(self, bob: Person, made: Made) -> None:
        bob.get(f"/api/lab/jobs/{made.job}/open", 403)
        bob.get(f"/api/lab/jobs/{made.job}/changes", 403, params={"since": 0})
        save(bob, made.job, 403)
        bob.get("/api/lab/jobs/999/open", 404)


class TestChangeSets:
    def test_create_update_delete_in_one(self, alice: Person, fresh: Made) -> None:
        first = save(alice, fresh.job, created=fresh.every_kind())
        assert [len(first["created"][kind]) for kind in ("tags", "shapes", "tracks")] == [1, 8, 7]
        box, ellipse, *_ = first["created"]["shapes"]
        second = save(
            alice,
            fresh.job,
            base_revision=first["revision"],
            created={"shapes": [fresh.box(2)]},
            updated={"shapes": [fresh.box(0, left=30.0, id=box)]},
            deleted={"shapes": [ellipse], "tags": first["created"]["tags"]},
        )
        assert (
            second["revision"]
            > first["revision"]
            == revision(alice, fresh.job) - (second["revision"] - first["revision"])
        )
        stored = alice.get(f"/api/jobs/{fresh.job}/annotations").json()
        shapes = {shape["id"]: shape for shape in stored["shapes"]}
        assert shapes[box]["points"][0] == 30.0, "an updated object keeps its id"
        assert ellipse not in shapes
        assert second["created"]["shapes"][0] in shapes
        assert stored["tags"] == []

    def test_an_update_of_a_track_and_of_a_skeleton(self, alice: Person, fresh: Made) -> None:
        made = save(
            alice, fresh.job, created={"tracks": [fresh.track(), fresh.skeleton_track()], "shapes": [fresh.skeleton()]}
        )
        [track, bones], [skeleton] = made["created"]["tracks"], made["created"]["shapes"]
        longer = {**fresh.track((0, 1, 2)), "id": track}
        shorter = {**fresh.skeleton_track((0, 1)), "id": bones}
        moved = {**fresh.skeleton(), "id": skeleton}
        moved["elements"][0]["points"] = [1.0, 1.0]
        save(alice, fresh.job, updated={"tracks": [longer, shorter], "shapes": [moved]})
        stored = alice.get(f"/api/jobs/{fresh.job}/annotations").json()
        frames = {one["id"]: [shape["frame"] for shape in one["shapes"]] for one in stored["tracks"]}
        assert frames == {track: [0, 1, 2], bones: [0, 1]}
        assert stored["shapes"][0]["elements"][0]["points"] == [1.0, 1.0]
        assert len(stored["shapes"][0]["elements"]) == 2

    def test_the_same_change_set_is_applied_once(self, alice: Person, fresh: Made) -> None:
        """A client that lost the answer sends it again."""
        change = {"base_revision": 0, "change_id": "3f0c", "created": fresh.every_kind()}
        answers = [save(alice, fresh.job, **change) for _ in range(3)]
        assert answers[0] == answers[1] == answers[2]
        assert len(alice.get(f"/api/jobs/{fresh.job}/annotations").json()["shapes"]) == 8
        save(alice, fresh.job, base_revision=answers[0]["revision"], deleted={"tags": answers[0]["created"]["tags"]})
        assert save(alice, fresh.job, **change) == answers[0], "even after others went on"

    def test_a_change_id_belongs_to_its_job(self, alice: Person, fresh: Made) -> None:
        other = alice.create_task(1)
        first = save(alice, fresh.job, change_id="same", created={"tags": [fresh.tag()]})
        second = save(alice, other.job, change_id="same", created={"tags": [other.tag()]})
        assert first["revision"] != second["revision"]

    def test_a_stale_base_is_told_what_it_missed(self, alice: Person, admin: Person, fresh: Made) -> None:
        base = save(alice, fresh.job, created={"shapes": [fresh.box(), fresh.box(1)], "tags": [fresh.tag()]})
        kept, gone = base["created"]["shapes"]
        theirs = save(
            admin,
            fresh.job,
            created={"shapes": [fresh.box(2)]},
            updated={"shapes": [fresh.box(0, left=9.0, id=kept)]},
            deleted={"shapes": [gone]},
        )
        before = alice.get(f"/api/jobs/{fresh.job}/annotations").json()
        mine = {"base_revision": base["revision"], "change_id": "mine", "created": {"tags": [fresh.tag(2)]}}
        refused = save(alice, fresh.job, 409, **mine)
        assert refused["revision"] == theirs["revision"]
        assert [shape["id"] for shape in refused["missed"]["created"]["shapes"]] == theirs["created"]["shapes"]
        assert [(shape["id"], shape["points"][0]) for shape in refused["missed"]["updated"]["shapes"]] == [(kept, 9.0)]
        assert refused["missed"]["deleted"]["shapes"] == [gone]
        assert alice.get(f"/api/jobs/{fresh.job}/annotations").json() == before
        assert missed(alice, fresh.job, base["revision"])["missed"] == refused["missed"]
        rebased = save(alice, fresh.job, **{**mine, "base_revision": refused["revision"]})
        assert rebased["created"]["tags"]

    def test_whoever_wrote_through_cvats_routes_is_seen_too(self, alice: Person, fresh: Made) -> None:
        base = save(alice, fresh.job, created={"shapes": [fresh.box()]})["revision"]
        alice.patch(f"/api/tasks/{fresh.task}/annotations", params={"action": "create"}, json={"tags": [fresh.tag()]})
        refused = save(alice, fresh.job, 409, base_revision=base)
        assert len(refused["missed"]["created"]["tags"]) == 1

    def test_a_removed_label_is_seen_as_a_change(self, alice: Person, fresh: Made) -> None:
        base = save(alice, fresh.job, created={"shapes": [fresh.box(), fresh.skeleton()]})
        alice.delete(f"/api/labels/{fresh.labels['car']}")
        refused = save(alice, fresh.job, 409, base_revision=base["revision"])
        assert refused["missed"]["deleted"]["shapes"] == base["created"]["shapes"][:1]

    def test_nothing_was_missed(self, alice: Person, fresh: Made) -> None:
        now = save(alice, fresh.job, created={"shapes": [fresh.box()]})["revision"]
        answer = missed(alice, fresh.job, now)
        assert answer["revision"] == now
        assert all(not answer["missed"][part][kind] for part in ("created", "deleted") for kind in ("tags", "shapes"))

    def test_what_came_and_went_meanwhile_was_not_missed(self, alice: Person, fresh: Made) -> None:
        made = save(alice, fresh.job, created={"shapes": [fresh.box()]})
        save(alice, fresh.job, deleted={"shapes": made["created"]["shapes"]})
        change = missed(alice, fresh.job, 0)["missed"]
        assert (change["created"]["shapes"], change["deleted"]["shapes"]) == ([], [])

    def test_a_deleted_object_can_come_back(self, alice: Person, fresh: Made) -> None:
        """Undo of a deletion that was saved already."""
        made = save(alice, fresh.job, created={"shapes": [fresh.skeleton()], "tracks": [fresh.track()]})
        ids = {kind: made["created"][kind] for kind in ("shapes", "tracks")}
        save(alice, fresh.job, deleted=ids)
        back = {
            "shapes": [{**fresh.skeleton(), "id": ids["shapes"][0]}],
            "tracks": [{**fresh.track(), "id": ids["tracks"][0]}],
        }
        save(alice, fresh.job, updated=back)
        stored = alice.get(f"/api/jobs/{fresh.job}/annotations").json()
        assert [shape["id"] for shape in stored["shapes"]] == ids["shapes"]
        assert [track["id"] for track in stored["tracks"]] == ids["tracks"]
        assert len(stored["tracks"][0]["shapes"]) == 2

    @pytest.mark.parametrize(
        ("change", "told"),
        [
            ({"base_revision": 10**6}, "there is no 1000000"),
            ({"base_revision": 2**70}, "base_revision"),
            ({"base_revision": "0"}, "base_revision"),
            ({"change_id": "x" * 101}, "change_id"),
            ({"change_id": 5}, "change_id"),
            ({"deleted": {"shapes": ["1"]}}, "shapes"),
            ({"deleted": {"shapes": [2**70]}}, "shapes"),
            ({"deleted": [1]}, "deleted"),
            ({"created": {"shapes": [{"type": "rectangle"}]}}, "shapes"),
        ],
    )
    def test_bad_change_sets(self, alice: Person, made: Made, change: dict[str, Any], told: str) -> None:
        before = revision(alice, made.job)
        answer = alice.patch(f"/api/lab/jobs/{made.job}/annotations", 400, json=change)
        assert told in answer.text
        assert revision(alice, made.job) == before

    def test_one_bad_object_spoils_the_whole_change(self, alice: Person, fresh: Made) -> None:
        made = save(alice, fresh.job, created={"shapes": [fresh.box()]})
        before = alice.get(f"/api/jobs/{fresh.job}/annotations").json()
        [number] = made["created"]["shapes"]
        for change in (
            {"created": {"shapes": [fresh.box(), fresh.box(99)]}, "deleted": {"shapes": [number]}},
            {"created": {"tags": [fresh.tag()]}, "updated": {"shapes": [fresh.box(id=number, label_id=10**6)]}},
            {"updated": {"shapes": [fresh.box(id=number), fresh.box(id=number, left=3.0)]}},
        ):
            save_bad = alice.patch(f"/api/lab/jobs/{fresh.job}/annotations", 400, json=change)
            assert save_bad.json()
        assert alice.get(f"/api/jobs/{fresh.job}/annotations").json() == before
        assert revision(alice, fresh.job) == made["revision"]

    def test_objects_of_other_jobs_are_out_of_reach(self, alice: Person, bob: Person, fresh: Made) -> None:
        theirs = bob.create_task(1)
        target = save(bob, theirs.job, created={"shapes": [theirs.box()]})["created"]["shapes"]
        save(alice, fresh.job, deleted={"shapes": target})
        save(alice, fresh.job, updated={"shapes": [fresh.box(id=target[0], left=40.0)]})
        [shape] = bob.get(f"/api/jobs/{theirs.job}/annotations").json()["shapes"]
        assert (shape["id"], shape["points"][0]) == (target[0], 1.0)
        [own] = alice.get(f"/api/jobs/{fresh.job}/annotations").json()["shapes"]
        assert own["id"] != target[0], "an id that is not ours is given anew"

    def test_two_writers_at_once_keep_both_their_edits(self, site: Site, alice: Person, fresh: Made) -> None:
        """Who is second is told so, takes in what he missed and sends again; nobody overwrites anybody."""
        base = save(alice, fresh.job, created={"shapes": [fresh.box(), fresh.box(1)]})
        writers, edits = [alice, site.admin()], range(1, 16)

        def work(writer: int) -> int:
            box, known, conflicts = base["created"]["shapes"][writer], base["revision"], 0
            for edit in edits:
                mine = {
                    "created": {"tags": [fresh.tag(2, group=100 * writer + edit)]},
                    "updated": {"shapes": [fresh.box(writer, left=float(edit), id=box)]},
                }
                while True:
                    path, change = f"/api/lab/jobs/{fresh.job}/annotations", {**mine, "base_revision": known}
                    answer = writers[writer].patch(path, None, json=change)
                    known = answer.json()["revision"]
                    if answer.status_code == 200:
                        break
                    assert (answer.status_code, bool(answer.json()["missed"])) == (409, True), answer.text
                    conflicts += 1
            return conflicts

        with ThreadPoolExecutor(2) as threads:
            assert sum(threads.map(work, (0, 1))) > 0, "they were never at it at the same time"
        stored = alice.get(f"/api/jobs/{fresh.job}/annotations").json()
        assert [shape["points"][0] for shape in stored["shapes"]] == [edits[-1]] * 2
        assert {tag["group"] for tag in stored["tags"]} == {100 * writer + edit for writer in (0, 1) for edit in edits}

    def test_a_change_set_that_is_sent_twice_at_once_is_applied_once(self, alice: Person, fresh: Made) -> None:
        """A client whose connection hangs sends again before the first answer has come."""
        with ThreadPoolExecutor(4) as threads:
            for number in range(5):
                change = {"change_id": f"twice {number}", "created": {"shapes": [fresh.box()]}}
                answers = list(threads.map(lambda _, c=change: save(alice, fresh.job, **c), range(4)))
                assert answers == answers[:1] * 4
        assert len(alice.get(f"/api/jobs/{fresh.job}/annotations").json()["shapes"]) == 5

    def test_history_is_kept(self, alice: Person, fresh: Made) -> None:
        revisions = [save(alice, fresh.job, created={"shapes": [fresh.box(n)]})["revision"] for n in range(3)]
        rows = alice.sql("SELECT revision, author, created FROM revisions WHERE job_id = ? ORDER BY 1", [fresh.job])
        assert rows == [{"revision": number, "author": "alice", "created": 1} for number in revisions]
