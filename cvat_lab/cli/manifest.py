"""``cvat-lab manifest create``: the manifest of media on this machine, made without a server."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cvat_lab.cli.parser import Commands

UNFIT = 2
"""Exit status for a video in which nobody can jump quickly."""


def add_commands(commands: Commands, common: argparse.ArgumentParser) -> None:
    """Add the group."""
    group = commands.add_parser("manifest", help="manifests of media").add_subparsers(metavar="COMMAND", required=True)
    parser = group.add_parser(
        "create", parents=[common], help="write manifest.jsonl for a video, a folder of images, or files of a pattern"
    )
    parser.add_argument("source", help="video, folder of images or point clouds, or a quoted pattern with *, ?, [], **")
    parser.add_argument("--force", action="store_true", help="write it even for a video with too few keyframes")
    parser.add_argument("--output-dir", metavar="DIR", type=Path, default=Path(), help="default: the current folder")
    parser.add_argument(
        "--sorting",
        choices=("lexicographical", "natural", "predefined", "random"),
        default="lexicographical",
        help="order of images; default: %(default)s",
    )
    parser.set_defaults(run=create_manifest)


def create_manifest(options: argparse.Namespace) -> None:
    """Write a manifest and print its path."""
    from cvat_lab.client.progress import report
    from cvat_lab.media.authoring import ManifestSource, write_manifest_of

    source = ManifestSource.find(options.source, options.sorting)
    if source.fault and not options.force:
        print(f"{source.fault}. No manifest was written; --force writes it anyway", file=sys.stderr)
        raise SystemExit(UNFIT)
    with report() as reporter:
        reporter.stage("Reading media", 1.0)
        print(write_manifest_of(source, options.output_dir, reporter.reach))
