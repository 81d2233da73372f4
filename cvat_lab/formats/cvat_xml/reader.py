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
        self._frame: FrameItem | None = None
        self._track: TrackItem | None = None
        self._skeleton: ShapeItem | None = None
        self._elements: list[ShapeItem] = []
        self._object: ShapeItem | TagItem | None = None
        self._open = ""
        self._attribute = ""
        self._text: list[str] = []
        self._builder = TreeBuilder()
        self._meta: Element | None = None
        self._starts: dict[str, Callable[[Attributes], None]] = {
            "meta": self._start_meta,
            "version": self._start_text,
            "image": self._start_image,
            "track": self._start_track,
            "tag": self._start_tag,
            "attribute": self._start_attribute,
        }
        self._ends: dict[str, Callable[[], None]] = {
            "version": self._end_version,
            "image": self._end_image,
            "track": self._end_track,
            "skeleton": self._end_skeleton,
            "attribute": self._end_attribute,
        }

    def items(self) -> Iterator[Item]:
        """Yield the items, each as soon as its element ends.

        Raises
        ------
        FormatError
            With the file, the line and the reason.
        """
        parser = self._start_parser()
        with reading(self._source, self._member), self._source.open(self._member) as stream:
            while chunk := stream.read(_CHUNK):
                self._parse(parser, chunk)
                yield from self._taken()
            self._parse(parser, b"", final=True)
            yield from self._taken()

    def meta(self) -> Element | None:
        """Return the ``<meta>`` element, reading no further than its end; ``None`` when there is none."""
        parser = self._start_parser()
        with reading(self._source, self._member), self._source.open(self._member) as stream:
            while self._meta is None and (chunk := stream.read(_CHUNK)):
                self._parse(parser, chunk)
        return self._meta

    def _taken(self) -> list[Item]:
        taken, self._ready = self._ready, []
        return taken

    # parsing

    def _start_parser(self) -> expat.XMLParserType:
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start_root
        self._parser.EndElementHandler = self._end
        self._parser.EntityDeclHandler = self._refuse_entity
        return self._parser

    def _parse(self, parser: expat.XMLParserType, data: bytes, *, final: bool = False) -> None:
        try:
            parser.Parse(data, final)
        except expat.ExpatError as error:
            reason = expat.errors.messages.get(error.code, str(error))
            raise FormatError(f"{self._where}, line {error.lineno}: not well-formed XML: {reason}") from error
        except KeyError as error:
            self._fail(f"the attribute {error.args[0]!r} is missing", error)
        except FormatError:
            raise
        except (ValueError, OverflowError) as error:
            self._fail(str(error), error)

    def _fail(self, reason: str, cause: Exception | None = None) -> NoReturn:
        raise FormatError(f"{self._where}, line {self._parser.CurrentLineNumber}: {reason}") from cause

    def _refuse_entity(self, name: str, *_: Any) -> None:
        self._fail(f"the entity {name!r} is declared; dataset files need none, so they are refused")

    # elements; the parser calls these for every tag, so they do as little as they can

    def _start_root(self, tag: str, _: Attributes) -> None:
        if tag != "annotations":
            self._fail(f"this is not CVAT XML: the root is <{tag}>, not <annotations>")
        self._parser.StartElementHandler = self._start

    def _start(self, tag: str, attributes: Attributes) -> None:
        read = SHAPE_READERS.get(tag)
        if read is not None:
            self._start_shape(tag, read(attributes), attributes)
        elif tag in self._starts:
            self._starts[tag](attributes)
        elif self._frame is not None or self._track is not None:
            self._work.losses.add("shape", tag, "unknown element", example=self._title())

    def _end(self, tag: str) -> None:
        if tag == self._open:
            self._open = ""
            self._object = self._skeleton
        elif tag in self._ends:
            self._ends[tag]()

    def _start_shape(self, tag: str, shape: ShapeItem, attributes: Attributes) -> None:
        if self._open:
            self._fail(f"<{tag}> is inside of <{self._open}>; only skeletons have shapes inside")
        if self._skeleton is not None:
            self._elements.append(shape)
        elif self._track is not None:
            shape.label = self._track.label
            shape.frame = int(attributes["frame"])
            self._track.positions.append(shape)
        elif self._frame is not None:
            self._frame.shapes.append(shape)
        else:
            self._fail(f"<{tag}> belongs into an <image> or a <track>")
        if not shape.label:
            self._fail(f"<{tag}> needs a label")
        self._object = shape
        if shape.type is ShapeType.SKELETON and self._skeleton is None:
            self._skeleton = shape
            self._elements = []
        else:
            self._open = tag

    def _end_skeleton(self) -> None:
        skeleton, elements = self._skeleton, self._elements
        self._skeleton = self._object = None
        if skeleton is not None:
            skeleton.elements = elements
            # CVAT writes neither flag on a skeleton: they follow from its points.
            skeleton.outside = skeleton.outside or (bool(elements) and all(element.outside for element in elements))
            skeleton.occluded = skeleton.occluded or (bool(elements) and all(element.occluded for element in elements))

    def _start_attribute(self, attributes: Attributes) -> None:
        self._attribute = attributes["name"]
        self._start_text(attributes)

    def _end_attribute(self) -> None:
        self._parser.CharacterDataHandler = None
        if self._object is not None:
            self._object.attributes[self._attribute] = "".join(self._text)

    def _start_text(self, _: Attributes) -> None:
        self._text = []
        self._parser.CharacterDataHandler = self._text.append

    def _end_version(self) -> None:
        self._parser.CharacterDataHandler = None
        text = "".join(self._text)
        found = _VERSION.match(text)
        if found is None or int(found[1]) > _MAJOR:
            self._fail(f"version {text.strip()!r} is not supported; versions 1.0 and 1.1 are")

    def _start_meta(self, _: Attributes) -> None:
        self._builder = TreeBuilder()
        self._builder.start("meta", {})
        self._parser.StartElementHandler = self._builder.start
        self._parser.EndElementHandler = self._end_meta
        self._parser.CharacterDataHandler = self._builder.data

    def _end_meta(self, tag: str) -> None:
        self._builder.end(tag)
        if tag == "meta":
            self._meta = self._builder.close()
            self._parser.StartElementHandler = self._start
            self._parser.EndElementHandler = self._end
            self._parser.CharacterDataHandler = None

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

    def _end_image(self) -> None:
        if self._frame is not None:
            self._ready.append(self._frame)
            self._frame = None

    def _start_track(self, attributes: Attributes) -> None:
        get = attributes.get
        self._track = TrackItem(
            attributes["label"],
            [],
            int(get("group_id") or 0),
            get("source", "manual"),
            [],
            get("subset", ""),
            0,
            f"track {get('id', '?')}",
        )

    def _end_track(self) -> None:
        if self._track is not None:
            if self._track.positions and self._track.positions[0].type is ShapeType.SKELETON:
                _split_skeleton(self._track)
            self._ready.append(self._track)
            self._track = None

    def _start_tag(self, attributes: Attributes) -> None:
        if self._frame is None:
            self._fail("<tag> belongs into an <image>")
        get = attributes.get
        self._object = TagItem(attributes["label"], int(get("group_id") or 0), get("source", "manual"), {})
        self._frame.tags.append(self._object)
        self._open = "tag"

    def _title(self) -> str:
        item = self._track or self._frame
        return item.title if item is not None else ""


def _split_skeleton(track: TrackItem) -> None:
    """Give each point of a skeleton a track of its own, because its keyframes are its own."""
    by_label: dict[str, TrackItem] = {}
    for position in track.positions:
        for element in position.elements:
            element.frame = position.frame
            title = f"{track.title}, point {element.label!r}"
            found = by_label.setdefault(element.label, TrackItem(label=element.label, positions=[], title=title))
            found.positions.append(element)
        position.elements = ()
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
