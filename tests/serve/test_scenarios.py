"""What stands on the map is kept as a dated scenario; scenarios are followed step by step."""

import html
import re
import shutil

import pytest
from fastapi.testclient import TestClient

import kopir
from kopir.core.codes import LANGUAGES
from kopir.serve.application import application
from kopir.serve.desk import Desk
from kopir.serve.tray import Tray

WHAT_IF = {"deny": "RUS", "severity": "0.5"}


@pytest.fixture
def desk(folder, tmp_path):
    own = shutil.copytree(folder, tmp_path / "model")
    return Desk(kopir.open(own), Tray(tmp_path / "tray"))


@pytest.fixture
def client(desk):
    return TestClient(application(desk), base_url="http://127.0.0.1:8631", follow_redirects=False)


def fields(page, form):
    """Return what a form of a page would send as it stands."""
    text = re.search(rf'<form [^>]*id="{form}".*?</form>', page, re.DOTALL)[0]
    found = {}
    for field in re.findall(r"<input [^>]*>", text):
        found[re.search(r'name="([^"]*)"', field)[1]] = html.unescape(
            (re.search(r'value="([^"]*)"', field) or ["", ""])[1]
        )
    for name, value in re.findall(r'<textarea [^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', text, re.DOTALL):
        found[name] = html.unescape(value)
    return found


def keep(client, name, **more):
    sent = fields(client.get("/", params=WHAT_IF).text, "keep") | {"name": name, "days": "4"} | more
    return client.post("/scenarios", data=sent)


def path(desk, name):
    return desk.project.model.folder.path / "scenarios" / f"{name}.toml"


def test_a_what_if_is_kept_and_opens_again_from_the_list(client, desk):
    answer = keep(client, "half", title="Half of Russia", first="2026-02-01")
    assert (answer.status_code, answer.headers["location"]) == (303, "/scenarios/half")
    listed = client.get("/scenarios").text
    assert 'href="/scenarios/half"' in listed
    assert "Half of Russia" in listed
    page = client.get("/scenarios/half").text
    assert "February 1, 2026" in page
    assert 'href="/?deny=RUS&amp;severity=0.5"' in page, "the map can be asked the same again"
    assert path(desk, "half").read_text("utf-8").startswith("# /?deny=RUS&severity=0.5 for 4 days")


def test_the_engine_takes_it_by_its_name(client, desk):
    """Half of 8 Mt a year at 300 USD/t for 4 of 365 days: the rest has room in the other way (5, 2 used)."""
    keep(client, "half")
    result = kopir.open(desk.project.model.folder.path).stress("half").result
    assert result.loss_musd == pytest.approx((4 * 300 - 3 * 200) * 4 / 365)
    record = client.get("/scenarios/half.json").json()["result"]
    assert record["loss_musd"] == result.loss_musd
    assert "kopir stress --scenario half model" in client.get("/scenarios/half").text
    told = client.get("/why.json", params={"id": "stress:half:loss_musd"}).json()["result"]
    assert told["value"] == result.loss_musd


def test_what_is_lost_on_the_map_is_lost_in_the_file(client, desk):
    text = client.get("/scenario.toml?lose=NORTH&name=cut&days=2&first=2026-03-01")
    assert text.headers["content-disposition"].endswith("cut.toml")
    assert 'asset_type = "link"\nasset = "NORTH"\nleft = 0.0\nfrom = 2026-03-01\nto = 2026-03-02\n' in text.text
    assert not path(desk, "cut").exists(), "to ask for a file keeps nothing"


@pytest.mark.parametrize(
    ("more", "column"),
    [
        ({"name": ""}, "name"),
        ({"name": "../kopir"}, "name"),
        ({"name": "a/b"}, "name"),
        ({"name": "x" * 41}, "name"),
        ({"name": "ok", "days": "0"}, "days"),
        ({"name": "ok", "days": "731"}, "days"),
        ({"name": "ok", "days": "many"}, "days"),
        ({"name": "ok", "first": "tomorrow"}, "first"),
        ({"name": "ok", "first": "9999-12-30"}, "first"),
        ({"name": "ok", "deny": "XXX"}, None),
        ({"name": "ok", "deny": ""}, None),
    ],
)
def test_what_cannot_be_a_scenario_is_told_and_not_written(client, desk, more, column):
    answer = keep(client, **({"name": "ok"} | more))
    assert answer.status_code == 400
    assert "K0" in answer.text
    assert column is None or column in answer.text
    assert not path(desk, "ok").parent.exists()


def test_two_browsers_cannot_lose_each_others_scenario(client, desk):
    first, second = (fields(client.get("/", params=WHAT_IF).text, "keep") for _ in range(2))
    assert client.post("/scenarios", data=first | {"name": "storm", "days": "3"}).status_code == 303
    answer = client.post("/scenarios", data=second | {"name": "Storm", "days": "9"})
    assert answer.status_code == 409, "names that differ by capitals are one file on some machines"
    assert "steps = 33" in path(desk, "storm").read_text("utf-8")
    assert client.post("/scenarios", data=second | {"name": "other", "days": "9"}).status_code == 303


def test_a_folder_that_has_changed_since_is_told(client, desk):
    sent = fields(client.get("/", params=WHAT_IF).text, "keep") | {"name": "late"}
    nodes = desk.project.model.folder.path / "carries.csv"
    nodes.write_text(nodes.read_text("utf-8").replace("EAST,crude,5", "EAST,crude,4"), "utf-8")
    assert client.post("/scenarios", data=sent).status_code == 409
    assert not path(desk, "late").exists()


def test_the_text_of_a_scenario_is_changed_and_checked(client, desk):
    keep(client, "half")
    before = client.get("/scenarios/half.json").json()["result"]["loss_musd"]
    sent = fields(client.get("/scenarios/half").text, "file")
    assert client.post("/scenarios/half", data=sent).status_code == 303
    harder = sent | {"text": sent["text"].replace("severity = 0.5", "severity = 1.0")}
    assert client.post("/scenarios/half", data=harder).status_code == 303
    assert client.get("/scenarios/half.json").json()["result"]["loss_musd"] > before
    again = client.post("/scenarios/half", data=sent | {"text": sent["text"].replace("0.5", "0.25")})
    assert again.status_code == 409, "somebody else has changed it since"
    now = fields(client.get("/scenarios/half").text, "file")
    wrong = client.post("/scenarios/half", data=now | {"text": now["text"].replace("RUS", "XXX")})
    assert wrong.status_code == 400
    assert "XXX" in wrong.text
    assert "severity = 1.0" in path(desk, "half").read_text("utf-8")


def test_a_scenario_that_is_changed_elsewhere_is_asked_anew(client, desk):
    keep(client, "half")
    before = client.get("/scenarios/half.json").json()["result"]["loss_musd"]
    asked = client.get("/questions/stress.json?scenario=half").json()["result"]["loss_musd"]
    other = path(desk, "half").with_suffix(".new")
    other.write_text(path(desk, "half").read_text("utf-8").replace("severity = 0.5", "severity = 1.0"), "utf-8")
    other.replace(path(desk, "half"))
    after = client.get("/scenarios/half.json").json()["result"]["loss_musd"]
    assert (
        asked == before < after == client.get("/questions/stress.json?scenario=half").json()["result"]["loss_musd"]
    )


def test_a_scenario_at_fault_is_listed_with_what_is_wrong(client, desk):
    keep(client, "half")
    path(desk, "half").write_text("[scenario]\nstart = 2026-01-01\n", "utf-8")
    assert "length of the scenario" in client.get("/scenarios").text
    page = client.get("/scenarios/half")
    assert page.status_code == 200
    assert "K0108" in page.text
    assert 'name="text"' in page.text
    assert client.get("/scenarios/half.json").json()["faults"][0]["code"] == "K0108"


def test_the_steps_of_a_course_change_map_and_figures(client):
    keep(client, "half", first="2026-02-01")
    closed, open_again = (client.get(f"/scenarios/half?step={step}").text for step in (4, 5))
    assert "Russia closed to 50 %" in closed
    assert "Nothing is closed" in open_again
    assert "▼ 4.0" in closed
    assert "▼ 4.0" not in open_again
    assert 'id="to-next"' in closed
    assert f'href="{html.escape("/scenarios/half?step=5")}"' in closed
    assert client.get("/scenarios/half?step=34").text.count('id="to-next"') == 0
    other = client.get("/scenarios/half?step=4&side=before").text
    assert "▼" not in other
    assert 'name="side" value="before"' in other


@pytest.mark.slow
def test_tonnes_of_the_whole_course_say_how_far_they_reach(client, desk):
    keep(client, "half")
    result = kopir.open(desk.project.model.folder.path).stress("half").result
    low, high, level = result.held.filter(measure="moved_mt").select("low", "high", "level").row(0)
    assert 0 <= low < 3 * 4 / 365 < high
    page = client.get("/scenarios/half").text
    assert f"({100 * level:g} % of them)" in page
    assert re.search(r'moved_mt">[\d.]+ \[', page)


@pytest.mark.parametrize("step", ["0", "35", "-1", "x", "1.5", "9" * 30])
def test_a_step_that_there_is_not_is_told(client, step):
    keep(client, "half")
    assert client.get("/scenarios/half", params={"step": step}).status_code == 400


@pytest.mark.slow
def test_its_pages_answer_in_every_language_with_twins(client):
    keep(client, "half")
    for language in LANGUAGES:
        for page in ("/scenarios", "/scenarios/half"):
            answer = client.get(page, params={"lang": language})
            assert answer.status_code == 200
            assert answer.text.count("<h1>") == 1
            assert "style=" not in answer.text, "a strict page refuses it"
    assert client.get("/scenarios.csv").text.startswith("scenario,")
    assert client.get("/scenarios/half.csv").text.count("\n") == 35
    assert client.get("/scenarios/half.xlsx").content[:2] == b"PK"
    assert client.get("/scenarios/half.toml").text.startswith("# /?deny=RUS")
    assert client.get("/scenarios/nothing").status_code == 404
    assert client.get("/scenarios/nothing.toml").status_code == 404


def test_a_bundled_model_offers_the_file_instead(tmp_path):
    desk = Desk(kopir.open("uzbekistan"), Tray(tmp_path))
    client = TestClient(application(desk), base_url="http://127.0.0.1", follow_redirects=False)
    page = client.get("/?deny=RUS").text
    form = re.search(r'<form [^>]*id="keep".*?</form>', page, re.DOTALL)[0]
    assert form.count("<button") == form.count('formaction="/scenario.toml"') == 1
    sent = fields(page, "keep") | {"name": "mine"}
    assert client.get("/scenario.toml", params=sent).status_code == 200
    answer = client.post("/scenarios", data=sent)
    assert answer.status_code == 400
    assert "kopir demo" in answer.text


def test_a_name_of_the_record_is_not_taken(tmp_path):
    desk = Desk(kopir.open("kazakhstan"), Tray(tmp_path))
    client = TestClient(application(desk), base_url="http://127.0.0.1")
    for name in ("EV31", "ev31", "EV31_again"):
        told = client.get("/scenario.toml", params={"deny": "RUS", "name": name})
        assert (told.status_code, "recorded event" in told.text) == (400, True)
