"""The person behind a request, and the place he works in."""

from __future__ import annotations

from dataclasses import dataclass

from cvat_lab.errors import NotPermittedError
from cvat_lab.model.user import User, UserBasic


@dataclass(frozen=True)
class Caller:
    """Who is calling, from where, in which organization.

    Attributes
    ----------
    base_url
        Public URL of the server without a trailing slash; links in answers start with it.
    organization_id
        Organization to work in. 0 = the personal workspace, None = all places the user may see.
    is_outsider
        The user is no member of that organization.
    read_only
        The access token may only read.
    """

    user: User
    base_url: str = ""
    organization_id: int | None = None
    read_only: bool = False
    is_outsider: bool = False

    @property
    def id(self) -> int:
        """Id of the user."""
        return self.user.id

    @property
    def is_admin(self) -> bool:
        """Whether the user may do everything."""
        return self.user.is_superuser or "admin" in self.user.groups

    @property
    def new_organization(self) -> int | None:
        """Organization that new objects belong to."""
        return self.organization_id or None

    def url(self, path: str) -> str:
        """Return the absolute URL of an API path."""
        return f"{self.base_url}{path}"

    def require_write(self) -> None:
        """Refuse callers whose token may only read."""
        if self.read_only:
            raise NotPermittedError("this access token is read-only; use one that may write")


def show_user(caller: Caller, user: User | None) -> UserBasic | None:
    """Return what everybody may see of a user."""
    if user is None:
        return None
    return UserBasic(
        url=caller.url(f"/api/users/{user.id}"),
        id=user.id,
        username=user.username,
        first_name=user.first_name,
        last_name=user.last_name,
    )
