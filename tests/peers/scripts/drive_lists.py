"""Lists and access tokens by cvat-sdk: 150 tasks in pages, filters in every spelling, a client without a password."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from cvat_sdk import Client, make_client, models
from cvat_sdk.api_client import ApiClient, Configuration, exceptions
from cvat_sdk.core.filters import F, any_, not_
from cvat_sdk.core.helpers import get_paginated_collection

URL = os.environ["SERVER_URL"]
USER = os.environ["SERVER_USER"]
COUNT = 150

batch = f"list {uuid4().hex[:8]}"


def refused(kind: type[Exception], call: Callable[[], object]) -> None:
    try:
        call()
    except kind:
        return
    raise AssertionError(f"{kind.__name__} was expected")


def by_token(value: str) -> Client:
    return make_client(URL, access_token=value)


with make_client(URL, credentials=(USER, os.environ["SERVER_PASSWORD"])) as first:
    auth = first.api_client.auth_api
    writing, _ = auth.create_access_tokens(models.AccessTokenWriteRequest(name="scripts"))
    reading, _ = auth.create_access_tokens(models.AccessTokenWriteRequest(name="look", read_only=True))
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    short, _ = auth.create_access_tokens(models.AccessTokenWriteRequest(name="short", expiry_date=tomorrow))
    assert abs(short.expiry_date - tomorrow) < timedelta(seconds=1)

with by_token(writing.value) as client:
    own, _ = client.api_client.auth_api.retrieve_access_tokens_self()
    assert (own.name, own.read_only, own.owner.username) == ("scripts", False, USER)
    assert client.users.retrieve_current_user().username == USER
    tasks = [client.tasks.create(models.TaskWriteRequest(name=f"{batch} {number:03d}")) for number in range(COUNT)]
    names = [task.name for task in tasks]

    mine = {"search": f'"{batch}"'}
    for size in ({}, {"page_size": 7}, {"page_size": 50}, {"page_size": COUNT}, {"page_size": 1000}):
        listed = get_paginated_collection(client.api_client.tasks_api.list_endpoint, **mine, **size)
        assert [task.name for task in listed] == names[::-1], size
    page, _ = client.api_client.tasks_api.list(**mine, page=3, page_size=60, sort="name")
    assert (page.count, [task.name for task in page.results]) == (COUNT, names[120:])
    assert page.next is None
    assert "page=2" in page.previous
    refused(exceptions.NotFoundException, lambda: client.api_client.tasks_api.list(**mine, page=4, page_size=60))

    ids = [task.id for task in tasks]

    def found(**query: object) -> list[int]:
        return sorted(
            task.id for task in client.tasks.list(**{"name__contains": batch.upper(), "page_size": COUNT, **query})
        )

    assert found() == ids
    assert found(id__in=ids[3:6]) == ids[3:6]
    assert found(id__between=(ids[10], ids[12])) == ids[10:13]
    assert found(id__lt=ids[2]) == ids[:2]
    assert found(id__gte=ids[-2]) == ids[-2:]
    assert found(name__ne=names[0]) == ids[1:]
    assert found(assignee__isset=True) == []
    assert found(assignee__isset=False) == ids
    assert found(filter=(F.id == ids[0]) | (F.name == names[1])) == ids[:2]
    assert found(filter=any_(F.id < ids[1], not_(F.id <= ids[-2]))) == [ids[0], ids[-1]]
    assert found(owner=USER, status="annotation", filter=~(F.id > ids[0])) == ids[:1]
    assert found(created_date__gt=tomorrow.isoformat()) == []
    assert [task.name for task in client.tasks.list(**mine, sort="-name", page_size=100)] == names[::-1]
    for wrong in ({"filter": F.nothing == 1}, {"filter": {"regexp": [{"var": "name"}, "x"]}}, {"sort": "nothing"}):
        refused(exceptions.ApiException, lambda wrong=wrong: client.tasks.list(**wrong))
    assert [user.username for user in client.users.list(username=USER)] == [USER]

with by_token(reading.value) as client:
    assert len(client.tasks.list(**mine, page_size=100)) == COUNT
    refused(exceptions.ForbiddenException, lambda: client.tasks.create(models.TaskWriteRequest(name="no")))
    refused(exceptions.ForbiddenException, lambda: client.tasks.retrieve(ids[0]).remove())

with by_token(writing.value) as client:
    client.tasks.remove_by_ids(ids)
    assert client.tasks.list(**mine) == []
    used, _ = client.api_client.auth_api.retrieve_access_tokens(writing.id)
    assert used.last_used_date is not None
    for token in (reading, short, writing):
        client.api_client.auth_api.destroy_access_tokens(token.id)

with ApiClient(Configuration(host=URL, access_token=writing.value)) as revoked:
    refused(exceptions.UnauthorizedException, lambda: revoked.users_api.retrieve_self())
