"""The documented views are the ones there are."""

from __future__ import annotations

from tests.sql_docs import PAGE, page


def test_the_page_about_views_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()
