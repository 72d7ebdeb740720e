"""The scorer of reading, on miniatures that can be counted by hand."""

import csv
import hashlib
import importlib.util
import json
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.reading import __main__ as command
from benchmarks.reading import annotations, calibration, drawing, figures, gating, report, samples
from benchmarks.reading.matching import FIGURE, SLOTS, WHOLE, match
from benchmarks.reading.passages import LANGUAGES, MORE, passages
from benchmarks.reading.samples import Sample

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "evidence"
shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the annotated texts are not beside the repository")

CLAIM = {
    "comparator": "eq", "value": 5.0, "lo": 5.0, "hi": 5.0, "unit": "t", "rate": None, "kind": "level",
    "indicator": "export", "subject": "CHL", "partners": ["CHN"], "commodity": "copper", "route": None,
    "perimeter": None, "period": "2019", "modality": "actual", "polarity": "pos", "attribution": None,
    "tier": "core",
}  # fmt: skip


def claim(number, doc="a", **slots):
    return {"doc": doc, "start": 10 * number, "end": 10 * number + 5, **CLAIM, **slots}


def read(row, *, published=True, confidence=0.9, **slots):
    bound = {"bound_by": {"subject": "export:own"}, "withheld": []}
    return {**row, "published": published, "confidence": {"subject": confidence}, **bound, **slots}


def sample(gold, found, docs=("a",)):
    return Sample("en", tuple(docs), tuple(gold), tuple(found), {doc: n % 2 for n, doc in enumerate(docs)})


GOLD = [
    claim(0), claim(1, value=-3.0, unit="pct", kind="change_pct"), claim(2, value=None, lo=1.0, hi=2.0),
    claim(3, indicator=None, unit="vote", kind="count", tier="aux"),
]  # fmt: skip


def test_gold_against_itself_is_one_everywhere():
    found = figures.figures(sample(GOLD, [read(row) for row in GOLD]))
    assert found.pop("documents").value == 1
    assert found.pop("claims annotated").value == 4
    assert found.pop("of these core").value == 3
    assert found.pop("published").value == 3
    assert {name for name, figure in found.items() if figure.value != 1} == set()


SPOILT = {
    "value": {"value": 6.0},
    "unit": {"unit": "USD"},
    "rate": {"rate": "yr"},
    "comparator": {"comparator": "gt"},
    "kind": {"kind": "share"},
    "indicator": {"indicator": "import"},
    "subject": {"subject": "PER"},
    "partners": {"partners": []},
    "period": {"period": "2020"},
    "modality": {"modality": "plan"},
    "commodity": {"commodity": None},
    "route": {"route": "CPC"},
    "perimeter": {"perimeter": "one port"},
    "polarity": {"polarity": "neg"},
    "attribution": {"attribution": "CHL_Gov"},
}


@pytest.mark.parametrize("slot", sorted(SLOTS))
def test_a_spoilt_copy_loses_exactly_what_was_spoilt(slot):
    found = [read(row) for row in GOLD]
    found[0] = {**found[0], **SPOILT[slot]}
    got = figures.figures(sample(GOLD, found))
    whole = 2 / 3 if slot in WHOLE else 1
    assert got["whole claim, F1"].value == pytest.approx(whole)
    assert got["published, precision"].value == pytest.approx(whole)
    assert got["published, recall"].value == pytest.approx(whole)
    assert got["value + unit + comparator, F1"].value == (3 / 4 if slot in FIGURE else 1)
    for other in SLOTS:
        assert got[f"slot {other}"].value == (pytest.approx(2 / 3) if other == slot else 1)


def test_a_wrong_sign_is_a_wrong_value():
    row = claim(0, value=-5.0)
    assert match([row], [claim(0, value=5.0)], core_only=True).f1(["value"]) == 0


def test_other_currencies_are_not_things_counted():
    unit = ["unit"]
    assert match([claim(0, unit="DEM")], [claim(0, unit="JPY")], core_only=True).f1(unit) == 0
    assert match([claim(0, unit="USD/t")], [claim(0, unit="USD")], core_only=True).f1(unit) == 0
    assert match([claim(0, unit="firm")], [claim(0, unit="company")], core_only=True).f1(unit) == 1


def test_a_turnover_is_right_in_either_order_and_an_export_is_not():
    turned = {"subject": "CHN", "partners": ["CHL"]}
    for indicator, expected in (("trade_turnover", 1), ("export", 0)):
        gold = claim(0, indicator=indicator)
        assert match([gold], [{**gold, **turned}], core_only=True).f1(WHOLE) == expected


def test_missed_and_invented_claims_cost_recall_and_precision():
    found = [read(GOLD[0]), read(claim(8)), read(claim(9))]
    got = figures.figures(sample(GOLD, found))
    assert got["whole claim, F1"].value == pytest.approx(2 * 1 / (3 + 3))
    assert got["published, precision"].value == pytest.approx(1 / 3)
    assert got["published, recall"].value == pytest.approx(1 / 3)


def test_a_side_fact_counts_neither_way_unless_it_is_published_under_an_indicator():
    vote = GOLD[3]
    wrong = read(vote, indicator="export")
    assert match(GOLD, [wrong], core_only=True).read == 0
    assert figures.published(GOLD, [wrong]) == figures.Published(1, 0)
    assert figures.published(GOLD, [read(vote)]) == figures.Published(0, 0)
    rank = claim(3, indicator="investor_rank", kind="rank", tier="aux")
    assert figures.published([rank], [read(rank)]) == figures.Published(0, 0)
    idiom = claim(3, tier="negative")
    assert match([idiom], [read(idiom)], core_only=True).read == 1
    assert figures.published([idiom], [read(idiom)]) == figures.Published(1, 0)


def test_unpublished_claims_are_in_recall_of_nothing_published():
    got = figures.figures(sample(GOLD, [read(row, published=False) for row in GOLD]))
    assert got["whole claim, F1"].value == 1
    assert got["published"].value == 0
    assert got["published, precision"] == figures.Figure(None, of=0)
    assert got["published, recall"].value == 0


def test_wilson_interval():
    # Wilson 1927, by hand for 8 of 10: (0.8 + z²/20 ± z sqrt(0.016 + z²/400)) / (1 + z²/10), z = 1.96
    got = figures.Figure.share(8, 10)
    assert (got.low, got.high) == (pytest.approx(0.4902, abs=1e-4), pytest.approx(0.9433, abs=1e-4))
    assert figures.Figure.share(0, 0) == figures.Figure(None, of=0)


def test_the_interval_of_an_f1_is_that_of_its_documents():
    docs = [f"d{n}" for n in range(10)]
    gold = [claim(0, doc=doc) for doc in docs]
    same = figures.figures(sample(gold, [read(row) for row in gold], docs))["whole claim, F1"]
    assert (same.low, same.high, same.of) == (1, 1, 10)
    half = figures.figures(sample(gold, [read(row) for row in gold[:5]], docs))["whole claim, F1"]
    assert half.value == pytest.approx(2 * 5 / 15)
    assert half.low < half.value < half.high


def test_reliability_by_hand():
    got = calibration.curve([(0.96, True), (0.98, False), (1.0, True), (0.75, True)])
    high = got.bins[-1]
    assert (high.count, high.right, high.stated) == (3, 2, pytest.approx(0.98))
    # 3 readings stated 2.94 and 2 were right; 1 reading stated 0.75 and 1 was right
    assert got.error == pytest.approx((0.94 + 0.25) / 4)


def judged(language, *marks, filled=None):
    """Cases of one language from marks: sure and right, as ``(0.9, True)``."""
    rule = filled or {"subject": "export:own"}
    return [(gating.Case(language, str(n), rule, {}, right, True), sure) for n, (sure, right) in enumerate(marks)]


def test_a_floor_is_the_lowest_that_is_right_as_often_as_wanted():
    sure = [(0.9, True)] * 8 + [(0.8, True)] * 2
    assert gating.lowest(judged("ru", *sure, (0.5, False), (0.5, False), (0.4, False))) == 0.8
    assert gating.lowest(judged("ru", *sure, (0.5, False))) == gating.EVEN
    assert gating.lowest(judged("ru", *[(0.9, False)] * 8)) == gating.CLOSED


def test_a_language_of_few_claims_takes_the_floor_of_all():
    many = judged("ru", *[(0.9, True)] * 20, *[(0.3, False)] * 5)
    few = judged("kk", (0.9, True), (0.9, True))
    found = gating.floors([*many, *few], ("ru", "kk"))
    assert found["ru", "settled"] == found["kk", "settled"] == 0.9
    assert found["ru", "led"] == gating.CLOSED


def test_what_passes_its_floor_is_published():
    doubted = {"subject": "export:own?unknown name"}
    rows = judged("en", (0.9, True), (0.4, False)) + judged("en", (0.9, True), filled=doubted)
    got = gating.published(rows, {("en", "settled"): 0.5, ("en", "doubted"): gating.CLOSED}, wanted=4)
    assert (got.precision.value, got.recall.value) == (1, 0.25)


def test_doubts_are_counted_apart_from_their_rule():
    case = gating.Case("en", "a", {"subject": "export:own?unknown name"}, {"subject": False}, False, True)
    table = gating.counted([case])
    assert table.cases == {("subject", "?unknown name"): (0, 1, 0)}


def test_agreement_is_one_with_oneself_and_loses_what_differs():
    same = figures.agreement(GOLD, GOLD)
    assert {figure.value for name, figure in same.items() if not name.startswith("claims")} == {1}
    other = [{**GOLD[0], "period": "2000"}, *GOLD[1:]]
    got = figures.agreement(GOLD, other)
    assert got["whole claim, F1"].value == got["slot period"].value == pytest.approx(2 / 3)
    assert got["span, F1"].value == got["slot subject"].value == 1


@shared
@pytest.mark.parametrize("spoilt", [None, "value", "unit", "partners", "period", "rate"])
def test_agrees_with_the_published_scorer(spoilt):
    spec = importlib.util.spec_from_file_location("score", SHARED / "score.py")
    theirs = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(theirs)
    for file in ("gold_dev.jsonl", "gold_seeds.jsonl"):
        gold = annotations.load(SHARED / file)
        found = [{**row, **(SPOILT[spoilt] if spoilt and n % 3 == 0 else {})} for n, row in enumerate(gold)][:-2]
        expected = theirs.score(gold, found)
        ours = match(gold, found, core_only=True)
        assert (ours.gold, ours.read) == (expected["gold"], expected["pred"])
        assert ours.f1(WHOLE) == pytest.approx(expected[theirs.HEAD])
        assert ours.f1(FIGURE) == pytest.approx(expected["e2e value+unit+cmp"])


def miniature(monkeypatch, *, unseen):
    made = {which: sample(GOLD, [read(row) for row in GOLD]) for which in samples.SETS}
    if not unseen:
        made[samples.UNSEEN] = None
    monkeypatch.setattr(
        samples, "sample", lambda language, which: made[which] and replace(made[which], language=language)
    )
    monkeypatch.setattr(report, "generated", dict)
    monkeypatch.setattr(samples, "doubles", lambda language: (GOLD, GOLD) if unseen else None)
    monkeypatch.setattr(samples, "absent", lambda language: set())


def test_a_report_without_annotation_says_so_and_is_not_kept(monkeypatch, capsys, tmp_path):
    miniature(monkeypatch, unseen=False)
    monkeypatch.setattr(command, "TEXTS", tmp_path)
    monkeypatch.setattr(command, "RECORD", tmp_path / "record.json")
    assert command.main(["--write"]) == 1
    out, err = capsys.readouterr()
    assert "| whole claim, F1 | 1.00 of 3 | 1.00 of 3 | not annotated |" in out
    assert "all, whole claim, F1: no figure for unseen" in err
    assert not command.RECORD.exists()


def test_a_report_is_kept_as_record_and_page(monkeypatch, capsys, tmp_path):
    miniature(monkeypatch, unseen=True)
    for name in ("PAGE", "RECORD", "SUMMARY"):
        monkeypatch.setattr(command, name, tmp_path / name)
        (tmp_path / name).write_text(f"before\n{report.BEGIN}\nold\n{report.END}\nafter\n", "utf-8")
    monkeypatch.setattr(command, "TEXTS", tmp_path)
    assert command.main(["--write"]) == 0
    kept = json.loads(command.RECORD.read_text("utf-8"))
    assert report.unpaired(kept) == []
    text = command.PAGE.read_text("utf-8")
    assert report.into_page(text, report.page(kept)) == text
    summary = command.SUMMARY.read_text("utf-8")
    assert report.into_page(summary, report.headline(kept)) == summary
    assert "| all | whole claim, F1 | 1.00 of 3 |" not in text
    assert "| all | published, recall | 1.00" in summary
    assert text.startswith("before\n")
    assert text.endswith("after\n")
    assert "old" not in text
    assert "### Agreement of two annotators" in text
    capsys.readouterr()


def test_the_blind_part_is_reported_in_totals_only(monkeypatch, capsys, tmp_path):
    miniature(monkeypatch, unseen=True)
    monkeypatch.setattr(command, "TEXTS", tmp_path)
    secret = [{**row, "doc": "en-secret", "subject": "Secret_Firm"} for row in GOLD]
    hidden = sample(secret, [read(row) for row in secret], ("en-secret",))
    usual = samples.sample
    monkeypatch.setattr(
        samples, "sample", lambda lang, which: hidden if which == samples.UNSEEN else usual(lang, which)
    )
    for arguments in ([], ["--json"]):
        assert command.main(arguments) == 0
        assert "secret" not in "".join(capsys.readouterr()).lower()


def test_texts_that_are_missing_are_said_to_be(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(command, "TEXTS", tmp_path / "none")
    assert command.main([]) == 3
    assert "the texts are not there" in capsys.readouterr().err


def test_figures_without_some_of_the_texts_are_told_and_not_kept(monkeypatch, capsys, tmp_path):
    miniature(monkeypatch, unseen=True)
    monkeypatch.setattr(samples, "absent", lambda language: {"tr-1", "tr-2"} if language == "tr" else set())
    monkeypatch.setattr(command, "TEXTS", tmp_path)
    monkeypatch.setattr(command, "RECORD", tmp_path / "record.json")
    assert command.main(["--write"]) == 1
    assert "tr: 2 annotated passages are left out" in capsys.readouterr().err
    assert not command.RECORD.exists()


def test_further_texts_are_read_beside_the_first_and_listed_with_their_licence(tmp_path):
    row = {"id": "en-1", "source": "A", "doc": "d", "date": None, "text": "Exports: 5 pct."}
    for folder, name in (("first", "en-1"), ("more", "en-2")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "en.jsonl").write_text(json.dumps(row | {"id": name}) + "\n", "utf-8")
    folders = (tmp_path / "first", tmp_path / "more", tmp_path / "none")
    assert [passage.id for passage in passages("en", folders)] == ["en-1", "en-2"]
    with (drawing.YARDSTICK / "texts.csv").open(encoding="utf-8", newline="") as stream:
        listed = {row["passage"]: row for row in csv.DictReader(stream)}
    assert set(listed) <= {row.passage for row in drawing.read_drawn()}
    assert all(row["licence"] and row["document"] and len(row["sha256"]) == 16 for row in listed.values())
    for language in LANGUAGES:
        for passage in passages(language, [MORE]):
            if passage.id in listed:
                digest = hashlib.sha256(passage.text.encode()).hexdigest()
                assert digest.startswith(listed[passage.id]["sha256"]), passage.id


def test_a_figure_of_quality_without_its_pair_is_seen():
    assert report.bare_figures("Precision is 0.9.\n\nSpeed: 1.6 MB/s.") == ["Precision is 0.9."]
    assert report.bare_figures("Unseen precision is 0.9.") == ["Unseen precision is 0.9."]
    assert report.bare_figures("Precision: 0.9 seen, 0.4 unseen.") == []
    assert report.bare_figures("part recall\nheld 0.5\nseen 0.9") == []


@pytest.mark.parametrize("page", ["README.md", "docs/evidence.md"])
def test_every_figure_of_quality_stands_in_a_pair(page):
    assert report.bare_figures((command.DOCS.parent / page).read_text("utf-8")) == []


def test_the_pages_show_the_figures_that_are_kept():
    kept = json.loads(command.RECORD.read_text("utf-8"))
    assert {row["language"] for row in kept["pairs"]} == {*LANGUAGES, "all"}
    assert report.unpaired(kept) == []
    for path, tables in ((command.PAGE, report.page(kept)), (command.SUMMARY, report.headline(kept))):
        text = path.read_text("utf-8")
        assert report.into_page(text, tables) == text


def _columns_with_texts(language):
    """Return of how many of seen, look and unseen all texts are there: further ones lie beside the project."""
    return next((n for n, part in enumerate(drawing.PARTS, 1) if samples.absent(language, [part])), 3)


@shared
@pytest.mark.slow
def test_the_figures_kept_are_those_of_today():
    kept, now = json.loads(command.RECORD.read_text("utf-8")), report.measure(LANGUAGES)
    texts = {language: _columns_with_texts(language) for language in LANGUAGES}
    texts["all"] = min(texts.values())
    for old, new in zip(kept["pairs"], now["pairs"], strict=True):
        if old["figure"] in report.HEADLINE[:2]:
            for which in samples.SETS[: texts[old["language"]]]:
                assert old[which]["value"] == pytest.approx(new[which]["value"], abs=0.03), (
                    f"{old['language']}, {old['figure']}, {which}: python -m benchmarks.reading --write"
                )


def kept_annotations():
    return sorted(drawing.YARDSTICK.glob("*/*.jsonl"))


@pytest.mark.parametrize("path", kept_annotations(), ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_annotations_hold_no_word_of_the_texts(path):
    drawn = {row.passage: row for row in drawing.read_drawn()}
    for row in annotations.load(path):
        assert set(row) <= {*annotations.FIELDS, "empty"}
        part = drawn[row["doc"]].part
        assert part == path.parent.name or (path.parent.name == "double" and drawn[row["doc"]].double)
