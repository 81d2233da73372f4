"""SQL from the client."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
import pytest

from cvat_lab.client import Lab, Task
from cvat_lab.errors import InvalidInputError


@pytest.fixture
def boxes(photo_task: Task) -> Task:
    photo_task.set_annotations(
        [{"label": "car", "type": "rectangle", "frame": n % 3, "points": [n, 0, n + 5, 9]} for n in range(30)]
    )
    return photo_task


def test_answers_in_all_forms(boxes: Task) -> None:
    result = boxes.lab.sql(
        "SELECT frame, count(*) AS n FROM shapes WHERE task_id = $task GROUP BY frame ORDER BY frame",
        {"task": boxes.id},
    )
    assert list(result) == [{"frame": 0, "n": 10}, {"frame": 1, "n": 10}, {"frame": 2, "n": 10}]
    assert (len(result), result.columns, result.scalar()) == (3, ["frame", "n"], 0)
    assert pd.DataFrame({"frame": [0, 1, 2], "n": [10, 10, 10]}).equals(result.df())
    assert pa.table(result).equals(result.arrow())


def test_parameters_in_order(boxes: Task) -> None:
    found = boxes.lab.sql("SELECT count(*) FROM shapes WHERE task_id = ? AND frame IN (?, ?)", [boxes.id, 0, 1])
    assert found.scalar() == 20


def test_a_parameter_is_never_part_of_the_query(boxes: Task) -> None:
    evil = "x' OR 1 = 1 --"
    assert boxes.lab.sql("SELECT count(*) FROM shapes WHERE label = $label", {"label": evil}).scalar() == 0


def test_limit_and_html(boxes: Task) -> None:
    result = boxes.lab.sql("SELECT id FROM shapes WHERE task_id = $t", {"t": boxes.id}, limit=7)
    assert len(result) == 7
    everything = boxes.lab.sql("SELECT id FROM shapes WHERE task_id = $t", {"t": boxes.id})
    assert "30 rows, the first 20 of them shown" in everything._repr_html_()


def test_no_rows(lab: Lab) -> None:
    result = lab.sql("SELECT id, name FROM tasks WHERE name = 'nothing like this'")
    assert (len(result), result.scalar(), list(result)) == (0, None, [])
    assert result.columns == ["id", "name"]


@pytest.mark.parametrize(
    "query", ["DELETE FROM shapes", "SELECT * FROM store.users", "SELEC 1", "SELECT nothing FROM shapes"]
)
def test_what_is_not_allowed_says_so(lab: Lab, query: str) -> None:
    with pytest.raises(InvalidInputError, match="sql"):
        lab.sql(query)
