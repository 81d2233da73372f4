"""What the server says about itself."""

from __future__ import annotations

from cvat_lab.formats import dataset_formats
from cvat_lab.model.data import ShareEntry
from cvat_lab.model.server import About, DatasetFormats, Plugins
from cvat_lab_server.handlers.call import Call
from cvat_lab_server.handlers.routing import Routes

routes = Routes()

API_VERSION = "2.80.0"
"""Version of CVAT's API that is spoken; its clients check it."""


@routes.get("/api/server/about", public=True)
async def about(call: Call) -> About:
    """Return name and API version."""
    return About(
        name="cvat_lab",
        description="CVAT made native to Jupyter: annotate where you query and train.",
        version=API_VERSION,
    )


@routes.get("/api/server/health", public=True)
async def health(call: Call) -> dict[str, str]:
    """Return that the server works, after one round through the database."""
    await call.services.database.check()
    return {"status": "ok"}


@routes.get("/api/server/annotation/formats")
async def formats(call: Call) -> DatasetFormats:
    """Return the dataset formats."""
    return dataset_formats()


@routes.get("/api/server/plugins")
async def plugins(call: Call) -> Plugins:
    """Return which optional parts are there."""
    return Plugins()


@routes.get("/api/server/share")
async def share(call: Call) -> list[ShareEntry]:
    """Return a folder of the share."""
    return call.services.share.entries(call.query.get("directory", "/"), call.query.get("search", ""))
