"""Personal access tokens: keys for scripts, with an end and a scope of their own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from cvat_lab.errors import InvalidInputError, NotFoundError, NotPermittedError
from cvat_lab.model.base import utc_now
from cvat_lab.model.server import Page
from cvat_lab.model.user import AccessToken, AccessTokenPatch, AccessTokenRead, AccessTokenWrite, User
from cvat_lab_server.auth.caller import Caller, show_user
from cvat_lab_server.auth.passwords import hash_secret, new_secret
from cvat_lab_server.store.cursor import Cursor
from cvat_lab_server.store.database import Database
from cvat_lab_server.store.listing import ListQuery
from cvat_lab_server.store.tables import ACCESS_TOKENS, USERS
from cvat_lab_server.store.users import find_tokens

NOTED_EVERY = timedelta(minutes=1)
"""How exactly the last use of a token is known."""

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


class TokenService:
    """Makes, lists, changes and revokes access tokens, and knows whose they are."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._noted: dict[int, datetime] = {}

    async def create(self, caller: Caller, body: AccessTokenWrite) -> AccessTokenRead:
        """Make an access token; its secret is in the answer and nowhere else."""
        secret, now = "cvl_" + new_secret(), utc_now()
        token = AccessToken(
            id=0,
            owner_id=caller.id,
            name=body.name,
            value_hash=hash_secret(secret),
            read_only=body.read_only,
            created_date=now,
            updated_date=now,
            expiry_date=_in_utc(body.expiry_date) if body.expiry_date else None,
        )
        await self._database.write_async(lambda cursor: cursor.insert(ACCESS_TOKENS, token))
        shown = self._show(caller, token)
        shown.value = secret
        return shown

    async def list(self, caller: Caller, query: ListQuery) -> Page[AccessTokenRead]:
        """Return the caller's tokens, without their secrets."""
        total, tokens = await self._database.read_async(lambda cursor: find_tokens(cursor, query, caller.id))
        return query.make_page(caller.base_url, total, [self._show(caller, token) for token in tokens])

    async def read(self, caller: Caller, token_id: int) -> AccessTokenRead:
        """Return one of the caller's tokens."""
        return self._show(caller, await self._own(caller, token_id))

    async def read_self(self, caller: Caller, secret: str) -> AccessTokenRead | None:
        """Return the caller's token that has this secret."""
        found = await self._database.read_async(
            lambda cursor: cursor.find(ACCESS_TOKENS, AccessToken, value_hash=hash_secret(secret), owner_id=caller.id)
        )
        return self._show(caller, found[0]) if found else None

    async def update(self, caller: Caller, token_id: int, body: AccessTokenPatch) -> AccessTokenRead:
        """Rename a token, or change its expiry or scope."""
        await self._own(caller, token_id)
        fields = {**body.changes(), "updated_date": utc_now()}
        if isinstance(body.expiry_date, datetime):
            fields["expiry_date"] = _in_utc(body.expiry_date)
        await self._database.write_async(lambda cursor: cursor.update(ACCESS_TOKENS, token_id, **fields))
        return await self.read(caller, token_id)

    async def delete(self, caller: Caller, token_id: int) -> None:
        """Revoke a token."""
        await self._own(caller, token_id)
        await self._database.write_async(lambda cursor: cursor.delete(ACCESS_TOKENS, id=token_id))

    def user_of(self, secret: str) -> tuple[User, bool] | None:
        """Return the user of a valid token and whether it may only read, and note that it was used."""

        def work(cursor: Cursor) -> tuple[User, AccessToken] | None:
            found = cursor.find(ACCESS_TOKENS, AccessToken, value_hash=hash_secret(secret))
            user = cursor.get(USERS, User, found[0].owner_id) if found else None
            return (user, found[0]) if user and user.is_active else None

        known = self._database.recall(("token", hash_secret(secret)), (ACCESS_TOKENS, USERS), work)
        if known is None or _is_over(known[1].expiry_date):
            return None
        self._note_use(known[1].id)
        return known[0], known[1].read_only

    def _note_use(self, token_id: int) -> None:
        """Write down that a token was used, now and then."""
        now = utc_now()
        if now - self._noted.get(token_id, _LONG_AGO) > NOTED_EVERY:
            self._noted[token_id] = now
            self._database.submit_write(lambda cursor: cursor.update(ACCESS_TOKENS, token_id, last_used_date=now))

    async def _own(self, caller: Caller, token_id: int) -> AccessToken:
        token = await self._database.read_async(lambda cursor: cursor.get(ACCESS_TOKENS, AccessToken, token_id))
        if token is None:
            raise NotFoundError(f"there is no access token {token_id}")
        if token.owner_id != caller.id:
            raise NotPermittedError(f"access token {token_id} belongs to another user")
        return token

    def _show(self, caller: Caller, token: AccessToken) -> AccessTokenRead:
        owner = show_user(caller, caller.user)
        assert owner is not None
        return AccessTokenRead(
            id=token.id,
            name=token.name,
            created_date=token.created_date,
            updated_date=token.updated_date,
            expiry_date=token.expiry_date,
            last_used_date=token.last_used_date,
            read_only=token.read_only,
            owner=owner,
        )


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise InvalidInputError(f"{moment.isoformat()} is beyond the calendar", field="expiry_date") from error


def _is_over(moment: datetime | None) -> bool:
    return moment is not None and moment < utc_now()
