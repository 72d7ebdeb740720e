"""What stands on a map: words that leave each other room, and tonnes of unlike goods that are not added."""

import re
from dataclasses import dataclass

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kopir.serve.maps.flows import carried, leading, most_of
from kopir.serve.maps.labels import _LETTER, CLOSER, Wanted, _box, _meet, placed
from kopir.serve.words import words_of

SPOTS = st.tuples(st.floats(0, 720), st.floats(0, 430))


@given(st.lists(st.tuples(st.lists(SPOTS, min_size=1, max_size=4), st.text("abc", max_size=14)), max_size=25))
def test_no_words_overlap_at_the_step_at_which_they_are_shown(asked):
    wanted = [Wanted(("node", str(at)), text, tuple(places)) for at, (places, text) in enumerate(asked)]
    sizes = {one.key: (_LETTER * one.size * len(one.text), one.size) for one in wanted}
    found = placed(wanted)
    for closer in CLOSER:
        boxes = [_box(one.at, sizes[key], closer) for key, one in found.items() if one.closer <= closer]
        assert not any(_meet(one, other) for at, one in enumerate(boxes) for other in boxes[:at])


def test_the_lesser_word_moves_aside_or_waits_until_the_map_is_enlarged():
    first, lesser = Wanted(("node", "A"), "Atyrau", ((300, 200),)), Wanted(("node", "B"), "Tengiz", ((310, 205),))
    found = placed([first, lesser])
    assert found["node", "A"].closer == 1
    assert found["node", "B"].closer > 1
    aside = Wanted(("node", "B"), "Tengiz", ((310, 205), (310, 230)))
    assert placed([first, aside])["node", "B"].at == (310, 230)


def test_the_ground_of_a_zoomed_map_holds_what_the_drawn_one_shows(client):
    ground = client.get("/map/ground.json").json()
    drawn = client.get("/").text
    links = {one["properties"]["link"]: one["geometry"]["coordinates"] for one in ground["links"]["features"]}
    assert links["EAST"] == [[[50, 47], [62, 45]]]
    assert set(re.findall(r'data-link="(\w+)"', drawn)) == {"NORTH", "EAST"} <= links.keys()
    assert set(re.findall(r'data-place="(\w+)"', drawn)) <= {
        one["properties"]["place"] for one in ground["places"]["features"]
    }
    states = {one["properties"].get("state") for one in ground["states"]["features"]}
    named = [one["properties"]["state"] for one in ground["names"]["features"]]
    assert set(re.findall(r'data-state="(\w+)"', drawn)) <= states
    assert len(named) == len(set(named))
    west, south, east, north = ground["bounds"]
    assert west < 50 < 62 < east
    assert south < 45 < 60 < north


def test_the_address_keeps_which_map_is_looked_at(client):
    page = client.get("/?deny=RUS&map=zoom").text
    assert 'id="zoomed"' in page
    assert 'href="/?deny=RUS"' in page, "the drawn one"
    assert 'href="/?deny=RUS&amp;side=before&amp;map=zoom"' in page
    assert 'name="map" value="zoom"' in page
    assert 'id="zoomed"' not in client.get("/?deny=RUS").text
    assert "data-state" not in client.get("/map.svg").text, "a file that stands alone needs none"


@dataclass
class _Network:
    """A network of one state that has two goods."""

    kinds: tuple[frozenset[str], ...] = (frozenset(["COAL"]), frozenset(["COPPER"]))

    def goods(self, owner):
        return self.kinds


ROUTES = pl.DataFrame(
    {
        "asset": ["RAIL", "RAIL", "RAIL", "PIPE"],
        "asset_type": ["link"] * 4,
        "commodity": ["COAL", "COPPER", "COPPER", "COAL"],
        "before_mt": [50.0, 1.0, 0.5, 100.0],
        "after_mt": [50.0, 0.0, 0.0, 100.0],
    }
)


def test_tonnes_of_unlike_goods_are_not_added():
    flows = carried(ROUTES, _Network(), "MNG")
    rail = {goods.name: pair for goods, pair in flows["RAIL"].items()}
    assert rail == {"COAL": (50.0, 50.0), "COPPER": (1.5, 0.0)}
    assert leading(flows["RAIL"], most_of(flows)).name == "COPPER", "all copper goes here, half of the coal"


def test_tonnes_of_goods_that_stand_for_each_other_are_one():
    flows = carried(ROUTES, _Network((frozenset(["COAL", "COPPER"]),)), "MNG")
    assert list(flows["RAIL"].values()) == [(51.5, 50.0)]


@pytest.mark.parametrize("language", ["en", "ru", "kk", "tr"])
def test_a_column_of_goods_is_told_in_words(desk, language):
    words = words_of(desk.project.model, language)
    told, plain = words.heading("stranded_oil_mt"), words.heading("stranded_mt")
    assert told.endswith(plain)
    assert "_" not in told
    assert "stranded" not in told
