"""The server as one object: lists, look-ups, creation and queries."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import Any, Self

from cvat_lab.client.backups import restore
from cvat_lab.client.creation import StrPath, gather_media
from cvat_lab.client.http import Transport
from cvat_lab.client.job import Job
from cvat_lab.client.labels import LabelSpec, make_labels
from cvat_lab.client.lookup import the_only
from cvat_lab.client.progress import report
from cvat_lab.client.project import Project
from cvat_lab.client.query import Result, run_query
from cvat_lab.client.task import Task
from cvat_lab.errors import NotFoundError
from cvat_lab.model.base import convert
from cvat_lab.model.data import DataWrite, ShareEntry
from cvat_lab.model.job import JobRead
from cvat_lab.model.project import ProjectRead, ProjectWrite
from cvat_lab.model.request import RequestRead
from cvat_lab.model.server import DatasetFormats
from cvat_lab.model.task import TaskRead, TaskWrite
from cvat_lab.model.user import UserBasic, UserRead


class Lab:
    """A running server, seen by one user. Made by ``cvat_lab.connect()`` and ``cvat_lab.open()``.

    Parameters
    ----------
    transport
        The way to the server.
    closer
        Called once by :meth:`close`.
    """

    def __init__(self, transport: Transport, *, closer: Callable[[], None] | None = None) -> None:
        self.transport = transport
        self._closer = closer

    def __repr__(self) -> str:
        return f"<Lab {self.url} as {self.user.username}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections, and the server if :func:`cvat_lab.open` started it. May be called twice."""
        self.transport.close()
        closer, self._closer = self._closer, None
        if closer is not None:
            closer()

    @property
    def url(self) -> str:
        """Address of the server, without a trailing slash."""
        return self.transport.url

    @property
    def organization(self) -> str | None:
        """Short name of the organization to work in; empty = the personal workspace, None = everything we may see.

        New projects and tasks are made there, and lists show only what is there.
        """
        return self.transport.organization

    @organization.setter
    def organization(self, slug: str | None) -> None:
        self.transport.organization = slug

    # who and what

    @cached_property
    def user(self) -> UserRead:
        """The user we are logged in as."""
        return self.transport.get("api/users/self", UserRead)

    def users(self, **filters: Any) -> list[UserBasic]:
        """Return the users; ``search="ann"`` or ``username="ann"`` narrows them down."""
        return list(self.transport.pages("api/users", UserBasic, **filters))

    def user_id(self, username: str) -> int:
        """Return the id of a user.

        Raises
        ------
        NotFoundError
            There is no such user.
        """
        for user in self.users(username=username):
            if user.username == username:
                return user.id
        known = ", ".join(user.username for user in self.users())
        raise NotFoundError(f"there is no user {username!r}; there are: {known}")

    def formats(self) -> DatasetFormats:
        """Return the dataset formats that can be imported and exported."""
        return self.transport.get("api/server/annotation/formats", DatasetFormats)

    def share(self, directory: str = "/") -> list[ShareEntry]:
        """Return the files and folders in a folder of the server's share."""
        return self.transport.get("api/server/share", list[ShareEntry], directory=directory)

    def requests(self, **filters: Any) -> list[RequestRead]:
        """Return our background requests, the newest first; ``status="failed"`` narrows them down."""
        return list(self.transport.pages("api/requests", RequestRead, **filters))

    # projects

    def projects(self, **filters: Any) -> list[Project]:
        """Return the projects, the newest first.

        Parameters
        ----------
        filters
            ``name``, ``search``, ``status``, ``owner``, ``assignee``, or CVAT's ``filter`` in JSON Logic.
        """
        return [Project(self, record) for record in self.transport.pages("api/projects", ProjectRead, **filters)]

    def project(self, key: int | str) -> Project:
        """Return a project by id or name.

        Raises
        ------
        NotFoundError
            There is none, or not for us.
        InvalidInputError
            There are several of this name.
        """
        if isinstance(key, int):
            return Project(self, self.transport.get(f"api/projects/{key}", ProjectRead))
        found = (project for project in self.projects(name=key) if project.record.name == key)
        return the_only(found, "project", key, repr, lambda: (other.record.name for other in self.projects()))

    def create_project(self, name: str, labels: Iterable[LabelSpec] = (), **fields: Any) -> Project:
        """Create a project.

        Parameters
        ----------
        name
            What people call it.
        labels
            Labels for all its tasks, see :func:`cvat_lab.client.labels.make_labels`.
        fields
            More fields of the project, for example ``bug_tracker``.
        """
        body = convert({"name": name, "labels": make_labels(labels), **fields}, ProjectWrite, what="project")
        return Project(self, self.transport.post("api/projects", body, ProjectRead))

    def restore_project(self, file: StrPath, *, progress: bool | None = None) -> Project:
        """Make a project, with its tasks, from a backup; see :meth:`restore_task`."""
        return self.project(restore(self.transport, "project", file, progress))

    # tasks and jobs

    def tasks(self, *, project: int | str | Project | None = None, **filters: Any) -> list[Task]:
        """Return the tasks, the newest first.

        Parameters
        ----------
        project
            Only those of this project: the object, its id or its name.
        filters
            ``name``, ``search``, ``status``, ``subset``, ``owner``, ``assignee``, or CVAT's ``filter`` in JSON Logic.
        """
        if project is not None:
            filters["project_id"] = self._project_id(project)
        return [Task(self, record) for record in self.transport.pages("api/tasks", TaskRead, **filters)]

    def task(self, key: int | str) -> Task:
        """Return a task by id or name.

        Raises
        ------
        NotFoundError
            There is none, or not for us.
        InvalidInputError
            There are several of this name.
        """
        if isinstance(key, int):
            return Task(self, self.transport.get(f"api/tasks/{key}", TaskRead))
        found = (task for task in self.tasks(name=key) if task.record.name == key)
        return the_only(found, "task", key, repr, lambda: (other.record.name for other in self.tasks()))

    def jobs(self, **filters: Any) -> list[Job]:
        """Return the jobs; ``task_id``, ``assignee``, ``stage`` and ``state`` narrow them down."""
        return [Job(self, record) for record in self.transport.pages("api/jobs", JobRead, **filters)]

    def job(self, key: int) -> Job:
        """Return a job by id."""
        return Job(self, self.transport.get(f"api/jobs/{key}", JobRead))

    def create_task(
        self,
        name: str,
        labels: Iterable[LabelSpec] | None = None,
        *,
        project: int | str | Project | None = None,
        files: Sequence[StrPath] | StrPath = (),
        share: Sequence[str] | str = (),
        remote: Sequence[str] | str = (),
        copy: bool | None = None,
        image_quality: int = 70,
        chunk_size: int | None = None,
        start_frame: int = 0,
        stop_frame: int | None = None,
        frame_step: int = 1,
        sorting: str = "lexicographical",
        segment_size: int = 0,
        overlap: int | None = None,
        subset: str = "",
        bug_tracker: str = "",
        assignee: int | str | None = None,
        use_zip_chunks: bool = False,
        progress: bool | None = None,
    ) -> Task:
        """Create a task and give it its frames.

        Parameters
        ----------
        name
            What people call it.
        labels
            Labels, see :func:`cvat_lab.client.labels.make_labels`. Not with ``project``, whose labels are used.
        project
            The project it belongs to: the object, its id or its name.
        files
            Files and folders of this machine: one video, or images and archives of images. Without any, and without
            ``share`` and ``remote``, the task has no frames yet.
        share
            Files of the server's share, instead of ``files``.
        remote
            Addresses that the server fetches the files from, instead of ``files``.
        copy
            For ``files``: upload them (the default), or with False let a server of this machine read them where they
            are. For ``share``: copy them into the workspace; default: leave them on the share.
        image_quality
            Quality of compressed frames, 0..100.
        chunk_size
            Frames per chunk; None = depends on the size of the images.
        start_frame, stop_frame, frame_step
            Which frames of the media to take; ``stop_frame`` is included.
        sorting
            Order of images: ``lexicographical``, ``natural``, ``predefined`` (as given) or ``random``.
        segment_size, overlap
            Frames per job (0 = all in one), and frames that neighbouring jobs share.
        subset
            For example ``train``.
        bug_tracker
            Address of a page about the task.
        assignee
            Name or id of a user.
        use_zip_chunks
            Serve video as zip archives of images to clients that ask for chunks.
        progress
            Show a bar; None = where somebody watches.

        Returns
        -------
        Task
            With all its frames.

        Raises
        ------
        InvalidInputError
            An option is wrong, or a file does not exist; then no task is created.
        CvatLabError
            The media cannot be used; then the task is removed again.
        """
        options = convert(
            {
                "image_quality": image_quality,
                "chunk_size": chunk_size,
                "start_frame": start_frame,
                "stop_frame": stop_frame,
                "frame_filter": f"step={frame_step}" if frame_step != 1 else "",
                "sorting_method": sorting,
                "use_zip_chunks": use_zip_chunks,
            },
            DataWrite,
            what=f"options of task {name!r}",
        )
        body = convert(
            {
                "name": name,
                "labels": make_labels(labels) if labels is not None else None,
                "project_id": self._project_id(project) if project is not None else None,
                "segment_size": segment_size,
                "overlap": overlap,
                "subset": subset,
                "bug_tracker": bug_tracker,
                "assignee_id": self.user_id(assignee) if isinstance(assignee, str) else assignee,
            },
            TaskWrite,
            what=f"task {name!r}",
        )
        copies = copy if copy is not None else not share
        media = gather_media(self.transport, files, share, remote, copy=copies, options=options)
        task = Task(self, self.transport.post("api/tasks", body, TaskRead))
        if media.is_empty:
            return task
        try:
            with report(progress) as reporter:
                media.send(self.transport, task.path, reporter)
        except BaseException:
            task.delete()
            raise
        return task.refresh()

    def restore_task(self, file: StrPath, *, progress: bool | None = None) -> Task:
        """Make a task from a backup of cvat_lab or of CVAT.

        Parameters
        ----------
        file
            The archive that ``task.backup()`` wrote. It is the whole task; owner and organization are ours.
        progress
            Show a bar; None = where somebody watches.

        Raises
        ------
        CvatLabError
            The file is no backup of a task, or is damaged; then no task is made.
        """
        return self.task(restore(self.transport, "task", file, progress))

    # queries

    def sql(
        self, query: str, params: Sequence[Any] | dict[str, Any] | None = None, *, limit: int | None = None
    ) -> Result:
        """Run a SELECT over everything we may see.

        The views are ``projects, tasks, jobs, frames, labels, tags, shapes, tracks, keyframes, track_shapes,
        attributes, issues, comments`` and ``revisions``.

        Parameters
        ----------
        query
            SQL of DuckDB.
        params
            Values for the ``?`` marks, in order, or for the ``$name`` marks.
        limit
            Read no more rows than this.

        Returns
        -------
        Result
            A table that turns into Arrow with ``.arrow()`` and into pandas with ``.df()``.

        Raises
        ------
        InvalidInputError
            The query is not a SELECT, or names something that does not exist.
        """
        return run_query(self.transport, query, params, limit)

    def _project_id(self, project: int | str | Project) -> int:
        if isinstance(project, int):
            return project
        return (project if isinstance(project, Project) else self.project(project)).id
