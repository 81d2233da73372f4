"""Finds the frame that an item of a file belongs to.

The rules, in order: the path without its extension equals that of a frame; the same with a common root folder added or
removed; the item's frame number, or its name as a number; for video, the digits after ``frame_``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cvat_lab.errors import FormatError
from cvat_lab.formats.dataset import Dataset, TaskInfo

_VIDEO_NAME = re.compile(r"frame_(\d+)$")
_TRIED = 50
"""Unmatched paths that are looked at to find the common root folder."""


class FrameRef(NamedTuple):
    """How a file refers to a frame. ``number`` is absolute; ``title`` names the item in messages."""

    name: str
    number: int | None = None
    title: str = ""


class FrameIndex:
    """The frames that an import may write to.

    Parameters
    ----------
    target
        A dataset of one task, with all frames of the task or job.
    """

    def __init__(self, target: Dataset) -> None:
        self._target = target
        self.task: TaskInfo = target.info.tasks[0]
        self._frames = target.task_frames[self.task.id]
        self._numbers = set(self._frames.numbers.tolist())
        self._by_name: dict[str, int] = {}
        self._by_stem: dict[str, list[int]] = {}
        self._by_video_number: dict[int, int] = {}
        for number, name in zip(self._frames.numbers.tolist(), self._frames.names, strict=True):
            stem = name if self.task.is_video else _stem(name)
            self._by_name[name] = number
            if not self.task.is_video and (found := _VIDEO_NAME.search(stem)):
                self._by_video_number[int(found[1])] = number
            self._by_stem.setdefault(stem, []).append(number)

    @property
    def live_numbers(self) -> NDArray[np.int64]:
        """Frame numbers that are not deleted, ascending."""
        return self._frames.live_numbers

    def size(self, number: int) -> tuple[int, int]:
        """Return width and height of a frame in pixels."""
        place = int(self._frames.numbers.searchsorted(number))
        return self._frames.widths[place], self._frames.heights[place]

    def match(self, refs: Sequence[FrameRef]) -> list[int | None]:
        """Return the frame number of every reference, or ``None`` where no rule finds one.

        The references are seen together, because the deepest path tells the root folder that the others lack or have
        too much.

        Raises
        ------
        FormatError
            A reference fits several frames equally well.
        """
        root = self._find_root(refs)
        return [self._match(ref, root) for ref in refs]

    def match_number(self, absolute: int) -> int | None:
        """Return the frame number that shows a frame of the source media.

        Images that were once saved from a video, ``frame_000042.png``, keep the number they had there.
        """
        if absolute in self._by_video_number:
            return self._by_video_number[absolute]
        number = self.task.relative(absolute)
        return number if number in self._numbers else None

    def missing(self, title: str) -> FormatError:
        """Return the error for an item that matches no frame."""
        info, names = self._target.info, self._frames.names
        example = f"; its frames are called like {names[0]!r}" if names else ""
        return FormatError(
            f"{title} matches no frame of {info.kind} {info.id}{example}. Name it as the frame is named, or give its "
            "frame number"
        )

    @cached_property
    def _by_base(self) -> dict[str, list[tuple[str, ...]]]:
        """Parts of the frames' paths, by the last one."""
        found: dict[str, list[tuple[str, ...]]] = {}
        for stem in self._by_stem:
            parts = tuple(stem.split("/"))
            found.setdefault(parts[-1], []).append(parts)
        return found

    def _match(self, ref: FrameRef, root: _Root | None) -> int | None:
        name = _clean(ref.name)
        if name:
            if (number := self._by_name.get(name)) is not None:
                return number
            for candidate in _candidates(name, root):
                if candidate in self._by_stem:
                    return self._only(candidate, ref)
        number = ref.number if ref.number is not None else _as_number(name)
        if number is None and self.task.is_video and (found := _VIDEO_NAME.search(_stem(name))):
            number = int(found[1])
        return None if number is None else self.match_number(number)

    def _only(self, stem: str, ref: FrameRef) -> int:
        numbers = self._by_stem[stem]
        if len(numbers) > 1:
            raise FormatError(
                f"{ref.title or ref.name} fits {len(numbers)} frames that differ by extension only; "
                "add the extension in the file"
            )
        return numbers[0]

    def _find_root(self, refs: Sequence[FrameRef]) -> _Root | None:
        """Compare the deepest unmatched paths with the frames: one of the two must end with the other."""
        names = {_clean(ref.name) for ref in refs if ref.name}
        strangers = {_stem(name) for name in names if name not in self._by_stem and _stem(name) not in self._by_stem}
        for stem in sorted(strangers, key=lambda stem: (-stem.count("/"), stem))[:_TRIED]:
            parts = tuple(stem.split("/"))
            fits = [
                (min(len(frame), len(parts)), _root_between(frame, parts))
                for frame in self._by_base.get(parts[-1], ())
                if _ends_with(frame, parts) or _ends_with(parts, frame)
            ]
            best = {root for shared, root in fits if shared == max(fits)[0]}
            if len(best) == 1:
                return best.pop()
        return None


class _Root(NamedTuple):
    """A folder that the frames have in front of the items' paths, or the items in front of the frames'."""

    added: str = ""
    removed: str = ""

    def variants(self, path: str) -> tuple[str, ...]:
        if self.added:
            return (f"{self.added}/{path}",)
        prefix = f"{self.removed}/"
        return (path.removeprefix(prefix),) if path.startswith(prefix) else ()


def _root_between(frame: tuple[str, ...], item: tuple[str, ...]) -> _Root:
    if len(frame) > len(item):
        return _Root(added="/".join(frame[: -len(item)]))
    return _Root(removed="/".join(item[: -len(frame)]))


def _candidates(name: str, root: _Root | None) -> Iterator[str]:
    """Yield what a frame's path without extension may be, the best guess first; the name may lack an extension."""
    spellings = (name, _stem(name))
    yield from spellings
    if root is not None:
        for spelling in spellings:
            yield from root.variants(spelling)


def _clean(name: str) -> str:
    return name.replace("\\", "/").removeprefix("./")


def _stem(name: str) -> str:
    """Return a path without its extension. A name that begins with its only dot has none."""
    folder, slash, base = name.rpartition("/")
    stem = base.rpartition(".")[0]
    return f"{folder}{slash}{stem}" if stem else name


def _as_number(name: str) -> int | None:
    base = _stem(name)
    return int(base) if base.isascii() and base.isdigit() else None


def _ends_with(path: tuple[str, ...], end: tuple[str, ...]) -> bool:
    return len(path) >= len(end) and path[-len(end) :] == end
