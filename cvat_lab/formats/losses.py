"""What a format could not hold. Silence about a lost thing is a bug, so every reader and writer counts here."""

from __future__ import annotations

from cvat_lab.model.request import Loss


class Losses:
    """Collects losses, one row per kind, name and reason."""

    def __init__(self) -> None:
        self._rows: dict[tuple[str, str, str], Loss] = {}

    def add(self, kind: str, name: str, reason: str, *, example: str = "", count: int = 1) -> None:
        """Count a loss.

        Parameters
        ----------
        kind
            What was lost: ``attribute``, ``shape``, ``track``, ``tag``, ``group``, ``image`` ...
        name
            Which one: an attribute, a label, a shape type.
        reason
            Why, in words.
        example
            Where it happened, for example ``frame 12, shape 7``; the first one is kept.
        count
            How often.
        """
        key = (kind, name, reason)
        row = self._rows.get(key)
        if row is None:
            self._rows[key] = Loss(kind=kind, name=name, count=count, example=example, reason=reason)
        else:
            row.count += count

    def rows(self) -> list[Loss]:
        """Return all losses, in the order they were met first."""
        return list(self._rows.values())

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, kind_and_name: tuple[str, str]) -> bool:
        return any((kind, name) == kind_and_name for kind, name, _ in self._rows)
