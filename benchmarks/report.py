"""Rows of measurements, and tables of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One measured value.

    Attributes
    ----------
    value
        A median.
    limit
        What it should not exceed: a goal, or the least that anybody could need for the job. None = there is none.
    peer
        A usual way to do the same, or another tool. None = there is nothing to compare with.
    """

    name: str
    value: float
    unit: str
    limit: float | None = None
    peer: float | None = None


def as_text(rows: Sequence[Row], limit: str = "limit", peer: str = "peer") -> str:
    """Return rows as a table for a terminal; the columns' titles say what limit and peer are."""
    width = max((len(row.name) for row in rows), default=0)
    lines = [f"{'':{width}}  {'ours':>10} {'':8} {limit:>12} {peer:>12}"]
    lines += [
        f"{row.name:{width}}  {_number(row.value):>10} {row.unit:8} {_number(row.limit):>12} {_number(row.peer):>12}"
        for row in rows
    ]
    return "\n".join(lines)


def as_markdown(rows: Sequence[Row], limit: str = "limit", peer: str = "peer") -> str:
    """Return rows as a table in markdown."""
    lines = [f"| | ours | unit | {limit} | {peer} |", "|---|---:|---|---:|---:|"]
    lines += [
        f"| {row.name} | {_number(row.value)} | {row.unit} | {_number(row.limit)} | {_number(row.peer)} |"
        for row in rows
    ]
    return "\n".join(lines)


def _number(value: float | None) -> str:
    """Return a number with three significant digits; nothing for None."""
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
