"""Every page answers, in every form and language, and says what the questions say."""

import json
import re

import polars as pl
import pytest
from fastapi.testclient import TestClient

import kopir
from kopir.core.codes import LANGUAGES
from kopir.serve.application import application
from kopir.serve.desk import Desk
from kopir.serve.words import words_of
from kopir.strategy.questions import questions

PAGES = (
    "/",
    "/?deny=RUS",
    "/?lose=NORTH&severity=0.5&months=6",
    "/partners",
    "/partners/RUS",
    "/questions",
    "/why",
)


def number(page, id):
    """Return the number of a page that has an id, as it is computed."""
    return float(re.search(rf'data-id="{re.escape(id)}" data-value="([^"]+)"', page)[1])


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_answers_in_every_language(client, path, language):
    page = client.get(f"{path}{'&' if '?' in path else '?'}lang={language}")
    assert page.status_code == 200
    assert f'<html lang="{language}">' in page.text
    assert page.text.count("<h1>") == 1


def test_a_browser_is_answered_in_its_own_language(client):
    assert '<html lang="tr">' in client.get("/", headers={"accept-language": "de-DE, tr;q=0.8"}).text


@pytest.mark.parametrize("path", ["/refusal", "/partners", "/partners/RUS", "/questions", "/questions/worst"])
def test_every_view_has_twins(client, path):
    answer = client.get(f"{path}.json").json()
    assert answer["schema_version"] == 1
    assert answer["run"]["model"] == "two_ways"
    assert answer["faults"] == []
    assert client.get(f"{path}.csv").text.count("\n") > 1
    assert client.get(f"{path}.xlsx").content[:2] == b"PK"


@pytest.mark.slow
def test_the_twins_of_a_page_are_linked_with_its_state(client):
    page = client.get("/?deny=RUS&severity=0.5").text
    links = re.findall(r'href="(/(?:refusal|map)\.[a-z]+\?[^"]*)"', page)
    assert len(links) == 6
    assert all(client.get(link.replace("&amp;", "&")).status_code == 200 for link in links)
    assert all("deny=RUS" in link and "severity=0.5" in link for link in links)


def test_the_figures_are_those_of_the_question(client, folder):
    row = kopir.open(folder).leverage(parties=["RUS"], draws=0).table.row(0, named=True)
    page = client.get("/?deny=RUS").text
    for column in ("income_musd", "leverage_musd", "stranded_mt"):
        assert number(page, f"refusal:RUS:{column}") == row[column]
    (told,) = client.get("/refusal.json?deny=RUS").json()["result"]["table"]
    assert told["income_musd"] == row["income_musd"]


def test_two_who_refuse_together_close_both_ways(client):
    (row,) = client.get("/refusal.json?deny=RUS&deny=CHN").json()["result"]["table"]
    assert (row["stranded_mt"], row["leverage_musd"]) == pytest.approx((10, 8 * 300 + 2 * 200))


def test_a_lost_link_is_as_if_its_only_closer_refused(client):
    lost, refused = (
        client.get(f"/refusal.json?{query}").json()["result"]["table"][0] for query in ("lose=NORTH", "deny=RUS")
    )
    assert {**lost, "refused": ""} == {**refused, "refused": ""}


def test_a_number_leads_to_the_cells_it_rests_on(client):
    page = client.get("/?deny=RUS").text
    href = re.search(r'href="(/why\?[^"]*income_musd)"', page)[1].replace("&amp;", "&")
    answer = client.get(href.replace("/why?", "/why.json?")).json()["result"]
    assert answer["kind"] == "result"
    assert {step["id"] for step in answer["because"]} >= {"carries", "markets"}
    assert "carries:" in client.get(href).text


def test_every_state_and_link_of_the_map_can_be_chosen_without_a_script(client):
    page = client.get("/").text
    assert 'data-deny="RUS"' in page
    assert 'href="/?lose=NORTH"' in page
    assert 'href="/"' in client.get("/?lose=NORTH").text


def test_no_name_lies_under_a_link(client):
    drawing = client.get("/map.svg").text
    assert drawing.index('class="states"') < drawing.index('class="links"') < drawing.index('class="names"')


def test_the_map_is_a_file_of_its_own(client):
    drawing = client.get("/map.svg?deny=RUS")
    assert drawing.headers["content-type"] == "image/svg+xml"
    assert drawing.text.startswith("<svg ")
    assert "var(" not in drawing.text
    picture = client.get("/map.png?deny=RUS")
    assert picture.headers["content-type"] == "image/png"
    assert picture.content[:8] == b"\x89PNG\r\n\x1a\n"
    assert picture.content != client.get("/map.png").content
    lines = client.get("/map.geojson?deny=RUS").json()
    assert {one["properties"]["link"] for one in lines["features"]} == {"NORTH", "EAST"}


@pytest.mark.parametrize("name", [one.name for one in questions()])
def test_every_question_has_a_page_with_its_options(client, name):
    page = client.get(f"/questions/{name}")
    assert page.status_code == 200
    asked = next(one for one in questions() if one.name == name)
    offered = {key for key, one in asked.options.items() if one.kind != "path"}
    assert {key for key in offered if f'name="{key}"' in page.text} == offered


def test_a_question_is_asked_with_its_options(client):
    page = client.get("/questions/losses?losing=NORTH&ask=1").text
    assert '<td class="n">1,800</td>' in page, "(8 x 300 + 2 x 200) less 5 x 200"
    assert "kopir losses --lose NORTH two_ways" in page


def test_what_is_missing_is_told_in_data_too(client):
    answer = client.get("/questions/incident.json")
    assert answer.status_code == 400
    assert {one["column"] for one in answer.json()["faults"]} == {"lose", "days"}


@pytest.mark.parametrize(
    ("path", "status", "value"),
    [
        ("/?severity=7", 400, "7"),
        ("/?severity=nan", 400, "nan"),
        ("/?months=1.5", 400, "1.5"),
        ("/?deny=XXX", 400, "XXX"),
        ("/?lose=XXX", 400, "XXX"),
        ("/?lang=xx", 400, "xx"),
        ("/why?id=nothing", 404, "nothing"),
        ("/partners/XXX", 400, "XXX"),
        ("/questions/nothing", 404, "nothing"),
        ("/nowhere", 404, "/nowhere"),
        ("/questions/worst?k=many", 400, "many"),
        ("/questions/stress?scenario=../kopir", 400, "../kopir"),
    ],
)
def test_what_is_wrong_is_told_with_its_mend(client, path, status, value):
    page = client.get(path)
    assert page.status_code == status
    assert value in page.text
    data = client.get(path.replace("?", ".json?", 1) if path[1] != "?" else path.replace("/?", "/refusal.json?"))
    if "?" in path:
        assert data.status_code == status
        assert json.loads(data.text)["faults"][0]["value"] == value


def test_text_of_an_address_is_text(client):
    page = client.get("/why", params={"id": '<script>alert("x")</script>'}).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


@pytest.mark.slow
def test_the_bundled_model_says_what_leverage_says():
    project = kopir.open("kazakhstan")
    desk = Desk(project)
    client = TestClient(application(desk), base_url="http://127.0.0.1")
    told = desk.warm().table.filter(pl.col("partner") == "RUS").row(0, named=True)
    (row,) = client.get("/refusal.json?deny=RUS&draws=1").json()["result"]["table"]
    figures = {name: value for name, value in row.items() if isinstance(value, float)}
    assert figures == pytest.approx({name: told[name] for name in figures}, rel=1e-12)
    assert len(figures) > len(row) / 2
    assert all(row[name] == told[name] for name in set(row) - set(figures) - {"refused"})
    record = client.get("/refusal.json?deny=RUS").json()["result"]
    ends = {one["measure"]: (one["low"], one["high"]) for one in record["intervals"]["table"]}
    assert ends["income_musd"] == (told["income_musd_low"], told["income_musd_high"])
    page = client.get("/?deny=RUS").text
    assert number(page, "refusal:RUS:income_musd") == told["income_musd"]


def test_a_range_that_spans_nought_stands_alone(desk):
    told = words_of(desk.project.model, "en")
    assert told.reaching(-22.7, -141.0, 152.0) == ("−140 … 150", "")
    assert told.ranged(-22.7, -141.0, 152.0) == "−140 … 150"
    assert told.ranged(100.0, 91.0, 112.0) == "100 [91–112]"
    assert told.ranged(100.0, None, None) == "100"
