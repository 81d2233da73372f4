"""The upload protocol that data, annotations and datasets share; a header says which step a request is.

Start → any number of batches (multipart) and TUS uploads → Finish; or everything in one multipart request.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
from enum import StrEnum

from cvat_lab.errors import InvalidInputError
from cvat_lab_server.handlers.bodies import base_name
from cvat_lab_server.handlers.call import Call, Reply
from cvat_lab_server.handlers.routing import MIB, Routes
from cvat_lab_server.services.uploads import OffsetConflictError, Place
from cvat_lab_server.store.listing import whole_number

routes = Routes()

BATCH_LIMIT = 1024 * MIB
"""Largest multipart body. CVAT's clients send up to 100 MiB, browsers may send one file whole."""

PIECE_LIMIT = 128 * MIB
"""Largest piece of a TUS upload. CVAT's clients send 10 MiB."""

TUS = {"Tus-Resumable": "1.0.0", "Cache-Control": "no-store"}


class Step(StrEnum):
    """Steps of an upload, named after the header that marks them."""

    FINISH = "Upload-Finish"
    START = "Upload-Start"
    ANNOUNCE = "Upload-Length"
    BATCH = "Upload-Multiple"
    WHOLE = ""


def step_of(call: Call) -> Step:
    """Return the step of a request; the first matching header counts, its value may be empty."""
    return next((step for step in Step if step and call.has_header(step)), Step.WHOLE)


async def receive(call: Call, place: Place) -> Reply | None:
    """Handle the steps before the last one; return None when the upload is complete and work can begin."""
    step = step_of(call)
    uploads = call.services.uploads
    if step is Step.START:
        await asyncio.to_thread(uploads.begin, place)
        return Reply(status=202)
    if step is Step.ANNOUNCE:
        return _announce(call, place)
    if step is Step.BATCH and call.upload is None:
        raise InvalidInputError("files of a batch come as multipart/form-data")
    if step is Step.WHOLE and call.upload and call.upload.files:
        await asyncio.to_thread(uploads.begin, place)
    if call.upload:
        files = [(file.name, file.path) for file in call.upload.files]
        await asyncio.to_thread(uploads.add, place, files)
    return Reply(status=200) if step is Step.BATCH else None


def _announce(call: Call, place: Place) -> Reply:
    length = whole_number("Upload-Length", call.headers["Upload-Length"])
    name = base_name(_metadata(call.headers.get("Upload-Metadata", "")).get("filename", "upload"))
    upload = call.services.uploads.announce(call.caller, place, length, name)
    location = call.caller.url(f"/api/uploads/{upload.id}")
    return Reply(status=201, headers={**TUS, "Location": location, "Upload-Filename": upload.name})


def _metadata(text: str) -> dict[str, str]:
    """Return the values of a TUS metadata header: comma-separated pairs of a key and a base64 text."""
    pairs = (pair.strip().partition(" ") for pair in text.split(",") if pair.strip())
    try:
        return {key: base64.b64decode(value, validate=True).decode() for key, _, value in pairs}
    except (binascii.Error, UnicodeDecodeError) as error:
        raise InvalidInputError(f"Upload-Metadata is not base64: {error}") from error


@routes.head("/api/uploads/{upload}")
async def offset(call: Call, upload: str) -> Reply:
    """Return how much of a file has arrived."""
    found, reached = await asyncio.to_thread(call.services.uploads.find, call.caller, upload)
    return Reply(headers={**TUS, "Upload-Offset": str(reached), "Upload-Length": str(found.length)})


@routes.patch("/api/uploads/{upload}", body_limit=PIECE_LIMIT)
async def append(call: Call, upload: str) -> Reply:
    """Add a piece to a file."""
    start = whole_number("Upload-Offset", call.headers.get("Upload-Offset", ""))
    try:
        reached = await call.services.uploads.append(call.caller, upload, start, call.body)
    except OffsetConflictError as error:
        return Reply(error.body(), status=409, headers={**TUS, "Upload-Offset": str(error.offset)})
    return Reply(status=204, headers={**TUS, "Upload-Offset": str(reached)})


@routes.delete("/api/uploads/{upload}")
async def cancel(call: Call, upload: str) -> None:
    """Forget a file that is not complete."""
    await asyncio.to_thread(call.services.uploads.cancel, call.caller, upload)
