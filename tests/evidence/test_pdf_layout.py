"""PDF pages: columns are read one after the other, notes stand apart, a page that does not load is named."""

from __future__ import annotations

import pytest

from kopir.evidence import read
from kopir.evidence._readers import file_layout
from tests.evidence.papers import WIDE, pdf
from tests.evidence.test_documents import codes

LEFT = [
    "Georgia exported 3.1 million tonnes",
    "of coal to Japan in 2021. The year",
    "before it had been less, and ex-",
    "perts saw no change.",
]
RIGHT = [
    "Armenia exported 1.2 million tonnes",
    "of copper to Brazil in 2020. Prices",
    "were lower then, and so was the",
    "demand of all buyers.",
]


def column(x, y, lines, size=10.0):
    return [(x, y - 14 * n, size, line) for n, line in enumerate(lines)]


def texts(path, kind=None):
    layout = file_layout(path)
    return [layout.text[b.span.start : b.span.end] for b in layout.blocks if kind in (None, b.kind)]


@pytest.mark.parametrize("shift", [0, 7])
def test_columns_are_read_one_after_the_other(tmp_path, shift):
    pdf(tmp_path / "a.pdf", [*column(72, 700, LEFT), *column(320, 700 - shift, RIGHT)])
    assert texts(tmp_path / "a.pdf") == ["\n".join(LEFT), "\n".join(RIGHT)]
    claims = read([tmp_path]).claims
    assert [(c.value, c.subject, c.partners) for c in claims] == [
        (3.1e6, "GEO", ("JPN",)),
        (1.2e6, "ARM", ("BRA",)),
    ]


def test_a_note_at_the_foot_of_a_column_stands_apart(tmp_path):
    note = (72, 600, 7.5, "1 Of this 0.4 million tonnes were stored.")
    mark = (72 + 10 * WIDE * len(LEFT[0]), 704, 6.0, "1")
    pdf(tmp_path / "a.pdf", [*column(72, 700, LEFT), mark, note, *column(320, 700, RIGHT)])
    assert texts(tmp_path / "a.pdf", "note") == [note[3]]
    (first, *_) = read([tmp_path]).claims
    assert (first.value, first.subject) == (3.1e6, "GEO")


def test_page_numbers_are_no_text(tmp_path):
    pdf(
        tmp_path / "a.pdf",
        [*column(72, 700, LEFT), (300, 40, 9, "17")],
        [*column(72, 700, RIGHT), (300, 40, 9, "- 18 -")],
    )
    assert texts(tmp_path / "a.pdf") == ["\n".join(LEFT), "\n".join(RIGHT)]
    assert [c.page for c in read([tmp_path]).claims] == [1, 2]


def test_letters_of_any_alphabet(tmp_path):
    pdf(tmp_path / "a.pdf", column(72, 700, ["Грузия экспортировала в Японию 3,1 млн", "тонн угля в 2021 году."]))
    (claim,) = read([tmp_path]).claims
    assert (claim.value, claim.subject, claim.period) == (3.1e6, "GEO", "2021")


def test_half_a_character_is_no_text(tmp_path):
    path = pdf(tmp_path / "a.pdf", column(72, 700, LEFT))
    path.write_bytes(
        path.read_bytes().replace("Georgia".encode("utf-16-be").hex().encode(), b"d800" + b"0065" * 6)
    )
    assert read([tmp_path]).readings[0].document.text.startswith("\ufffdeeeeee exported")


def test_a_scan_is_said_to_hold_no_text(tmp_path):
    pdf(tmp_path / "a.pdf", [])
    result = read([tmp_path])
    assert codes(result) == ["K2001"]
    assert "no text" in str(result.faults[0])


def test_a_page_that_does_not_load_is_named_and_the_rest_is_read(tmp_path):
    path = pdf(tmp_path / "a.pdf", column(72, 700, LEFT), column(72, 700, RIGHT))
    path.write_bytes(path.read_bytes().replace(b"/Kids [6 0 R 8 0 R]", b"/Kids [6 0 R 99 0 R]"))
    result = read([tmp_path])
    assert codes(result) == ["K2016"]
    assert [c.value for c in result.claims] == [3.1e6]


def test_a_form_that_draws_itself_is_refused_unopened(tmp_path):
    path = pdf(tmp_path / "a.pdf", column(72, 700, LEFT))
    form = (
        b"<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 50 0 R >> >> /Length 0 >>"
    )
    path.write_bytes(path.read_bytes() + b"50 0 obj\n" + form + b"\nstream\n\nendstream\nendobj\n")
    assert codes(read([tmp_path])) == ["K2006"]


def grid(xs, ys):
    level = [f"{xs[0]} {y} m {xs[-1]} {y} l S" for y in ys]
    return "0.5 w " + " ".join([*level, *(f"{x} {ys[0]} m {x} {ys[-1]} l S" for x in xs)])


def test_a_cell_of_several_lines_is_one_cell(tmp_path):
    head = column(40, 760, ["Exports of Georgia by partner, million USD"])
    heads = [*column(105, 735, ["2020, pre-", "vious"]), *column(162, 735, ["2021"])]
    rows = [
        *column(42, 708, ["Russian", "Federation"]),
        *column(105, 701, ["3,512.5"]),
        *column(162, 701, ["4,100.1"]),
    ]
    rows += [*column(42, 680, ["Japan"]), *column(105, 680, ["1,700.3"]), *column(162, 680, ["1,800.2"])]
    pdf(tmp_path / "a.pdf", [*head, *heads, *rows], lines=grid((40, 102, 160, 220), (750, 720, 690, 670)))
    claims = read([tmp_path]).claims
    assert [(c.value, c.partners, c.period) for c in claims if c.period == "2021"] == [
        (4100.1e6, ("RUS",), "2021"),
        (1800.2e6, ("JPN",), "2021"),
    ]
    assert len(claims) == 4


@pytest.mark.parametrize("repeated", [True, False])
def test_a_table_goes_on_over_a_page_break(tmp_path, repeated):
    caption, heads = (40, 760, 10.0, "Exports of Georgia by partner, million USD"), (("Partner", "2020", "2021"),)
    body = (("Japan", "3.5", "4.5"), ("Brazil", "1.5", "2.5")), (("Italy", "7.5", "8.5"), ("France", "5.5", "6.5"))

    def page(rows):
        return [
            (40 + 150 * c, 730 - 14 * r, 10.0, text) for r, row in enumerate(rows) for c, text in enumerate(row)
        ]

    pdf(tmp_path / "a.pdf", [caption, *page(heads + body[0])], page((heads if repeated else ()) + body[1]))
    claims = read([tmp_path]).claims
    assert [(c.value, c.page) for c in claims if c.published and c.partners == ("ITA",)] == [
        (7.5e6, 2),
        (8.5e6, 2),
    ]
    assert len(claims) == 8


def test_a_list_of_contents_is_no_table(tmp_path):
    lines = [f"Chapter {n} {'.' * 60} {n * 7}" for n in range(1, 6)]
    pdf(tmp_path / "a.pdf", [(40, 700 - 14 * n, 10.0, line) for n, line in enumerate(lines)])
    assert read([tmp_path]).unread == ()
