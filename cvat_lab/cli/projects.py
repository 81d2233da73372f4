"""``cvat-lab projects``."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cvat_lab.cli.parser import Commands


def add_commands(commands: Commands, common: argparse.ArgumentParser) -> None:
    """Add the group."""
    group = commands.add_parser("projects", help="projects").add_subparsers(metavar="COMMAND", required=True)
    listing = group.add_parser("ls", parents=[common], help="print id, name and status of the projects, one per line")
    listing.add_argument("--json", action="store_true", help="print everything about them as JSON")
    listing.set_defaults(run=list_projects)


def list_projects(options: argparse.Namespace) -> None:
    """Print the projects."""
    from cvat_lab.cli.printing import print_records
    from cvat_lab.cli.session import open_lab

    with open_lab(options) as lab:
        print_records([project.record for project in lab.projects()], ("id", "name", "status"), as_json=options.json)
