"""HTTP: parse, one service call, write. One file per resource."""

from cvat_lab_server.handlers.annotations import routes as annotations
from cvat_lab_server.handlers.auth import routes as auth
from cvat_lab_server.handlers.backups import routes as backups
from cvat_lab_server.handlers.data import routes as data
from cvat_lab_server.handlers.datasets import routes as datasets
from cvat_lab_server.handlers.guides import routes as guides
from cvat_lab_server.handlers.issues import routes as issues
from cvat_lab_server.handlers.jobs import routes as jobs
from cvat_lab_server.handlers.lab import routes as lab
from cvat_lab_server.handlers.labels import routes as labels
from cvat_lab_server.handlers.organizations import routes as organizations
from cvat_lab_server.handlers.projects import routes as projects
from cvat_lab_server.handlers.requests import routes as requests
from cvat_lab_server.handlers.routing import Router
from cvat_lab_server.handlers.server import routes as server
from cvat_lab_server.handlers.tasks import routes as tasks
from cvat_lab_server.handlers.uploading import routes as uploading
from cvat_lab_server.handlers.users import routes as users

ALL_ROUTES = (
    server,
    auth,
    users,
    organizations,
    projects,
    tasks,
    labels,
    data,
    uploading,
    jobs,
    annotations,
    datasets,
    backups,
    requests,
    guides,
    issues,
    lab,
)


def make_router() -> Router:
    """Return the router over all routes of the API."""
    return Router(ALL_ROUTES)
