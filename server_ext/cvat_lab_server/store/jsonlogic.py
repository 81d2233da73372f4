"""JsonLogic filters, as CVAT's clients send them, turned into SQL conditions with parameters.

The values of a filter only ever become parameters, and its fields are looked up by name, so no text of a filter becomes
SQL. A field without a value equals nothing but null, is in no order with anything, and contains nothing; ``!`` turns
that round, as in JsonLogic and other than in SQL.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import msgspec

from cvat_lab.errors import InvalidInputError
from cvat_lab_server.store.columns import Column

MAX_DEPTH = 50
"""Operators inside one another."""

MAX_RULES = 1000
"""Operators in all."""

_ORDER = ("<", "<=", ">", ">=")
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


def compile_filter(text: str, columns: Mapping[str, Column]) -> tuple[str, list[Any]]:
    """Translate a filter.

    Parameters
    ----------
    text
        JsonLogic over ``columns``: ``and, or, !, !!, ==, !=, <, <=, >, >=, in`` and ``var``.

    Returns
    -------
    tuple
        The condition, with ``?`` marks, and their values.

    Raises
    ------
    InvalidInputError
        The text is not JSON, has an operator or field that is not known here, or compares a field with a value of
        another kind.
    """
    try:
        rule = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeEncodeError) as error:
        raise _refusal(f"it is not JSON: {error}") from error
    except RecursionError as error:
        raise _refusal("it is nested too deeply") from error
    compiler = _Compiler(columns)
    return compiler.condition(rule), compiler.parameters


class _Compiler:
    """Collects the parameters of one filter, in the order of their marks."""

    def __init__(self, columns: Mapping[str, Column]) -> None:
        self.columns = columns
        self.parameters: list[Any] = []
        self._depth = self._rules = 0
        self._operators: dict[str, Callable[[list[Any]], str]] = {
            "and": lambda arguments: self._join(" AND ", "true", arguments),
            "or": lambda arguments: self._join(" OR ", "false", arguments),
            "!": lambda arguments: f"(NOT coalesce({self.condition(*_take(1, '!', arguments))}, false))",
            "!!": lambda arguments: self.condition(*_take(1, "!!", arguments)),
            "var": lambda arguments: self._column(arguments).is_set,
            "in": lambda arguments: self._contain(*_take(2, "in", arguments)),
            "==": lambda arguments: self._equal(*_take(2, "==", arguments)),
            "!=": lambda arguments: f"(NOT coalesce({self._equal(*_take(2, '!=', arguments))}, false))",
            **{operator: partial(self._compare, operator) for operator in _ORDER},
        }

    def condition(self, rule: Any) -> str:
        """Return the condition of a rule."""
        operator, arguments = _open(rule)
        if operator not in self._operators:
            raise _refusal(f"unknown operator {operator[:40]!r}; known: {', '.join(self._operators)}")
        self._rules += 1
        if self._depth >= MAX_DEPTH or self._rules > MAX_RULES:
            raise _refusal(f"at most {MAX_RULES} operators, {MAX_DEPTH} inside one another, are allowed")
        self._depth += 1
        sql = self._operators[operator](arguments)
        self._depth -= 1
        return sql

    def _join(self, word: str, empty: str, arguments: list[Any]) -> str:
        return f"({word.join(self.condition(argument) for argument in arguments) or empty})"

    def _equal(self, left: Any, right: Any) -> str:
        if not _is_var(left):
            left, right = right, left
        column = self._var(left)
        if right is None:
            return f"({column.sql} IS NULL)"
        same = "IS NOT DISTINCT FROM" if _is_var(right) else "="
        return f"({column.sql} {same} {self._operand(column, right)})"

    def _compare(self, operator: str, arguments: list[Any]) -> str:
        if len(arguments) == 3 and operator in ("<", "<="):
            low, middle, high = arguments
            return f"({self._compare(operator, [low, middle])} AND {self._compare(operator, [middle, high])})"
        left, right = _take(2, operator, arguments)
        if not _is_var(left):
            left, right, operator = right, left, _MIRRORED[operator]
        column = self._var(left)
        return f"({column.sql} {operator} {self._operand(column, right)})"

    def _contain(self, needle: Any, hay: Any) -> str:
        if not isinstance(hay, list):
            column = self._var(hay)
            if not isinstance(needle, str | int | float) or isinstance(needle, bool):
                raise _refusal(f"{column.name} can contain a text only, not {_shown(needle)}")
            self.parameters.append(str(needle))
            return f"contains({column.text}, lower(?))"
        column = self._var(needle)
        marks = ", ".join([self._operand(column, item) for item in hay if item is not None])
        tests = [f"{column.sql} IN ({marks})"] if marks else []
        tests += [f"{column.sql} IS NULL"] if None in hay else []
        return f"({' OR '.join(tests) or 'false'})"

    def _operand(self, column: Column, value: Any) -> str:
        """Return what ``column`` is compared with: a mark for a value, or another column of its kind."""
        if _is_var(value):
            other = self._var(value)
            if other.kind is not column.kind:
                raise _refusal(f"{column.name} is {column.kind}, but {other.name} is {other.kind}")
            return other.sql
        self.parameters.append(column.value(value, "filter"))
        return "?"

    def _var(self, rule: Any) -> Column:
        if not _is_var(rule):
            raise _refusal(f'a comparison needs a field, for example {{"var": "id"}}, beside {_shown(rule)}')
        return self._column(_open(rule)[1])

    def _column(self, arguments: list[Any]) -> Column:
        [name] = _take(1, "var", arguments)
        if not isinstance(name, str) or name not in self.columns:
            raise _refusal(f"unknown field {_shown(name)}; known: {', '.join(sorted(self.columns))}")
        return self.columns[name]


def _is_var(value: Any) -> bool:
    return isinstance(value, dict) and list(value) == ["var"]


def _open(rule: Any) -> tuple[str, list[Any]]:
    """Return operator and arguments of a rule."""
    if not isinstance(rule, dict) or len(rule) != 1:
        raise _refusal(f"expected an object with one operator, got {_shown(rule)}")
    operator, arguments = next(iter(rule.items()))
    return operator, arguments if isinstance(arguments, list) else [arguments]


def _take(count: int, operator: str, arguments: list[Any]) -> list[Any]:
    """Return the arguments of an operator that needs exactly ``count`` of them."""
    if len(arguments) != count:
        raise _refusal(f"{operator} takes {count} value{'s' * (count > 1)}, not {len(arguments)}")
    return arguments


def _shown(value: Any) -> str:
    return repr(value)[:60]


def _refusal(reason: str) -> InvalidInputError:
    return InvalidInputError(f"filter: {reason}", field="filter")
