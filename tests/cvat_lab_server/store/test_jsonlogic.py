"""JsonLogic becomes SQL that means the same, and nothing else becomes SQL."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cvat_lab.errors import InvalidInputError
from cvat_lab_server.store.columns import Column, describe_columns
from cvat_lab_server.store.cursor import Cursor
from cvat_lab_server.store.jsonlogic import MAX_DEPTH, MAX_RULES, compile_filter

START = datetime(2026, 1, 1, tzinfo=UTC)
NUMBERS, TEXTS, FLAGS = (0, 1, 2, 5, None), ("", "Ada", "ada", "a%b_c", "Ärger", "'; --", None), (True, False, None)
MOMENTS = (*(START + timedelta(hours=hour) for hour in range(3)), None)

ROWS: list[dict[str, Any]] = [
    {
        "id": index,
        "size": NUMBERS[index % 5],
        "name": TEXTS[index % 7],
        "owner": TEXTS[(index // 3) % 7],
        "done": FLAGS[index % 3],
        "date": MOMENTS[index % 4],
    }
    for index in range(60)
]


@pytest.fixture(scope="module")
def cursor() -> Iterator[Cursor]:
    with duckdb.connect() as connection:
        found = Cursor(connection)
        found.run("CREATE TABLE t (id BIGINT, size BIGINT, name VARCHAR, owner VARCHAR, done BOOLEAN, date TIMESTAMP)")
        for row in ROWS:
            found.run("INSERT INTO t VALUES (?, ?, ?, ?, ?, ?)", list(row.values()))
        yield found


@pytest.fixture(scope="module")
def columns(cursor: Cursor) -> dict[str, Column]:
    return describe_columns(cursor, "t", {name: f"t.{name}" for name in ROWS[0]})


def find(cursor: Cursor, columns: dict[str, Column], rule: Any) -> list[int]:
    sql, values = compile_filter(json.dumps(rule), columns)
    return cursor.column(f"SELECT id FROM t WHERE {sql} ORDER BY id", values)


def holds(rule: Any, row: dict[str, Any]) -> bool:
    """What a rule says of a row, written down without SQL."""
    [(operator, arguments)] = rule.items()
    if operator in ("and", "or"):
        return (all if operator == "and" else any)(holds(part, row) for part in arguments)
    if operator in ("!", "!!"):
        return holds(arguments, row) is (operator == "!!")
    if operator == "var":
        return row[arguments] not in (None, "")
    values = [read(part, row) for part in arguments]
    if operator == "in":
        needle, hay = values
        return needle in hay if isinstance(hay, list) else hay is not None and str(needle).lower() in str(hay).lower()
    if operator in ("==", "!="):
        return (values[0] == values[1]) is (operator == "==")
    if None in values:
        return False
    compare = {"<": lambda a, b: a < b, "<=": lambda a, b: a <= b, ">": lambda a, b: a > b, ">=": lambda a, b: a >= b}
    return all(compare[operator](low, high) for low, high in pairwise(values))


def read(part: Any, row: dict[str, Any]) -> Any:
    if isinstance(part, dict):
        return row[part["var"]]
    if isinstance(part, list):
        return [read(item, row) for item in part]
    return datetime.fromisoformat(part) if isinstance(part, str) and part.startswith("2026-") else part


def comparisons() -> st.SearchStrategy[Any]:
    number, text = st.sampled_from(["id", "size"]), st.sampled_from(["name", "owner"])
    values = {
        number: st.integers(-1, 7) | st.sampled_from([0.5, 2.0]),
        text: st.sampled_from([text for text in TEXTS if text is not None]),
        st.just("date"): st.sampled_from([moment.isoformat() for moment in MOMENTS if moment]),
    }
    order, same = st.sampled_from(["<", "<=", ">", ">="]), st.sampled_from(["==", "!="])
    rules: list[st.SearchStrategy[Any]] = []
    for names, value in values.items():
        var = names.map(lambda name: {"var": name})
        other = var | value
        rules += [
            st.builds(lambda op, a, b: {op: [a, b]}, order | same, var, other),
            st.builds(lambda op, a, b: {op: [b, a]}, order | same, var, other),
            st.builds(lambda op, a: {op: [a, None]}, same, var),
            st.builds(lambda op, a, low, high: {op: [low, a, high]}, st.sampled_from(["<", "<="]), var, value, value),
            st.builds(lambda a, items: {"in": [a, items]}, var, st.lists(value | st.none(), max_size=3)),
            var,
        ]
    flag = {"var": "done"}
    rules.append(st.builds(lambda op, value: {op: [flag, value]}, same, st.sampled_from(FLAGS)))
    rules.append(st.builds(lambda a, b: {"in": [a, {"var": b}]}, values[text], text))
    return st.one_of(rules)


RULES = st.recursive(
    comparisons(),
    lambda inner: st.one_of(
        st.builds(lambda op, parts: {op: parts}, st.sampled_from(["and", "or"]), st.lists(inner, max_size=3)),
        st.builds(lambda op, part: {op: part}, st.sampled_from(["!", "!!"]), inner),
    ),
    max_leaves=6,
)


@given(rule=RULES)
@settings(max_examples=400, deadline=None, derandomize=True)
def test_sql_means_what_jsonlogic_means(cursor: Cursor, columns: dict[str, Column], rule: Any) -> None:
    assert find(cursor, columns, rule) == [row["id"] for row in ROWS if holds(rule, row)]


@given(
    rule=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=4),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["and", "or", "!", "!!", "==", "!=", "<", "in", "var", "id", "name", "nope"]),
                inner,
                max_size=2,
            )
        ),
        max_leaves=8,
    )
)
@settings(max_examples=400, deadline=None, derandomize=True)
def test_whatever_is_sent_finds_rows_or_is_refused(cursor: Cursor, columns: dict[str, Column], rule: Any) -> None:
    with suppress(InvalidInputError):
        find(cursor, columns, rule)


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ({"regexp": [{"var": "name"}, "x"]}, "unknown operator 'regexp'"),
        ({"==": [{"var": "password_hash"}, "x"]}, "unknown field 'password_hash'"),
        ({"==": [{"var": 'id" = 1 OR 1=1 --'}, 1]}, "unknown field"),
        ({"var": ["id", 5]}, "var takes 1 value, not 2"),
        ({"==": [1, 1]}, "needs a field"),
        ({"==": [{"var": "id"}]}, "== takes 2 values, not 1"),
        ({"==": [{"var": "id"}, "1 OR 1=1"]}, "id is a number"),
        ({"==": [{"var": "id"}, True]}, "id is a number"),
        ({"==": [{"var": "id"}, {"var": "name"}]}, "but name is text"),
        ({"<": [{"var": "id"}, None]}, "id is a number"),
        ({"<": [{"var": "date"}, "yesterday"]}, "date is a time such as"),
        ({"<": [{"var": "date"}, "0001-01-01T00:00:00+14:00"]}, "date is a time"),
        ({"==": [{"var": "done"}, "maybe"]}, "done is true or false"),
        ({"==": [{"var": "name"}, ["Ada"]]}, "name is text"),
        ({"in": [["Ada"], {"var": "name"}]}, "can contain a text only"),
        ({"and": [5]}, "expected an object with one operator"),
        ({"==": [], "!=": []}, "expected an object with one operator"),
        ([], "expected an object with one operator"),
        (None, "expected an object with one operator"),
    ],
)
def test_refusals_say_what_is_wrong(columns: dict[str, Column], rule: Any, told: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        compile_filter(json.dumps(rule), columns)
    assert told in str(refused.value)
    assert refused.value.field == "filter"


@pytest.mark.parametrize("text", ["{", "NaN", '{"==": [{"var": "id"}, 1e999]}', '{"var": "\\ud800"}', "[" * 100_000])
def test_what_is_no_json(columns: dict[str, Column], text: str) -> None:
    with pytest.raises(InvalidInputError):
        compile_filter(text, columns)


def test_numbers_beyond_all_rows(cursor: Cursor, columns: dict[str, Column]) -> None:
    assert find(cursor, columns, {"<": [{"var": "id"}, 10**300]}) == [row["id"] for row in ROWS]
    assert find(cursor, columns, {"==": [{"var": "id"}, 10**25]}) == []
    assert find(cursor, columns, {"==": [{"var": "id"}, "7"]}) == [7]
    with pytest.raises(InvalidInputError):
        find(cursor, columns, {"<": [{"var": "id"}, 10**400]})


def test_text_of_numbers_and_times(cursor: Cursor, columns: dict[str, Column]) -> None:
    assert find(cursor, columns, {"in": [5, {"var": "id"}]}) == [row["id"] for row in ROWS if "5" in str(row["id"])]
    assert find(cursor, columns, {"in": ["01-01 02:", {"var": "date"}]}) == [
        row["id"] for row in ROWS if row["date"] == MOMENTS[2]
    ]


def test_deep_and_long_filters(cursor: Cursor, columns: dict[str, Column]) -> None:
    deep: Any = {"var": "id"}
    for _ in range(MAX_DEPTH - 1):
        deep = {"!": deep}
    assert find(cursor, columns, deep) == []
    long = {"or": [{"==": [{"var": "id"}, number]} for number in range(MAX_RULES - 1)]}
    assert len(find(cursor, columns, long)) == len(ROWS)
    for rule in ({"!": deep}, {"or": [long, {"var": "id"}]}):
        with pytest.raises(InvalidInputError, match="are allowed"):
            compile_filter(json.dumps(rule), columns)
