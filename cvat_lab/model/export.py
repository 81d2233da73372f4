"""Writes the JSON Schema of the wire types; TypeScript is generated from it.

Usage: ``python -m cvat_lab.model.export > schema.json``
"""

from __future__ import annotations

import json
import sys
from typing import Any

import msgspec

from cvat_lab.model import (
    changes,
    data,
    guide,
    job,
    label,
    organization,
    project,
    request,
    server,
    shape,
    tag,
    task,
    track,
    user,
)
from cvat_lab.model.base import Record

WIRE_TYPES: tuple[type[Record], ...] = (
    server.About,
    server.DatasetFormats,
    server.SqlQuery,
    user.UserRead,
    user.Login,
    user.AccessTokenRead,
    user.AccessTokenWrite,
    organization.OrganizationRead,
    organization.OrganizationWrite,
    organization.OrganizationPatch,
    organization.MembershipRead,
    organization.InvitationRead,
    organization.InvitationWrite,
    organization.InvitationAccepted,
    guide.AnnotationGuideRead,
    guide.AssetRead,
    label.LabelRead,
    label.LabelWrite,
    project.ProjectRead,
    project.ProjectWrite,
    project.ProjectPatch,
    task.TaskRead,
    task.TaskWrite,
    task.TaskPatch,
    job.JobRead,
    job.JobPatch,
    data.DataMeta,
    data.DataMetaPatch,
    data.DataWrite,
    data.RequestId,
    data.ShareEntry,
    request.RequestRead,
    shape.Shape,
    track.Track,
    tag.Tag,
    changes.LabeledData,
    changes.ChangeSet,
    changes.ChangeResult,
)

_OPTIONAL_SUFFIXES = ("Write", "Patch", "Query", "Login")


def wire_schema() -> dict[str, Any]:
    """Return one JSON Schema with a definition per wire type.

    The server always sends every field, so in answers (and in annotations, which travel both ways) all fields are
    required, except those that may be unset. In requests only fields without a default are required.
    """
    _, definitions = msgspec.json.schema_components(WIRE_TYPES, ref_template="#/definitions/{name}")
    for name, definition in definitions.items():
        properties = definition.get("properties")
        if properties is None or name.endswith(_OPTIONAL_SUFFIXES):
            continue
        unset = _unset_fields(name)
        definition["required"] = [field for field in properties if field not in unset]
    for definition in definitions.values():
        definition.pop("title", None)
        for schema in definition.get("properties", {}).values():
            schema.pop("default", None)
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "definitions": dict(sorted(definitions.items())),
        "oneOf": [{"$ref": f"#/definitions/{kind.__name__}"} for kind in WIRE_TYPES],
    }


def _unset_fields(name: str) -> set[str]:
    kind = _record_types().get(name)
    if kind is None:
        return set()
    return {field.name for field in msgspec.structs.fields(kind) if field.default is msgspec.UNSET}


def _record_types() -> dict[str, type[Record]]:
    found: dict[str, type[Record]] = {}
    waiting = [Record]
    while waiting:
        for kind in waiting.pop().__subclasses__():
            found[kind.__name__] = kind
            waiting.append(kind)
    return found


if __name__ == "__main__":
    json.dump(wire_schema(), sys.stdout, indent=1, sort_keys=True)
