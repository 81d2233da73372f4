"""``cvat-lab project``: what can be done with projects."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from cvat_lab.cli import backups, creation, datasets, tasks
from cvat_lab.errors import InvalidInputError

if TYPE_CHECKING:
    from cvat_lab.cli.parser import Commands


def add_commands(commands: Commands, common: argparse.ArgumentParser) -> None:
    """Add the group."""
    group = commands.add_parser("project", aliases=["projects"], help="create, list, save, read and remove projects")
    inner = group.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _add_create(inner, common)
    tasks.add_listing(inner, common, "project", list_projects)
    tasks.add_delete(inner, common, "project", "delete")
    datasets.add_export(inner, common, "project")
    datasets.add_import(inner, common, "project")
    backups.add_backup(inner, common, "project")
    backups.add_restore(inner, common, "project")


def _add_create(commands: Commands, common: argparse.ArgumentParser) -> None:
    parser = commands.add_parser("create", parents=[common], help="create a project, with the tasks of a dataset")
    parser.add_argument("name", metavar="NAME")
    creation.add_labels(parser)
    creation.add_bug_tracker(parser)
    parser.add_argument(
        "--dataset_path", "--dataset-path", metavar="FILE", type=Path, help="dataset to make its tasks of"
    )
    parser.add_argument("--dataset_format", "--dataset-format", default="CVAT 1.1", help="default: %(default)s")
    datasets.add_period(parser)
    parser.set_defaults(run=create_project)


def create_project(options: argparse.Namespace) -> None:
    """Create a project and print its id; one whose dataset cannot be read is removed again."""
    from cvat_lab.cli.session import open_lab

    if options.dataset_path and not options.dataset_path.is_file():
        raise InvalidInputError(f"there is no dataset {str(options.dataset_path)!r}")
    labels = creation.read_labels(options.labels) if options.labels else []
    with open_lab(options) as lab:
        project = lab.create_project(options.name, labels, bug_tracker=options.bug_tracker)
        if options.dataset_path:
            try:
                done = project.import_dataset(options.dataset_path, options.dataset_format)
            except BaseException:
                project.delete()
                raise
            datasets.print_losses(done.losses)
        print(project.id)


def list_projects(options: argparse.Namespace) -> None:
    """Print the projects for people or programs."""
    from cvat_lab.cli.printing import print_listing
    from cvat_lab.cli.session import open_lab

    with open_lab(options) as lab:
        print_listing([project.record for project in lab.projects()], tasks.COLUMNS, as_json=options.json)
