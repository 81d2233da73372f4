"""Organizations by cvat-sdk: founding one, inviting a colleague, and what each of the two sees."""

from __future__ import annotations

import os
from uuid import uuid4

from cvat_sdk import make_client, models
from cvat_sdk.api_client import exceptions

URL = os.environ["SERVER_URL"]
PASSWORD = os.environ["SERVER_PASSWORD"]

slug = f"team-{uuid4().hex[:8]}"

with (
    make_client(URL, credentials=(os.environ["SERVER_USER"], PASSWORD)) as owner,
    make_client(URL, credentials=(os.environ["SERVER_COLLEAGUE"], PASSWORD)) as colleague,
):
    team = owner.organizations.create(models.OrganizationWriteRequest(slug=slug, name="The team"))
    assert (team.slug, team.name, team.owner.username) == (slug, "The team", os.environ["SERVER_USER"])
    assert slug in [one.slug for one in owner.organizations.list()]
    assert slug not in [one.slug for one in colleague.organizations.list()]
    team.update(models.PatchedOrganizationWriteRequest(description="We label."))
    assert owner.organizations.retrieve(team.id).description == "We label."

    owner.organization_slug = slug
    task = owner.tasks.create(models.TaskWriteRequest(name="ours", labels=[models.PatchedLabelRequest(name="car")]))
    assert task.organization == team.id
    assert [one.id for one in owner.tasks.list()] == [task.id]
    owner.organization_slug = ""
    assert task.id not in [one.id for one in owner.tasks.list()]
    owner.organization_slug = slug

    email = f"{os.environ['SERVER_COLLEAGUE']}@example.com"
    request = models.InvitationWriteRequest(role="worker", email=email)
    invitation, _ = owner.api_client.invitations_api.create(request)
    assert not invitation.accepted
    listed, _ = colleague.api_client.invitations_api.list()
    assert invitation.key in [one.key for one in listed.results]
    accepted, _ = colleague.api_client.invitations_api.accept(invitation.key)
    assert accepted.organization_slug == slug
    members, _ = owner.api_client.memberships_api.list()
    roles = {member.user.username: str(member.role) for member in members.results}
    assert roles == {os.environ["SERVER_USER"]: "owner", os.environ["SERVER_COLLEAGUE"]: "worker"}

    colleague.organization_slug = slug
    assert colleague.tasks.list() == []
    for act in (
        lambda: colleague.tasks.retrieve(task.id),
        lambda: colleague.tasks.create(models.TaskWriteRequest(name="mine", labels=[])),
        lambda: colleague.organizations.retrieve(team.id).remove(),
    ):
        try:
            act()
        except exceptions.ForbiddenException:
            continue
        raise AssertionError("a worker must not do this")

    task.update(models.PatchedTaskWriteRequest(assignee_id=colleague.users.retrieve_current_user().id))
    assert [one.id for one in colleague.tasks.list()] == [task.id]

    team.remove()
    try:
        owner.tasks.retrieve(task.id)
    except exceptions.NotFoundException:
        pass
    else:
        raise AssertionError("the task must go with its organization")
