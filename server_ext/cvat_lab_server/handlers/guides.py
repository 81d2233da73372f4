"""Annotation guides and the files in them."""

from __future__ import annotations

from urllib.parse import quote

from cvat_lab.errors import InvalidInputError
from cvat_lab.model.guide import AnnotationGuidePatch, AnnotationGuideRead, AnnotationGuideWrite, AssetRead
from cvat_lab_server.handlers.call import Call, Reply
from cvat_lab_server.handlers.routing import MIB, Routes
from cvat_lab_server.services.guides import ASSET_LIMIT
from cvat_lab_server.store.listing import whole_number

routes = Routes()

_INERT = {
    "Cache-Control": "private, max-age=31536000, immutable",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
}
"""A picture can be shown, everything else is downloaded, and nothing can run."""


@routes.post("/api/guides", status=201)
async def create_guide(call: Call, body: AnnotationGuideWrite) -> AnnotationGuideRead:
    """Make the guide of a task or project."""
    return await call.services.guides.create(call.caller, body)


@routes.get("/api/guides/{id:int}")
async def read_guide(call: Call, id: int) -> AnnotationGuideRead:
    """Return a guide."""
    return await call.services.guides.read(call.caller, id)


@routes.patch("/api/guides/{id:int}")
async def update_guide(call: Call, id: int, body: AnnotationGuidePatch) -> AnnotationGuideRead:
    """Change the text of a guide."""
    return await call.services.guides.update(call.caller, id, body)


@routes.delete("/api/guides/{id:int}")
async def delete_guide(call: Call, id: int) -> None:
    """Remove a guide with its files."""
    await call.services.guides.delete(call.caller, id)


@routes.post("/api/assets", status=201, uploads=True, body_limit=ASSET_LIMIT + MIB)
async def create_asset(call: Call) -> AssetRead:
    """Take a file into a guide."""
    if call.upload is None or len(call.upload.files) != 1 or "guide_id" not in call.upload.fields:
        raise InvalidInputError("an asset comes as a form of guide_id and one file")
    [file] = call.upload.files
    guide = whole_number("guide_id", call.upload.fields["guide_id"])
    return await call.services.guides.add_asset(call.caller, guide, file.name, file.path)


@routes.get("/api/assets/{uuid}")
async def read_asset(call: Call, uuid: str) -> Reply:
    """Return a file of a guide."""
    asset = await call.services.guides.open_asset(call.caller, uuid)
    shown = "inline" if asset.content_type.startswith("image/") else "attachment"
    disposition = f"{shown}; filename*=UTF-8''{quote(asset.name, safe='')}"
    return Reply(asset.content, content_type=asset.content_type, headers={**_INERT, "Content-Disposition": disposition})


@routes.delete("/api/assets/{uuid}")
async def delete_asset(call: Call, uuid: str) -> None:
    """Remove a file of a guide."""
    await call.services.guides.delete_asset(call.caller, uuid)
