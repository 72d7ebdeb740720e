"""What a fact book is for: reviewing a text, keeping a ledger, weighing theses, comparing books and narratives."""

import polars as pl
import pytest

from kopir.core.errors import InputError
from kopir.core.folders.folder import read_folder
from kopir.evidence import read, read_text
from kopir.facts import (
    cells_resting_on,
    claims_of_folder,
    claims_of_readings,
    combined,
    compare_narratives,
    deals_ledger,
    diff,
    reconcile,
    results_named,
    review,
    targets_ledger,
    weigh_theses,
    write_book,
)
from tests.facts.claims import TURNOVER, claim, claims
from tests.facts.shared import SHARED, needs_shared
from tests.folders import write_model

RUS = {**TURNOVER, "partners": ["RUS"]}


@pytest.fixture(scope="module")
def book():
    return reconcile(
        claims(
            claim(26e9, "26.0 bn", "office", about=RUS, period="2023"),
            claim(28.5e9, "28.5 bn", "office", about=RUS),
            claim(40e9, "40.0 bn", "bank", about=RUS, perimeter="goods_and_services"),
        )
    )


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Trade between Kazakhstan and Russia reached $28.5 billion in 2024.", "confirmed"),
        ("Trade between Kazakhstan and Russia reached $33 billion in 2024.", "contradicted"),
        ("Trade between Kazakhstan and Russia reached $26 billion in 2024.", "out of date"),
        ("Trade between Kazakhstan and Russia reached $40 billion in 2024.", "perimeter mixed"),
        ("Trade between Kazakhstan and Norway reached $1 billion in 2024.", "unknown"),
    ],
)
def test_verdicts_of_a_review(book, text, verdict):
    (row,) = review(read_text(text, date="2025-02-01"), book).table.iter_rows(named=True)
    assert row["verdict"] == verdict


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("Trade between Kazakhstan and Russia reached $33 billion in 2024.", "$28.5 billion"),
        ("Товарооборот Казахстана с Россией в 2024 году составил 33 млрд долларов.", "28,5 млрд долларов"),
    ],
)
def test_the_sentence_one_would_write_instead(book, text, figure):
    (row,) = review(read_text(text, date="2025-02-01"), book, {"office": "Statistics office"}).table.iter_rows(
        named=True
    )
    assert figure in row["suggestion"]
    assert row["suggestion"].endswith("(Statistics office).")
    assert row["sentence"] == text


def test_a_review_of_a_text_without_figures_is_empty(book):
    assert review(read_text("Nothing is said here."), book).table.is_empty()


def test_deals_that_a_headline_counts_already():
    deal = {
        "indicator": "deals_value",
        "partners": ["USA"],
        "unit": "USD",
        "period": "2025-11-06",
        "modality": "plan",
    }
    rows = [
        claim(10e9, "10.0 bn", about={**deal, "subject": "KAZ"}),
        claim(7e9, "7.0 bn", about={**deal, "subject": "Air_Astana"}),
        claim(4e9, "4.0 bn", "d2", about={**deal, "subject": "Samruk-Kazyna"}),
    ]
    table = deals_ledger(reconcile(claims(*rows))).table
    headline = table.filter(table["party"] == "KAZ").row(0, named=True)
    assert headline["listed"] == pytest.approx(11e9, rel=1e-3)
    assert headline["double_counted"]
    assert table["part_of"].null_count() == 1


def test_targets_with_growth_needed_and_outcomes():
    rows = [
        claim(28e9, "28.0 bn", about=RUS),
        claim(30e9, "30.0 bn", about=RUS, modality="target", attribution="minister"),
        claim(56e9, "56.0 bn", about=RUS, period="2034", modality="target", attribution="minister"),
    ]
    met, open_ = targets_ledger(reconcile(claims(*rows))).table.iter_rows(named=True)
    assert (met["met"], met["outcome"]) == (False, pytest.approx(28e9))
    assert open_["growth_needed"] == pytest.approx(2 ** (1 / 10) - 1, rel=1e-6)
    assert (open_["earlier_met"], open_["earlier"]) == (0, 1)


@pytest.mark.parametrize("unit", ["USD", "t"])
def test_promises_and_outcomes_are_told_as_sources_say_them(unit):
    """Two sources of what happened: both are printed, neither a value between them, and growth has two ends."""
    goods = {} if unit == "USD" else {"indicator": "oil_export", "unit": "t"}
    rows = [
        claim(27e6, "27 mn", about=RUS, source="one", **goods),
        claim(28.5e6, "28.5 mn", "d2", about=RUS, source="two", **goods),
        claim(30e6, "30 mn", about=RUS, period="2034", modality="target", attribution="minister", **goods),
        claim(28e6, "28 mn", about=RUS, modality="target", attribution="minister", **goods),
    ]
    past, open_ = targets_ledger(reconcile(claims(*rows))).table.iter_rows(named=True)
    assert open_["said"] == f"30 mn {unit}"
    assert open_["present_said"] == f"27 to 28.5 mn {unit}"
    assert open_["growth_low"] == pytest.approx((30 / 28.5) ** (1 / 10) - 1)
    assert open_["growth_high"] == pytest.approx((30 / 27) ** (1 / 10) - 1)
    assert past["outcome_said"] == f"27 to 28.5 mn {unit}"
    assert past["met"] is None, "one source says that it was met, the other that it was not"


def fact(code, value, period="2025-11", **rest):
    row = {"fact": code, "indicator": "deals_value", "subject": "KAZ", "partners": "USA", "period": period}
    return {**row, "value": value, "unit": "USD", "modality": "plan", "sources": "S1", **rest}


DEAL_FACTS = [
    fact("H", 10e9, "2025-11-06"),
    fact("A", 7e9, subject="Alpha"),
    fact("B", 4e9, subject="Beta"),
    fact("B2", 3e9, "2025-09", subject="Beta", perimeter="first_reading"),
    fact("N", 1e9, "2024", subject="Gamma"),
]
DEALS = [
    {"deal": "PACKAGE", "partner": "USA", "title": "package", "value": "H", "date": "2025-11-06"},
    {
        "deal": "ALPHA",
        "partner": "USA",
        "title": "planes",
        "value": "A",
        "status": "signed",
        "history": "2024-06 announced; 2025-11 signed",
        "part_of": "PACKAGE",
    },
    {"deal": "BETA", "partner": "USA", "title": "trains", "facts": "B B2", "part_of": "PACKAGE"},
    {"deal": "DELTA", "partner": "USA", "title": "a plant", "value": "500 [400..600]", "part_of": "BETA"},
]


def ledger_folder(path, **tables):
    sources = [{"source": "S1", "title": "Office", "date": "2025-11-30", "class": "statistics"}]
    partners = [{"jurisdiction": name, "kind": "state"} for name in ("KAZ", "USA")]
    return read_folder(write_model(path, {"sources": sources, "jurisdictions": partners, **tables}))


def test_deals_of_the_folder_come_with_history_and_what_is_counted_twice(tmp_path):
    folder = ledger_folder(tmp_path / "m", facts=DEAL_FACTS, deals=DEALS)
    found = deals_ledger(reconcile(claims_of_folder(folder)), folder)
    rows = {row["deal"]: row for row in found.table.iter_rows(named=True)}
    package = rows["PACKAGE"]
    assert package["listed"] == pytest.approx(11e9)
    assert package["excess"] == pytest.approx((6.5e9 + 3.5e9) - 10.5e9) or package["excess"] == 0
    assert (rows["DELTA"]["value"], rows["DELTA"]["low"], rows["DELTA"]["high"]) == (500e6, 400e6, 600e6)
    assert rows["ALPHA"]["history"][0] == "2024-06: announced"
    assert [line.split(": ")[1].split(" ")[0] for line in rows["BETA"]["history"]] == ["3e+09", "4e+09"]
    told = [name for name in rows if "|" in name]
    assert len(told) == 1
    assert told[0].startswith("deals_value|Gamma")
    announced, signed = found.partners.iter_rows(named=True)
    assert (announced["status"], announced["deals"]) == ("announced", 3)
    assert (announced["all_rows"], announced["counted_once"]) == pytest.approx((14.5e9, 10e9))
    assert (signed["status"], signed["all_rows"], signed["counted_once"]) == ("signed", 7e9, 7e9)
    assert found.begun.is_empty()


def test_deals_that_became_money_have_a_day_and_partners_a_share_of_their_status(tmp_path):
    deals = [
        {
            "deal": "ROAD",
            "partner": "USA",
            "title": "a road",
            "value": "300",
            "status": "done",
            "date": "2025-12-01",
        },
        {"deal": "PORT", "partner": "RUS", "title": "a port", "value": "100 [80..120]", "status": "done"},
        {"deal": "TALK", "partner": "RUS", "title": "a talk", "value": "900"},
    ]
    deals[1]["history"] = "2024-06 announced; 2025-03 under_way"
    partners = [{"jurisdiction": name, "kind": "state"} for name in ("KAZ", "USA", "RUS")]
    folder = ledger_folder(tmp_path / "m", facts=DEAL_FACTS, deals=deals, jurisdictions=partners)
    found = deals_ledger(reconcile(claims_of_folder(folder)), folder)
    assert found.begun.select("deal", "since").rows() == [("ROAD", "2025-12-01"), ("PORT", "2025-03")]
    shares = {row["partner"]: row for row in found.partners.iter_rows(named=True) if row["status"] == "done"}
    assert (shares["RUS"]["share_low"], shares["RUS"]["share_high"]) == pytest.approx((80 / 380, 120 / 420))
    assert (shares["USA"]["share_low"], shares["USA"]["share_high"]) == pytest.approx((300 / 420, 300 / 380))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"history": "announced in June"}, "dated status"),
        ({"history": "2024-06 announc"}, 'did you mean "announced"'),
        ({"part_of": "DELTA"}, "part of itself"),
    ],
)
def test_a_deal_that_cannot_be_understood_is_named(tmp_path, change, said):
    deals = [{**row, **(change if row["deal"] == "BETA" else {})} for row in DEALS]
    folder = ledger_folder(tmp_path / "m", facts=DEAL_FACTS, deals=deals)
    with pytest.raises(InputError, match=said) as caught:
        deals_ledger(reconcile(claims_of_folder(folder)), folder)
    assert {fault.code for fault in caught.value.faults} == {"K3009"}


def promise(code, value, period, **rest):
    row = {"fact": code, "indicator": "oil_export", "subject": "KAZ", "period": period, "value": value}
    return {**row, "unit": "t", "modality": "forecast", "sources": "S1", **rest}


def test_promisers_keep_their_own_figures_and_their_own_record(tmp_path):
    facts = [
        promise("P1", 72e6, "2024"),
        promise("P2", 60e6, "2024"),
        promise("P3", 80e6, "2026"),
        promise("O", 64e6, "2024", modality="actual"),
        promise("HALF", 90e6, "2025-01/2025-06", modality="actual"),
    ]
    targets = [
        {
            "target": name,
            "promiser": who,
            "indicator": "oil_export",
            "value": value,
            "deadline": by,
            "kind": "forecast",
        }
        for name, who, value, by in (
            ("BOLD", "minister", "P1", "2024"),
            ("SHY", "company", "P2", "2024"),
            ("NEXT", "minister", "P3", "2026"),
        )
    ]
    folder = ledger_folder(tmp_path / "m", facts=facts, targets=targets)
    table = targets_ledger(reconcile(claims_of_folder(folder)), folder).table
    rows = {row["target"]: row for row in table.iter_rows(named=True)}
    assert list(rows) == ["BOLD", "SHY", "NEXT"]
    assert {name: (row["value"], row["met"]) for name, row in rows.items()} == {
        "BOLD": (72e6, False),
        "SHY": (60e6, True),
        "NEXT": (80e6, None),
    }
    assert (rows["NEXT"]["earlier"], rows["NEXT"]["earlier_met"]) == (1, 0)
    assert rows["NEXT"]["present_period"] == "2024"
    assert rows["NEXT"]["growth_needed"] == pytest.approx((80 / 64) ** 0.5 - 1)


FACTS = [
    {
        "fact": "F1",
        "indicator": "import",
        "subject": "KAZ",
        "partners": "RUS",
        "period": "2024",
        "value": 18e9,
        "unit": "USD",
        "sources": "S1",
        "note": "18.0 bn",
    },
    {
        "fact": "F2",
        "indicator": "import",
        "subject": "KAZ",
        "period": "2024",
        "value": 60e9,
        "unit": "USD",
        "sources": "S1",
        "note": "60.0 bn",
    },
]
SOURCES = [{"source": "S1", "title": "Office", "date": "2025-01-31", "class": "statistics"}]


@pytest.mark.parametrize(
    ("condition", "verdict"), [("> 0.25", "supported"), ("> 0.35", "contradicted"), ("> 0.3", "undetermined")]
)
def test_theses(tmp_path, condition, verdict):
    thesis = {"thesis": "T1", "text": "a third comes from Russia", "measure": "F1 / F2", "supported_if": condition}
    folder = read_folder(write_model(tmp_path / "m", {"facts": FACTS, "sources": SOURCES, "theses": [thesis]}))
    (row,) = weigh_theses(folder, reconcile(claims_of_folder(folder))).table.iter_rows(named=True)
    assert row["verdict"] == verdict
    assert row["value"] == pytest.approx(0.3, rel=1e-3)


def test_a_book_written_into_a_folder_reads_back_and_says_what_moved(tmp_path):
    path = write_model(tmp_path / "m", {"facts": FACTS, "sources": SOURCES})
    folder = read_folder(path)
    before = reconcile(claims_of_folder(folder))
    text = "In 2024 Kazakhstan imported goods worth $21.4 billion from China."
    fresh = claims_of_readings([read_text(text, name="note.txt", date="2025-02-01")])
    write_book(reconcile(combined([claims_of_folder(folder), fresh])), folder)
    again = read_folder(path)
    assert again.tables["facts"].cells["fact"].to_list()[:2] == ["F1", "F2"]
    assert again.tables["facts"].cells["fact"].to_list()[2].startswith("R-")
    after = reconcile(claims_of_folder(again))
    moved = {row["key"]: row["change"] for row in diff(before, after).table.iter_rows(named=True)}
    assert moved["import|KAZ|CHN|2024|-|-|-|USD"] == "new"
    assert diff(after, after).table.is_empty()


def test_narratives_stand_side_by_side():
    texts = {
        "a.txt": "Trade between Kazakhstan and Russia reached $28 billion in 2024, a record.",
        "b.txt": "In 2024 trade between Kazakhstan and Russia was only $28 billion. China invested $5 billion.",
    }
    found = compare_narratives([read_text(text, name=name) for name, text in texts.items()])
    assert set(found.shared["document"]) == set(texts)
    assert all(row["sentence"] in texts[row["document"]] for row in found.shared.iter_rows(named=True))
    sums = found.table.group_by("document", "facet").agg(pl.col("share").sum())
    assert sums["share"].to_list() == pytest.approx([1.0] * len(sums))


def test_a_tie_under_two_framings_stands_side_by_side_with_its_voices():
    texts = {
        "a.txt": "Kazakhstan and Turkey signed a military cooperation agreement.",
        "b.txt": "Serbia met Italy. Some warn that Turkey and Kazakhstan signed a military cooperation agreement.",
        "c.txt": "Uzbekistan signed an agreement with China.",
    }
    found = compare_narratives([read_text(text, name=name) for name, text in texts.items()]).ties
    assert set(found["parties"]) == {"KAZ – TUR"}
    assert set(found["document"]) == {"a.txt", "b.txt"}
    voices = {row["document"]: (row["voice"], row["cue"]) for row in found.iter_rows(named=True)}
    assert voices == {"a.txt": ("asserts", ""), "b.txt": ("warns", "warn")}
    assert all(row["sentence"] in texts[row["document"]] for row in found.iter_rows(named=True))


def pairs_of(**texts):
    found = compare_narratives([read_text(text, name=name, date="2026-01-01") for name, text in texts.items()])
    return [
        (row["document"], row["voice"], row["other_document"], row["other_voice"])
        for row in found.framings.iter_rows(named=True)
    ]


FOR = {
    "en": "The pipeline of 12.5 million tonnes to Poland is a triumph of our engineers.",
    "ru": "Трубопровод в Польшу на 12,5 млн тонн стал триумфом наших инженеров.",
    "tr": "Polonya'ya 12,5 milyon tonluk boru hattı mühendislerimizin zaferidir.",
    "kk": "Польшаға 12,5 млн тонналық құбыр инженерлеріміздің жеңісі болды.",
}
AGAINST = {
    "en": "The pipeline of 12.5 million tonnes threatens our villages.",
    "ru": "Трубопровод на 12,5 млн тонн угрожает нашим сёлам.",
    "tr": "12,5 milyon tonluk boru hattı köylerimizi tehdit ediyor.",
    "kk": "12,5 млн тонналық құбыр ауылдарымызға қауіп төндіреді.",
}


@pytest.mark.parametrize("one", list(FOR))
@pytest.mark.parametrize("other", list(AGAINST))
def test_a_figure_told_for_and_against_makes_a_pair_in_any_two_languages(one, other):
    assert pairs_of(a=FOR[one], b=AGAINST[other]) == [("a", "praises", "b", "warns")]


def test_two_figures_and_two_like_voices_make_no_pair():
    assert pairs_of(a=FOR["en"], b=AGAINST["en"].replace("12.5", "13.5")) == []
    assert pairs_of(a=FOR["en"], b=FOR["ru"]) == []
    assert pairs_of(a=FOR["en"], b="The pipeline of 12.5 million tonnes runs to Poland.") == []


def test_a_round_figure_of_two_matters_makes_no_pair():
    school = "The school for 5 million dollars is a triumph."
    assert pairs_of(a=school, b="The bridge for 5 million dollars is a threat.") == []


@needs_shared
def test_the_seeds_tell_ten_ties_from_two_sides_or_more():
    paths = sorted((SHARED / "evidence/seeds").glob("*.txt"))
    found = compare_narratives(read(paths, date=None).readings).ties
    assert len(found.select("tie", "parties").unique()) >= 10
    told = found.filter((pl.col("tie") == "military") & (pl.col("parties") == "KAZ – TUR"))
    assert told["document"].n_unique() >= 2
    assert "warns" in set(found.filter(pl.col("document").str.starts_with("003"))["voice"])


RESULTS = {
    "leverage:RUS:loss": (6.0, 5.0, 8.0),
    "leverage:CHN:loss": (2.0, 1.0, 4.0),
    "portfolio:share": (0.4, None, None),
}


@pytest.mark.parametrize(
    ("measure", "condition", "verdict", "interval"),
    [
        ("leverage:RUS:loss", "> 4", "supported", (5, 8)),
        ("leverage:RUS:loss - leverage:CHN:loss", "> 2", "undetermined", (1, 7)),
        ("leverage:RUS:loss / leverage:CHN:loss", "< 1", "contradicted", (1.25, 8)),
        ("portfolio:share * 10", "< 5", "supported", (4, 4)),
        ("leverage:XXX:loss", "> 0", "undetermined", (None, None)),
    ],
)
def test_theses_are_measured_by_results_of_the_model(tmp_path, measure, condition, verdict, interval):
    thesis = {"thesis": "T1", "text": "Russia matters", "measure": measure, "supported_if": condition}
    folder = read_folder(write_model(tmp_path / "m", {"facts": FACTS, "sources": SOURCES, "theses": [thesis]}))
    table = weigh_theses(folder, reconcile(claims_of_folder(folder)), RESULTS).table
    (row,) = table.iter_rows(named=True)
    assert (row["verdict"], (row["low"], row["high"])) == (verdict, pytest.approx(interval))
    assert ("no interval" in row["why"]) == measure.startswith("portfolio")
    assert results_named(folder) == sorted(
        set(measure.replace("* 10", "").replace(" / ", " - ").strip().split(" - "))
    )


def test_cells_rest_on_facts_through_formulas(tmp_path):
    derived = {
        "fact": "D1",
        "indicator": "import",
        "period": "2024",
        "value": 42e9,
        "unit": "USD",
        "formula": "F2 - F1",
    }
    twice = {**derived, "fact": "D2", "value": 84e9, "formula": "D1 * 2"}
    theses = [
        {"thesis": name, "text": "?", "measure": fact, "supported_if": "> 0"}
        for name, fact in (("BY_D2", "D2"), ("BY_F2", "F2"))
    ]
    tables = {"facts": [*FACTS, derived, twice], "sources": SOURCES, "theses": theses}
    folder = read_folder(write_model(tmp_path / "m", tables))
    assert cells_resting_on(folder, ["F1"]).rows() == [("theses:2:measure", "D2")]
