"""The stable views that users query. They are made per query, and show only what the asking user may see.

Documented in ``docs/sql.md``; a test keeps the two in step.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from cvat_lab_server.store.relations import (
    visible_comments,
    visible_issues,
    visible_jobs,
    visible_projects,
    visible_tasks,
)
from cvat_lab_server.store.rows import JOB_COUNTS, MODE, STATUS_OF_JOB, TASK_STATUS


@dataclass(frozen=True)
class View:
    """A view: its text with ``{tasks}``, ``{jobs}`` ... for what the user may see, and its purpose."""

    sql: str
    doc: str


_LABELED = "JOIN store.labels l ON l.id = x.label_id"
_IN_JOBS = "x.deleted_rev IS NULL AND x.job_id IN {jobs}"
_COMMON = 'x.id, x.job_id, x.task_id, x.frame, x.label_id, l.name AS label, nullif(x."group", 0) AS "group", x.source'
_GEOMETRY = (
    "x.type, x.points, x.rotation, x.occluded, x.outside, x.z_order, bounding_box(x.type, x.points, x.rotation) AS bbox"
)

VIEWS: Final[dict[str, View]] = {
    "projects": View(
        "SELECT p.id, p.name, o.username AS owner, a.username AS assignee, p.organization_id, p.bug_tracker, "
        "p.created_date, p.updated_date FROM store.projects p LEFT JOIN store.users o ON o.id = p.owner_id "
        "LEFT JOIN store.users a ON a.id = p.assignee_id WHERE p.id IN {projects}",
        "Projects.",
    ),
    "tasks": View(
        f"SELECT t.id, t.name, t.project_id, p.name AS project, {MODE} AS mode, {TASK_STATUS} AS status, t.subset, "
        "o.username AS owner, a.username AS assignee, coalesce(d.size, 0) AS size, t.organization_id, "
        "t.created_date, t.updated_date FROM store.tasks t LEFT JOIN store.projects p ON p.id = t.project_id "
        f"LEFT JOIN store.data d ON d.id = t.data_id LEFT JOIN {JOB_COUNTS} n ON n.task_id = t.id "
        "LEFT JOIN store.users o ON o.id = t.owner_id LEFT JOIN store.users a ON a.id = t.assignee_id "
        "WHERE t.id IN {tasks}",
        "Tasks, with their number of frames as `size`.",
    ),
    "jobs": View(
        f"SELECT j.id, j.task_id, j.type, a.username AS assignee, j.stage, j.state, {STATUS_OF_JOB} AS status, "
        "j.frame_ranges[1] AS start_frame, j.frame_ranges[-1] AS stop_frame, j.frame_ranges, j.revision, "
        "j.created_date, j.updated_date FROM store.jobs j LEFT JOIN store.users a ON a.id = j.assignee_id "
        "WHERE j.id IN {jobs}",
        "Jobs; `frame_ranges` lists first and last frame of every range.",
    ),
    "frames": View(
        "SELECT f.task_id, f.number AS frame, f.name, f.width, f.height, f.related_files, f.deleted "
        "FROM store.frames f WHERE f.task_id IN {tasks}",
        "Frames; `frame` is the number within the task that annotations refer to.",
    ),
    "labels": View(
        "SELECT l.id, l.name, l.color, l.type, l.task_id, l.project_id, l.parent_id FROM store.labels l "
        "WHERE l.task_id IN {tasks} UNION ALL "
        "SELECT l.id, l.name, l.color, l.type, t.id, l.project_id, l.parent_id FROM store.labels l "
        "LEFT JOIN (SELECT id, project_id FROM store.tasks WHERE id IN {tasks}) t ON t.project_id = l.project_id "
        "WHERE l.project_id IN {projects}",
        "Labels, once for every task that uses them; `task_id` is null while a project has no task.",
    ),
    "tags": View(
        f"SELECT {_COMMON} FROM store.tags x {_LABELED} WHERE {_IN_JOBS}",
        "Labels of whole frames.",
    ),
    "shapes": View(
        f"SELECT {_COMMON}, {_GEOMETRY}, x.score, x.parent_id FROM store.shapes x {_LABELED} WHERE {_IN_JOBS}",
        "Shapes that exist on one frame. Points of skeletons are rows with a `parent_id`.",
    ),
    "tracks": View(
        f"SELECT {_COMMON}, k.type, k.keyframes, k.last_keyframe, x.parent_id FROM store.tracks x {_LABELED} JOIN ("
        "SELECT track_id, any_value(type) AS type, count(*) AS keyframes, max(frame) AS last_keyframe "
        "FROM store.keyframes WHERE deleted_rev IS NULL GROUP BY track_id) k ON k.track_id = x.id "
        f"WHERE {_IN_JOBS}",
        "Objects that live on many frames; `frame` is the first one.",
    ),
    "keyframes": View(
        f"SELECT x.id, x.track_id, x.job_id, x.task_id, x.frame, {_GEOMETRY} FROM store.keyframes x WHERE {_IN_JOBS}",
        "The frames on which the shape of a track is stored.",
    ),
    "track_shapes": View(
        """
        WITH stored AS (
          SELECT x.*, lead(x.frame) OVER following AS next_frame, lead(x.points) OVER following AS next_points,
            lead(x.rotation) OVER following AS next_rotation
          FROM store.keyframes x WHERE x.deleted_rev IS NULL AND x.job_id IN {jobs}
          WINDOW following AS (PARTITION BY x.task_id, x.job_id, x.track_id ORDER BY x.frame)
        ), placed AS (
          SELECT s.*, t.label_id, t."group", t.source, t.parent_id,
            unnest(range(s.frame, coalesce(s.next_frame, j.frame_ranges[-1] + 1))) AS at
          FROM stored s JOIN store.tracks t ON t.id = s.track_id AND t.deleted_rev IS NULL
          JOIN store.jobs j ON j.id = s.job_id WHERE NOT s.outside
        ), moved AS (
          SELECT p.*, (p.at - p.frame) / greatest(coalesce(p.next_frame, p.at + 1) - p.frame, 1)::DOUBLE AS t
          FROM placed p
        ), shown AS (
          SELECT m.track_id, m.job_id, m.task_id, m.at AS frame, m.label_id, l.name AS label,
            nullif(m."group", 0) AS "group", m.source, m.type,
            CASE WHEN m.at = m.frame THEN m.points
              ELSE interpolate_points(m.type, m.points, m.next_points, m.t) END AS points,
            interpolate_rotation(m.type, m.rotation, coalesce(m.next_rotation, m.rotation), m.t) AS rotation,
            m.occluded, m.z_order, m.at = m.frame AS keyframe, m.parent_id
          FROM moved m JOIN store.labels l ON l.id = m.label_id
        )
        SELECT s.*, bounding_box(s.type, s.points, s.rotation) AS bbox FROM shown s
        """,
        "The shape of every track on every frame where it can be seen, interpolated between keyframes.",
    ),
    "attributes": View(
        " UNION ALL ".join(
            f"SELECT '{kind}' AS kind, x.{owner} AS object_id, x.job_id, x.task_id, x.frame, "
            f"s.name, a.value, s.mutable FROM store.{table} x, unnest(x.attributes) u(a) "
            f"JOIN store.attributes s ON s.id = a.spec_id WHERE {_IN_JOBS}"
            for kind, table, owner in (
                ("tag", "tags", "id"),
                ("shape", "shapes", "id"),
                ("track", "tracks", "id"),
                ("track", "keyframes", "track_id"),
            )
        ),
        "Values of attributes that were set; `object_id` is the id of the tag, shape or track.",
    ),
    "issues": View(
        "SELECT i.id, i.job_id, j.task_id, i.frame, i.position, o.username AS owner, a.username AS assignee, "
        "i.resolved, (SELECT message FROM store.comments c WHERE c.issue_id = i.id ORDER BY c.id LIMIT 1) AS message, "
        "i.created_date, i.updated_date FROM store.issues i JOIN store.jobs j ON j.id = i.job_id "
        "LEFT JOIN store.users o ON o.id = i.owner_id LEFT JOIN store.users a ON a.id = i.assignee_id "
        "WHERE i.id IN {issues}",
        "Issues that reviewers opened, with their first comment as `message`.",
    ),
    "comments": View(
        "SELECT c.id, c.issue_id, i.job_id, j.task_id, i.frame, o.username AS owner, c.message, "
        "c.created_date, c.updated_date FROM store.comments c JOIN store.issues i ON i.id = c.issue_id "
        "JOIN store.jobs j ON j.id = i.job_id LEFT JOIN store.users o ON o.id = c.owner_id WHERE c.id IN {comments}",
        "What was said about issues; the first comment is the issue's own text.",
    ),
    "revisions": View(
        "SELECT r.id AS revision, r.job_id, r.task_id, u.username AS author, r.action, r.created, r.updated, "
        "r.deleted, r.created_date FROM store.revisions r LEFT JOIN store.users u ON u.id = r.user_id "
        "WHERE r.job_id IN {jobs}",
        "History of annotations: one row per saved change set.",
    ),
}


def view_statements(names: set[str], user_id: int, is_admin: bool) -> list[str]:
    """Return the statements that make some views for one user, as temporary views of a connection."""
    of_issue = "JOIN store.jobs j ON j.id = i.job_id JOIN store.tasks t ON t.id = j.task_id"
    visible = {
        "tasks": f"(SELECT t.id FROM store.tasks t WHERE {visible_tasks(user_id, is_admin)})",
        "projects": f"(SELECT p.id FROM store.projects p WHERE {visible_projects(user_id, is_admin)})",
        "jobs": (
            "(SELECT j.id FROM store.jobs j JOIN store.tasks t ON t.id = j.task_id "
            f"WHERE {visible_jobs(user_id, is_admin)})"
        ),
        "issues": f"(SELECT i.id FROM store.issues i {of_issue} WHERE {visible_issues(user_id, is_admin)})",
        "comments": (
            f"(SELECT c.id FROM store.comments c JOIN store.issues i ON i.id = c.issue_id {of_issue} "
            f"WHERE {visible_comments(user_id, is_admin)})"
        ),
    }
    return [
        f"CREATE OR REPLACE TEMP VIEW {name} AS {VIEWS[name].sql.format(**visible)}" for name in VIEWS if name in names
    ]
