"""Queries on logins."""

from __future__ import annotations

from cvat_lab.model.base import utc_now
from cvat_lab.model.user import Session
from cvat_lab_server.store.cursor import Cursor
from cvat_lab_server.store.tables import SESSIONS


def find_session(cursor: Cursor, key_hash: str) -> Session | None:
    """Return the session with this key, unless it is over."""
    found = cursor.select(SESSIONS, Session, "key_hash = ? AND expiry_date > ?", [key_hash, utc_now()])
    return found[0] if found else None


def drop_expired_sessions(cursor: Cursor) -> None:
    """Forget sessions that are over."""
    cursor.run(f"DELETE FROM {SESSIONS.qualified} WHERE expiry_date < ?", [utc_now()])


def end_sessions(cursor: Cursor, user_id: int, kept_hash: str) -> None:
    """End all sessions of a user but one."""
    cursor.run(f"DELETE FROM {SESSIONS.qualified} WHERE user_id = ? AND key_hash <> ?", [user_id, kept_hash])
