"""What all objects of a server have in common: a record, and ways to change it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Generic, Self, TypeVar

from cvat_lab.client.labels import Labels, make_labels
from cvat_lab.errors import InvalidInputError
from cvat_lab.model.base import Record, convert
from cvat_lab.model.label import LabelRead

if TYPE_CHECKING:
    from cvat_lab.client.lab import Lab

RecordT = TypeVar("RecordT", bound=Record)


class Entity(Generic[RecordT]):
    """An object on the server, as it was when it was last read.

    Every field of ``record`` is an attribute, too: ``task.name`` is ``task.record.name``.

    Attributes
    ----------
    lab
        The server it is on.
    record
        What the server answered.
    """

    kind: ClassVar[str]
    read_type: ClassVar[type[Record]]
    patch_type: ClassVar[type[Record]]
    _aliases: ClassVar[dict[str, str]] = {}

    def __init__(self, lab: Lab, record: RecordT) -> None:
        self.lab = lab
        self.record = record

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name == "record":
            raise AttributeError(name)
        try:
            return getattr(self.record, name)
        except AttributeError:
            raise AttributeError(f"a {self.kind} has no attribute {name!r}; see dir({self.kind})") from None

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *self.record.__struct_fields__})

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Entity) and (self.kind, self.id, self.lab.url) == (other.kind, other.id, other.lab.url)

    def __hash__(self) -> int:
        return hash((self.kind, self.id))

    @property
    def id(self) -> int:
        """Number on the server."""
        return int(self.record.id)  # type: ignore[attr-defined]

    @property
    def path(self) -> str:
        """Path of the object in the API."""
        return f"api/{self.kind}s/{self.id}"

    def refresh(self) -> Self:
        """Read the object again."""
        self.record = self.lab.transport.get(self.path, self.read_type)  # type: ignore[assignment]
        return self

    def update(self, **changes: Any) -> Self:
        """Change fields.

        Parameters
        ----------
        changes
            Fields of the object, for example ``name``. ``assignee`` and ``owner`` take a user's name or id, or None;
            ``labels`` of a project or task takes labels to add, or with an ``id`` to change.

        Raises
        ------
        InvalidInputError
            A field does not exist or cannot be changed, or the value is refused.
        """
        patch = convert(self._patch(changes), self.patch_type, what=f"change of {self.kind} {self.id}")
        self.record = self.lab.transport.patch(self.path, patch, self.read_type)  # type: ignore[assignment]
        return self

    def delete(self) -> None:
        """Remove the object, with everything in it, for good."""
        self.lab.transport.send("DELETE", self.path)

    def _patch(self, changes: dict[str, Any]) -> dict[str, Any]:
        fields = {self._aliases.get(name, name): value for name, value in changes.items()}
        known = self.patch_type.__struct_fields__
        if unknown := sorted(set(fields) - set(known)):
            raise InvalidInputError(f"{unknown[0]!r} of a {self.kind} cannot be changed; what can: {', '.join(known)}")
        for name in ("assignee", "assignee_id", "owner_id"):
            if isinstance(fields.get(name), str):
                fields[name] = self.lab.user_id(fields[name])
        return fields


class Labeled(Entity[RecordT]):
    """A project, task or job: what has labels."""

    _labels: Labels | None = None

    @property
    def labels(self) -> Labels:
        """The labels, by position or name: ``task.labels["car"].id``."""
        if self._labels is None:
            found = self.lab.transport.pages("api/labels", LabelRead, **{f"{self.kind}_id": self.id})
            self._labels = Labels(list(found))
        return self._labels

    def refresh(self) -> Self:
        """Read the object again, with its labels."""
        self._labels = None
        return super().refresh()

    def update(self, **changes: Any) -> Self:
        """Change fields; see :meth:`Entity.update`."""
        self._labels = None
        return super().update(**changes)

    def _patch(self, changes: dict[str, Any]) -> dict[str, Any]:
        fields = super()._patch(changes)
        if "labels" in fields:
            fields["labels"] = make_labels(fields["labels"])
        return fields
