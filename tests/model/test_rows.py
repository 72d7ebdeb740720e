"""Rows of a draw are the rows of its tables."""

from __future__ import annotations

from kopir.model.folder.opening import open_model


def test_rows_are_those_of_tables_whatever_is_drawn() -> None:
    model = open_model("azerbaijan")
    values = {quantity.ref: quantity.high + 1.0 for quantity in model.uncertain()}
    assert len({ref.table for ref in values}) > 3
    for name in model.folder.tables:
        assert list(model.rows(name)) == model.table(name).to_dicts()
        assert list(model.rows(name, values)) == model.table(name, values).to_dicts()


def test_a_draw_leaves_the_rows_of_the_model_as_they_are() -> None:
    model = open_model("azerbaijan")
    before = [dict(row) for row in model.rows("carries")]
    values = {quantity.ref: 0.0 for quantity in model.uncertain()}
    assert list(model.rows("carries", values)) != before
    assert list(model.rows("carries")) == before
