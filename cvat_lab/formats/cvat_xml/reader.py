"""Reads CVAT XML as a stream: ``<image>`` elements become frame items, ``<track>`` elements become track items."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any, NoReturn
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from cvat_lab.errors import FormatError
from cvat_lab.formats.archive import Source, reading
from cvat_lab.formats.base import Import
from cvat_lab.formats.cvat_xml.elements import SHAPE_READERS
from cvat_lab.formats.items import FrameItem, Item, ShapeItem, TagItem, TrackItem
from cvat_lab.model.shape import ShapeType

_CHUNK = 1 << 18
_VERSION = re.compile(r"\s*(\d+)(?:\.\d+)?\s*$")
_MAJOR = 1

Attributes = dict[str, str]


class XmlReader:
    """Reads one XML file.

    Parameters
    ----------
    source, member
        Where the file is.
    work
        Is told losses.
    """

    def __init__(self, source: Source, member: str, work: Import) -> None:
        self._source, self._member, self._work = source, member, work
        self._where = member if member == source.name else f"{source.name}: {member}"
        self._media = _Media(source, member) if work.target is None else None
        self._ready: list[Item] = []
        self._depth = 0
        self._frame: FrameItem | None = None
        self._track: TrackItem | None = None
        self._objects: list[ShapeItem | TagItem] = []
        self._attribute: str | None = None
        self._text: list[str] | None = None
        self._builder: TreeBuilder | None = None
        self._meta: Element | None = None
        self._starts: dict[str, Callable[[Attributes], None]] = {
            "meta": lambda _: self._start_meta(),
            "version": lambda _: self._start_text(),
            "image": self._start_image,
            "track": self._start_track,
            "tag": self._start_tag,
            "attribute": self._start_attribute,
        }

    def items(self) -> Iterator[Item]:
        """Yield the items, each as soon as its element ends.

        Raises
        ------
        FormatError
            With the file, the line and the reason.
        """
        parser = self._parser()
        with reading(self._source, self._member), self._source.open(self._member) as stream:
            while chunk := stream.read(_CHUNK):
                self._parse(parser, chunk)
                yield from self._taken()
            self._parse(parser, b"", final=True)
            yield from self._taken()

    def meta(self) -> Element | None:
        """Return the ``<meta>`` element, reading no further than its end; ``None`` when there is none."""
        parser = self._parser()
        with reading(self._source, self._member), self._source.open(self._member) as stream:
            while self._meta is None and (chunk := stream.read(_CHUNK)):
                self._parse(parser, chunk)
        return self._meta

    def _taken(self) -> list[Item]:
        taken, self._ready = self._ready, []
        return taken

    # parsing

    def _parser(self) -> expat.XMLParserType:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.EntityDeclHandler = self._refuse_entity
        self._active = parser
        return parser

    def _parse(self, parser: expat.XMLParserType, data: bytes, *, final: bool = False) -> None:
        try:
            parser.Parse(data, final)
        except expat.ExpatError as error:
            reason = expat.errors.messages.get(error.code, str(error))
            raise FormatError(f"{self._where}, line {error.lineno}: not well-formed XML: {reason}") from error
        except KeyError as error:
            self._fail(f"the attribute {error.args[0]!r} is missing", error)
        except ValueError as error:
            if isinstance(error, FormatError):
                raise
            self._fail(str(error), error)

    def _fail(self, reason: str, cause: Exception | None = None) -> NoReturn:
        raise FormatError(f"{self._where}, line {self._active.CurrentLineNumber}: {reason}") from cause

    def _refuse_entity(self, name: str, *_: Any) -> None:
        self._fail(f"the entity {name!r} is declared; dataset files need none, so they are refused")

    # elements

    def _start(self, tag: str, attributes: Attributes) -> None:
        self._depth += 1
        if self._depth == 1:
            if tag != "annotations":
                self._fail(f"this is not CVAT XML: the root is <{tag}>, not <annotations>")
        elif self._builder is not None:
            self._builder.start(tag, attributes)
        elif tag in SHAPE_READERS:
            self._start_shape(tag, attributes)
        elif tag in self._starts:
            self._starts[tag](attributes)
        elif self._frame is not None or self._track is not None:
            self._work.losses.add("shape", tag, "unknown element", example=self._place())

    def _end(self, tag: str) -> None:
        self._depth -= 1
        if self._builder is not None:
            self._end_meta(tag)
        elif tag == "attribute":
            self._end_attribute()
        elif tag == "image" and self._frame is not None:
            self._ready.append(self._frame)
            self._frame = None
        elif tag == "track" and self._track is not None:
            self._end_track(self._track)
            self._track = None
        elif tag == "version" and self._text is not None:
            self._check_version("".join(self._text))
            self._text = None
        elif self._objects and (tag in SHAPE_READERS or tag == "tag"):
            self._end_object()

    def _characters(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)
        elif self._builder is not None:
            self._builder.data(data)

    def _start_meta(self) -> None:
        self._builder = TreeBuilder()
        self._builder.start("meta", {})

    def _end_meta(self, tag: str) -> None:
        assert self._builder is not None
        self._builder.end(tag)
        if tag == "meta":
            self._meta = self._builder.close()
            self._builder = None

    def _start_text(self) -> None:
        self._text = []

    def _check_version(self, text: str) -> None:
        found = _VERSION.match(text)
        if found is None or int(found[1]) > _MAJOR:
            self._fail(f"version {text.strip()!r} is not supported; versions 1.0 and 1.1 are")

    def _start_image(self, attributes: Attributes) -> None:
        get = attributes.get
        name, number = get("name", ""), get("id")
        if not name and number is None:
            self._fail("an <image> needs a name or an id")
        self._frame = FrameItem(
            name,
            int(number) if number else None,
            int(float(get("width") or 0)),
            int(float(get("height") or 0)),
            get("subset", ""),
            [],
            [],
            media=self._media.find(name, get("subset", "")) if self._media is not None else "",
        )

    def _start_track(self, attributes: Attributes) -> None:
        get = attributes.get
        self._track = TrackItem(
            label=attributes["label"],
            positions=[],
            group=int(get("group_id") or 0),
            source=get("source", "manual"),
            subset=get("subset", ""),
            title=f"track {get('id', '?')}",
        )

    def _end_track(self, track: TrackItem) -> None:
        if track.positions and track.positions[0].type is ShapeType.SKELETON:
            _split_skeleton(track)
        self._ready.append(track)

    def _start_tag(self, attributes: Attributes) -> None:
        if self._frame is None:
            return
        get = attributes.get
        tag = TagItem(attributes["label"], int(get("group_id") or 0), get("source", "manual"), {})
        self._frame.tags.append(tag)
        self._objects.append(tag)

    def _start_shape(self, tag: str, attributes: Attributes) -> None:
        owner = self._track or self._frame
        if owner is None:
            self._fail(f"<{tag}> belongs into an <image> or a <track>")
        shape = SHAPE_READERS[tag](attributes)
        if not shape.label and (self._objects or owner is self._frame):
            self._fail(f"<{tag}> needs a label")
        if self._objects:
            outer = self._objects[-1]
            if not isinstance(outer, ShapeItem) or outer.type is not ShapeType.SKELETON:
                self._fail(f"<{tag}> is inside of another object that is no skeleton")
            outer.elements.append(shape)
        elif isinstance(owner, TrackItem):
            shape.label = owner.label
            shape.frame = int(attributes["frame"])
            owner.positions.append(shape)
        else:
            owner.shapes.append(shape)
        self._objects.append(shape)

    def _end_object(self) -> None:
        found = self._objects.pop()
        if isinstance(found, ShapeItem) and found.type is ShapeType.SKELETON and found.elements:
            # CVAT writes neither flag on a skeleton: they follow from its points.
            found.outside = found.outside or all(element.outside for element in found.elements)
            found.occluded = found.occluded or all(element.occluded for element in found.elements)

    def _start_attribute(self, attributes: Attributes) -> None:
        self._attribute = attributes["name"]
        self._text = []

    def _end_attribute(self) -> None:
        if self._objects and self._attribute is not None:
            self._objects[-1].attributes[self._attribute] = "".join(self._text or ())
        self._attribute = self._text = None

    def _place(self) -> str:
        return self._track.title if self._track is not None else self._frame.title if self._frame is not None else ""


def _split_skeleton(track: TrackItem) -> None:
    """Give each point of a skeleton a track of its own, because its keyframes are its own."""
    by_label: dict[str, TrackItem] = {}
    for position in track.positions:
        for element in position.elements:
            element.frame = position.frame
            title = f"{track.title}, point {element.label!r}"
            found = by_label.setdefault(element.label, TrackItem(label=element.label, positions=[], title=title))
            found.positions.append(element)
        position.elements = []
    track.elements = list(by_label.values())


class _Media:
    """Finds the images that lie beside an XML file in its archive."""

    def __init__(self, source: Source, member: str) -> None:
        self._source = source
        self._folder = member.rpartition("/")[0]

    def find(self, name: str, subset: str) -> str:
        """Return the archive member that shows a frame, or nothing."""
        prefix = f"{self._folder}/" if self._folder else ""
        for path in (f"{prefix}images/{subset}/{name}", f"{prefix}images/{name}"):
            if path in self._members:
                return self._members[path]
        return ""

    @cached_property
    def _members(self) -> dict[str, str]:
        """Members by their path, with and without extension: video frames are named without one."""
        found = {name: name for name in self._source.members}
        for name in self._source.members:
            found.setdefault(name.rpartition(".")[0], name)
        return found
