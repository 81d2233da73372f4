"""JsonLogic filters, as CVAT's clients send them, turned into SQL conditions with parameters."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

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
        rule = json.loads(text)
    except ValueError as error:
        raise InvalidInputError(f"filter is not JSON: {error}", field="filter") from error
    compiler = _Compiler(fields)
    return compiler.condition(rule), compiler.parameters


class _Compiler:
    def __init__(self, fields: Mapping[str, str]) -> None:
        self.fields = fields
        self.parameters: list[Any] = []

    def condition(self, rule: Any) -> str:
        operator, arguments = self._open(rule)
        if operator in ("and", "or"):
            parts = [self.condition(argument) for argument in arguments] or ["true"]
            return "(" + f" {operator.upper()} ".join(parts) + ")"
        handlers: dict[str, Callable[[list[Any]], str]] = {
            "!": lambda args: f"NOT {self.condition(args[0])}",
            "!!": lambda args: f"{self._operand(args[0])} IS NOT NULL",
            "var": lambda args: f"{self._field(args[0])} IS NOT NULL",
            "in": self._contains,
        }
        if operator in handlers:
            return "(" + handlers[operator](arguments) + ")"
        if operator in _COMPARE:
            return self._compare(operator, arguments)
        known = ", ".join(["and", "or", *handlers, *_COMPARE])
        raise InvalidInputError(f"filter: unknown operator {operator!r}; known: {known}", field="filter")

    def _open(self, rule: Any) -> tuple[str, list[Any]]:
        if not isinstance(rule, dict) or len(rule) != 1:
            raise InvalidInputError(f"filter: expected an object with one operator, got {rule!r}", field="filter")
        operator, arguments = next(iter(rule.items()))
        return operator, arguments if isinstance(arguments, list) else [arguments]

    def _compare(self, operator: str, arguments: list[Any]) -> str:
        if len(arguments) == 3 and operator in ("<", "<="):
            low, middle, high = arguments
            return f"({self._compare(operator, [low, middle])} AND {self._compare(operator, [middle, high])})"
        if len(arguments) != 2:
            raise InvalidInputError(f"filter: {operator} takes two values, got {len(arguments)}", field="filter")
        if None in arguments and operator in ("==", "!="):
            other = next(argument for argument in arguments if argument is not None)
            return f"({self._operand(other)} IS {'NOT ' if operator == '!=' else ''}NULL)"
        left, right = (self._operand(argument) for argument in arguments)
        return f"({left} {_COMPARE[operator]} {right})"

    def _contains(self, arguments: list[Any]) -> str:
        needle, hay = arguments
        if isinstance(hay, list):
            subject = self._operand(needle)
            return f"{subject} IN ({', '.join(self._operand(item) for item in hay) or 'NULL'})"
        hay_sql = self._operand(hay)
        return f"contains(lower(CAST({hay_sql} AS VARCHAR)), lower(CAST({self._operand(needle)} AS VARCHAR)))"

    def _operand(self, value: Any) -> str:
        if isinstance(value, dict):
            operator, arguments = self._open(value)
            if operator != "var":
                return self.condition(value)
            return self._field(arguments[0])
        if not isinstance(value, str | int | float | bool):
            raise InvalidInputError(f"filter: cannot compare with {value!r}", field="filter")
        self.parameters.append(value)
        return "?"

    def _field(self, name: Any) -> str:
        if name not in self.fields:
            known = ", ".join(sorted(self.fields))
            raise InvalidInputError(f"filter: unknown field {name!r}; known: {known}", field="filter")
        return self.fields[name]
