"""JsonLogic filters, as CVAT's clients send them, turned into SQL conditions with parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import msgspec

from cvat_lab.errors import InvalidInputError

_COMPARE = {"==": "=", "!=": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">="}


def compile_filter(text: str, fields: Mapping[str, str]) -> tuple[str, list[Any]]:
    """Translate a filter.

    Parameters
    ----------
    text
        JsonLogic over ``fields``: ``and, or, !, !!, ==, !=, <, <=, >, >=, in`` and ``var``.
    fields
        Name of a field to its SQL expression.

    Returns
    -------
    tuple
        The condition, with ``?`` marks, and their values.

    Raises
    ------
    InvalidInputError
        The text is not JSON, or has an operator or field that is not known here.
    """
    try:
        rule = msgspec.json.decode(text)
        compiler = _Compiler(fields)
        return compiler.condition(rule), compiler.parameters
    except (msgspec.DecodeError, UnicodeEncodeError) as error:
        raise InvalidInputError(f"filter is not JSON: {error}", field="filter") from error
    except RecursionError as error:
        raise InvalidInputError("filter: it is nested too deeply", field="filter") from error


class _Compiler:
    def __init__(self, fields: Mapping[str, str]) -> None:
        self.fields = fields
        self.parameters: list[Any] = []
        self._operators: dict[str, Callable[[list[Any]], str]] = {
            "and": lambda args: self._join("AND", args),
            "or": lambda args: self._join("OR", args),
            "!": lambda args: f"(NOT {self.condition(*_take(1, '!', args))})",
            "!!": lambda args: f"({self._operand(*_take(1, '!!', args))} IS NOT NULL)",
            "var": lambda args: f"({self._field(args)} IS NOT NULL)",
            "in": lambda args: self._contains(*_take(2, "in", args)),
            **{name: partial(self._compare, name) for name in _COMPARE},
        }

    def condition(self, rule: Any) -> str:
        operator, arguments = _open(rule)
        if operator not in self._operators:
            known = ", ".join(self._operators)
            raise InvalidInputError(f"filter: unknown operator {operator!r}; known: {known}", field="filter")
        return self._operators[operator](arguments)

    def _join(self, word: str, arguments: list[Any]) -> str:
        return "(" + (f" {word} ".join(self.condition(argument) for argument in arguments) or "true") + ")"

    def _compare(self, operator: str, arguments: list[Any]) -> str:
        if len(arguments) == 3 and operator in ("<", "<="):
            low, middle, high = arguments
            return f"({self._compare(operator, [low, middle])} AND {self._compare(operator, [middle, high])})"
        left, right = _take(2, operator, arguments)
        if operator in ("==", "!=") and (left is None or right is None):
            other = self._operand(right if left is None else left)
            return f"({other} IS {'NOT ' if operator == '!=' else ''}NULL)"
        return f"({self._operand(left)} {_COMPARE[operator]} {self._operand(right)})"

    def _contains(self, needle: Any, hay: Any) -> str:
        if isinstance(hay, list):
            subject = self._operand(needle)
            return f"({subject} IN ({', '.join(self._operand(item) for item in hay) or 'NULL'}))"
        hay_sql, needle_sql = self._operand(hay), self._operand(needle)
        return f"contains(lower(CAST({hay_sql} AS VARCHAR)), lower(CAST({needle_sql} AS VARCHAR)))"

    def _operand(self, value: Any) -> str:
        if isinstance(value, dict):
            operator, arguments = _open(value)
            return self._field(arguments) if operator == "var" else self.condition(value)
        if not isinstance(value, str | int | float | bool):
            raise InvalidInputError(f"filter: cannot compare with {value!r}", field="filter")
        self.parameters.append(value)
        return "?"

    def _field(self, arguments: list[Any]) -> str:
        name = arguments[0] if arguments else None
        if not isinstance(name, str) or name not in self.fields:
            known = ", ".join(sorted(self.fields))
            raise InvalidInputError(f"filter: unknown field {name!r}; known: {known}", field="filter")
        return self.fields[name]


def _open(rule: Any) -> tuple[str, list[Any]]:
    """Return operator and arguments of a rule."""
    if not isinstance(rule, dict) or len(rule) != 1:
        raise InvalidInputError(f"filter: expected an object with one operator, got {rule!r}", field="filter")
    operator, arguments = next(iter(rule.items()))
    return operator, arguments if isinstance(arguments, list) else [arguments]


def _take(count: int, operator: str, arguments: list[Any]) -> list[Any]:
    """Return the arguments of an operator that needs exactly ``count`` of them."""
    if len(arguments) != count:
        raise InvalidInputError(f"filter: {operator} takes {count} values, got {len(arguments)}", field="filter")
    return arguments
