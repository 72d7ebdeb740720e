"""One crossing or port is not the whole flow; trains, queues and traffic are measured, not traded."""

from __future__ import annotations

import pytest

from kopir.core.codes import codes
from kopir.evidence import read_text
from kopir.evidence.sentence._places import places
from kopir.evidence.words._lexicon import LANGUAGES, read_table


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_registered_place_is_read_and_every_place_read_is_registered(language):
    assert {row["code"] for row in read_table(language, "places")} == set(places())
    assert {place.state for place in places().values()} <= set(codes("states"))


@pytest.mark.parametrize(
    ("language", "text", "subject", "perimeter"),
    [
        ("ru", "Через станцию Достык прошло 7,4 млн тонн грузов.", "KAZ", "Dostyk"),
        ("ru", "Через Забайкальск перевезли 7,4 млн тонн грузов.", "RUS", "Zabaikalsk"),
        ("en", "Some 7.4 million tonnes of cargo were carried through Khorgos in 2024.", "KAZ", "Khorgos"),
        ("en", "Some 7.4 million tonnes of cargo were carried through Manzhouli in 2024.", "CHN", "Manzhouli"),
        ("tr", "Kapıkule üzerinden 7,4 milyon ton yük taşındı.", "TUR", "Kapikule"),
        ("kk", "Достық арқылы 7,4 млн тонна жүк тасымалданды.", "KAZ", "Dostyk"),
    ],
)
def test_a_crossing_narrows_the_flow(language, text, subject, perimeter):
    (claim,) = read_text(text, language=language).claims
    assert (claim.value, claim.indicator) == (7.4e6, "freight_carried")
    assert (claim.subject, claim.perimeter) == (subject, perimeter)
    assert not claim.published or claim.perimeter is not None


def test_a_flow_without_a_place_has_no_perimeter():
    (claim,) = read_text("Georgia exported 7.4 million tonnes of ore in 2024.", language="en").claims
    assert claim.perimeter is None


@pytest.mark.parametrize(
    ("language", "text", "figures"),
    [
        ("ru", "Тут ходит 75–77 поездов в сутки против 50–60 годом ранее.",
         [(75, 77, "train", "d", "traffic_rate"), (50, 60, "train", "d", "traffic_rate")]),
        ("en", "Some 20 trains a day run on the line.", [(None, None, "train", "d", "traffic_rate")]),
        ("kk", "Осында 300-ден астам контейнерлік пойыз өтті.", [(300, None, "train", None, "fleet_count")]),
        ("en", "Trucks queued for 100 kilometres at the border.", [(100, 100, "km", None, "queue")]),
        ("ru", "В очереди на границе стоят 500 грузовиков.", [(500, 500, "vehicle", None, "queue")]),
    ],
)  # fmt: skip
def test_traffic_and_queues(language, text, figures):
    found = [(c.lo, c.hi, c.unit, c.rate, c.indicator) for c in read_text(text, language=language).claims]
    wanted = [(*found[n][:2], *w[2:]) if w[:2] == (None, None) else w for n, w in enumerate(figures)]
    assert found == wanted
