"""Point clouds for manifests: which files they are, and the pictures that belong to each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from typing import NamedTuple

from cvat_lab.errors import MediaError
from cvat_lab.media.sources import IMAGES, RELATED

POINT_CLOUDS = (".pcd",)


class PointCloud(NamedTuple):
    """A point cloud: its path, and those of its pictures, relative to one root."""

    name: str
    related: list[str]


def find_point_clouds(files: Iterable[str]) -> list[PointCloud]:
    """Return the point clouds among files, in their order.

    ``dir/related_images/a_pcd/any.png`` belongs to ``dir/a.pcd``, and so does ``related_images/a_pcd/any.png`` beside
    the folder ``dir``, where CVAT's own layout has it.
    """
    names = list(files)
    clouds = [PointCloud(name, []) for name in names if name.lower().endswith(POINT_CLOUDS)]
    owners = {place: cloud for cloud in clouds for place in _places(cloud.name)}
    for name in sorted(names):
        above, here, below = f"/{name}".rpartition(f"/{RELATED}/")
        owner = owners.get(f"{above}/{below.partition('/')[0]}") if here else None
        if owner is not None and name.lower().endswith(IMAGES):
            owner.related.append(name)
    return clouds


def manifest_lines_of(clouds: Iterable[PointCloud]) -> Iterator[dict[str, object]]:
    """Yield the lines of a manifest after its head. Point clouds have no size, and no picture to take a checksum of.

    Raises
    ------
    MediaError
        There are none.
    """
    empty = True
    for cloud in clouds:
        empty = False
        path = PurePosixPath(cloud.name)
        yield {
            "name": str(path.with_suffix("")),
            "extension": path.suffix,
            "meta": {"related_images": cloud.related},
        }
    if empty:
        raise MediaError("there are no point clouds")


def _places(name: str) -> Iterator[str]:
    """Yield the paths that pictures of a point cloud may lie below, but for the folder of all pictures."""
    path = PurePosixPath(f"/{name}")
    folder = path.name.replace(".", "_")
    for above in dict.fromkeys((path.parent, path.parent.parent)):
        yield f"{'' if str(above) == '/' else above}/{folder}"
