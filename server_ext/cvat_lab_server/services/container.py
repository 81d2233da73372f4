"""Everything a server consists of, built once and handed to the handlers."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from cvat_lab_server.services.access import Access
from cvat_lab_server.services.accounts import AccountService
from cvat_lab_server.services.annotations import AnnotationService
from cvat_lab_server.services.backups import BackupService
from cvat_lab_server.services.creation import CreationService
from cvat_lab_server.services.exports import ExportService
from cvat_lab_server.services.ground_truth import GroundTruthService
from cvat_lab_server.services.guides import GuideService
from cvat_lab_server.services.housekeeping import Housekeeper
from cvat_lab_server.services.imports import ImportService
from cvat_lab_server.services.issues import IssueService
from cvat_lab_server.services.jobs import JobService
from cvat_lab_server.services.labels import LabelService
from cvat_lab_server.services.media import MediaService
from cvat_lab_server.services.members import MemberService
from cvat_lab_server.services.organizations import OrganizationService
from cvat_lab_server.services.originals import OriginalsGatherer
from cvat_lab_server.services.project_imports import ProjectImportService
from cvat_lab_server.services.projects import ProjectService
from cvat_lab_server.services.query import QueryService
from cvat_lab_server.services.requests import RequestService
from cvat_lab_server.services.restores import RestoreService
from cvat_lab_server.services.share import ShareService
from cvat_lab_server.services.tasks import TaskService
from cvat_lab_server.services.uploads import UploadService
from cvat_lab_server.services.users import UserService
from cvat_lab_server.services.workspace import Workspace
from cvat_lab_server.store.database import Database
from cvat_lab_server.work.downloads import DownloadLimits
from cvat_lab_server.work.outbound import ANY_PUBLIC, Outbound
from cvat_lab_server.work.queue import RequestQueue

GIB = 2**30


@dataclass(frozen=True)
class Settings:
    """What a host can choose.

    Attributes
    ----------
    workspace
        The folder that holds everything.
    share_root
        Folder whose files can become tasks without an upload, or None.
    allow_local_paths
        Administrators may also name any path of the machine.
    cache_bytes
        Size limit of chunks and previews on disk.
    memory_limit
        What DuckDB may use, for example ``2GB``; None = its own default.
    allow_registration
        Whether everybody who reaches the server may open an account. Only for the stand-alone server: Jupyter and
        JupyterHub have users of their own.
    remote_hosts
        Hosts whose files can become tasks by their address, see :class:`cvat_lab_server.work.outbound.Outbound`.
    download_limits
        Bounds of such files.
    """

    workspace: Path
    share_root: Path | None = None
    allow_local_paths: bool = False
    cache_bytes: int = 4 * GIB
    memory_limit: str | None = None
    allow_registration: bool = False
    remote_hosts: tuple[str, ...] = (ANY_PUBLIC,)
    download_limits: DownloadLimits = field(default_factory=DownloadLimits)


class Services:
    """All services over one open workspace."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.workspace = Workspace(settings.workspace)
        self.database = Database(self.workspace.database, memory_limit=settings.memory_limit)
        self.queue = RequestQueue(self.database)
        self.access = Access(self.database)
        self.users = UserService(self.database)
        self.accounts = AccountService(self.database, self.users, allow_registration=settings.allow_registration)
        self.organizations = OrganizationService(self.database, self.access, self.workspace)
        self.members = MemberService(self.database, self.access)
        self.share = ShareService(settings.share_root, allow_local_paths=settings.allow_local_paths)
        self.uploads = UploadService(self.workspace)
        self.requests = RequestService(self.database, self.queue)
        self.labels = LabelService(self.database, self.access)
        self.projects = ProjectService(self.database, self.access, self.workspace)
        self.tasks = TaskService(self.database, self.access, self.workspace)
        self.guides = GuideService(self.database, self.access, self.workspace)
        self.issues = IssueService(self.database, self.access)
        self.jobs = JobService(self.database, self.access)
        self.ground_truth = GroundTruthService(self.database, self.access, self.jobs)
        self.media = MediaService(self.database, self.access, self.workspace, cache_bytes=settings.cache_bytes)
        outbound = Outbound(settings.remote_hosts, "remote_hosts")
        gatherer = OriginalsGatherer(self.workspace, outbound, settings.download_limits)
        self.creation = CreationService(self.database, self.workspace, self.share, gatherer, self.requests, self.queue)
        self.annotations = AnnotationService(self.database, self.access, self.tasks, self.jobs, self.media)
        self.exports = ExportService(self.database, self.workspace, self.media, self.requests, self.queue)
        self.imports = ImportService(self.database, self.workspace, self.annotations, self.requests, self.queue)
        self.project_imports = ProjectImportService(self.database, self.workspace, self.requests, self.queue)
        self.backups = BackupService(self.database, self.workspace, self.media, self.requests, self.queue)
        self.restores = RestoreService(self.database, self.workspace, self.requests, self.queue)
        self.queries = QueryService(self.database)
        self.housekeeper = Housekeeper(self.database, self.workspace)
        self.queue.recover()
        self.housekeeper.start()
        self.queue.resume()

    def close(self) -> None:
        """Stop background work and close the workspace."""
        self.housekeeper.close()
        self.queue.close()
        self.queries.close()
        self.media.close()
        self.exports.close()
        self.backups.close()
        self.restores.close()
        self.database.close()
