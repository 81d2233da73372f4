"""Looking up labels and attributes: by id on the way out, by name on the way in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from cvat_lab.errors import FormatError
from cvat_lab.model.label import AttributeRead, InputType, LabelRead

_TRUE = frozenset({"true", "1", "yes", "on", "1.0"})
_FALSE = frozenset({"false", "0", "no", "off", "", "0.0"})
_LONGEST = 4096


class LabelEntry:
    """A label with what formats look up in it again and again.

    Attributes
    ----------
    attributes
        Attributes by name.
    defaults
        Default values by name, in the order of the attributes.
    sublabels
        The points of a skeleton, by name.
    """

    __slots__ = ("attributes", "defaults", "id", "label", "name", "sublabels")

    def __init__(self, label: LabelRead) -> None:
        self.label = label
        self.id = label.id
        self.name = label.name
        self.attributes: dict[str, AttributeRead] = {spec.name: spec for spec in label.attributes}
        self.defaults: dict[str, str] = {spec.name: spec.default_value for spec in label.attributes}
        self.sublabels: dict[str, LabelEntry] = {sub.name: LabelEntry(sub) for sub in label.sublabels}


class Labels:
    """The labels of a task or project."""

    def __init__(self, labels: Iterable[LabelRead]) -> None:
        self._by_name: dict[str, LabelEntry] = {label.name: LabelEntry(label) for label in labels}
        self.by_id: Mapping[int, LabelEntry] = {entry.id: entry for entry in self.walk()}
        self.attribute_names: Mapping[int, str] = {
            spec.id: name for entry in self.by_id.values() for name, spec in entry.attributes.items()
        }

    def __iter__(self) -> Iterator[LabelEntry]:
        return iter(self._by_name.values())

    def __contains__(self, name: str) -> bool:
        return name in self._by_name

    def walk(self) -> Iterator[LabelEntry]:
        """Yield every label, each skeleton directly before its sublabels."""
        for entry in self:
            yield entry
            yield from entry.sublabels.values()

    def get(self, name: str) -> LabelEntry | None:
        """Return the label called ``name``, if there is one."""
        return self._by_name.get(name)

    def find(self, name: str, *, where: str = "the file") -> LabelEntry:
        """Return the label called ``name``.

        Raises
        ------
        FormatError
            There is none; the message lists the labels there are.
        """
        entry = self._by_name.get(name)
        if entry is None:
            raise FormatError(
                f"{where}: the label {name!r} is unknown here. Add it, or rename it in the file; "
                f"there are: {_listing(self._by_name)}"
            )
        return entry


def find_sublabel(parent: LabelEntry, name: str, *, where: str) -> LabelEntry:
    """Return the point called ``name`` of a skeleton's label."""
    entry = parent.sublabels.get(name)
    if entry is None:
        raise FormatError(
            f"{where}: the skeleton {parent.name!r} has no point {name!r}; it has: {_listing(parent.sublabels)}"
        )
    return entry


def accepted_value(spec: AttributeRead, value: str) -> str | None:
    """Return an attribute's text value the way it is stored, or ``None`` when the attribute does not allow it.

    Checkboxes become ``true`` or ``false``; choices must be among those of the attribute, numbers within its bounds.
    """
    if spec.input_type is InputType.CHECKBOX:
        lower = value.strip().lower()
        return "true" if lower in _TRUE else "false" if lower in _FALSE else None
    if spec.input_type is InputType.TEXT:
        return value if len(value) <= _LONGEST else None
    if value == spec.default_value:
        return value
    if spec.input_type is InputType.NUMBER:
        return value if _within(spec, value) else None
    return value if value in spec.values else None


def _within(spec: AttributeRead, value: str) -> bool:
    try:
        number = float(value)
        low, high = (float(bound) for bound in spec.values[:2])
    except ValueError:
        return False
    return low <= number <= high


def typed_value(spec: AttributeRead, value: str) -> bool | float | str:
    """Return a text value as what it means: a checkbox as bool, a number as float, all else as text."""
    if spec.input_type is InputType.CHECKBOX:
        return value.strip().lower() in _TRUE
    if spec.input_type is InputType.NUMBER:
        try:
            return float(value)
        except ValueError:
            return value
    return value


def value_text(value: object) -> str:
    """Return a value as an attribute's text: ``true``, ``3``, ``2.5``."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _listing(names: Iterable[str]) -> str:
    shown = sorted(names)
    return ", ".join(map(repr, shown[:10])) + (" ..." if len(shown) > 10 else "") or "none"
