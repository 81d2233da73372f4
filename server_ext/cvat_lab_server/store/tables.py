"""Every table of a workspace."""

from __future__ import annotations

from typing import Final

from cvat_lab.model.data import Data, Frame
from cvat_lab.model.event import Event, Revision
from cvat_lab.model.guide import Asset, Guide
from cvat_lab.model.issue import Comment, Issue
from cvat_lab.model.job import Job
from cvat_lab.model.label import AttributeSpec, Label
from cvat_lab.model.organization import Invitation, Membership, Organization
from cvat_lab.model.project import Project
from cvat_lab.model.request import Request
from cvat_lab.model.shape import Shape, TrackedShape
from cvat_lab.model.tag import Tag
from cvat_lab.model.task import Task
from cvat_lab.model.track import Track
from cvat_lab.model.user import AccessToken, Session, User
from cvat_lab_server.store.ddl import TableSpec, table_of

_PLACE = {"task_id": "BIGINT", "job_id": "BIGINT"}
_HISTORY = {"created_rev": "BIGINT", "deleted_rev": "BIGINT?"}

USERS: Final = table_of("users", User)
SESSIONS: Final = table_of("sessions", Session)
ACCESS_TOKENS: Final = table_of("access_tokens", AccessToken)
ORGANIZATIONS: Final = table_of("organizations", Organization)
MEMBERSHIPS: Final = table_of("memberships", Membership)
INVITATIONS: Final = table_of("invitations", Invitation)
PROJECTS: Final = table_of("projects", Project)
TASKS: Final = table_of("tasks", Task)
DATA: Final = table_of("data", Data)
FRAMES: Final = table_of("frames", Frame, keyed=False)
JOBS: Final = table_of("jobs", Job)
LABELS: Final = table_of("labels", Label)
ATTRIBUTES: Final = table_of("attributes", AttributeSpec)
REVISIONS: Final = table_of("revisions", Revision, keyed=False)
TAGS: Final = table_of("tags", Tag, extra={**_PLACE, **_HISTORY}, keyed=False)
SHAPES: Final = table_of(
    "shapes", Shape, extra={**_PLACE, "parent_id": "BIGINT?", **_HISTORY}, omit={"elements"}, keyed=False
)
TRACKS: Final = table_of(
    "tracks", Track, extra={**_PLACE, "parent_id": "BIGINT?", **_HISTORY}, omit={"elements", "shapes"}, keyed=False
)
KEYFRAMES: Final = table_of("keyframes", TrackedShape, extra={"track_id": "BIGINT", **_PLACE, **_HISTORY}, keyed=False)
ANNOTATIONS: Final = ("tags", "shapes", "tracks", "keyframes")
"""Names of the tables whose rows have attributes."""

GUIDES: Final = table_of("guides", Guide)
ASSETS: Final = table_of("assets", Asset)
ISSUES: Final = table_of("issues", Issue)
COMMENTS: Final = table_of("comments", Comment)
REQUESTS: Final = table_of("requests", Request)
EVENTS: Final = table_of("events", Event, keyed=False)

ALL_TABLES: Final[tuple[TableSpec, ...]] = (
    USERS,
    SESSIONS,
    ACCESS_TOKENS,
    ORGANIZATIONS,
    MEMBERSHIPS,
    INVITATIONS,
    PROJECTS,
    TASKS,
    DATA,
    FRAMES,
    JOBS,
    LABELS,
    ATTRIBUTES,
    REVISIONS,
    TAGS,
    SHAPES,
    TRACKS,
    KEYFRAMES,
    GUIDES,
    ASSETS,
    ISSUES,
    COMMENTS,
    REQUESTS,
    EVENTS,
)


def ddl() -> str:
    """Return the statements that create all tables, as one SQL text."""
    statements = [statement for table in ALL_TABLES for statement in table.sql()]
    return ";\n\n".join(statements) + ";\n"


if __name__ == "__main__":
    print(ddl(), end="")
