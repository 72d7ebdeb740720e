"""Phrases that are settled before cues are looked for: the oil in "palm oil" is no oil."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kopir.evidence.words._lexicon import Hit, Token, iterate

FUELS = frozenset({"oil", "gas"})
GOODS_OF_FUELS = frozenset({"crude", "gas"})


ECONOMY = "gdp"
WITHOUT = frozenset({"non", "excluding", "except"})
"""Words before a good that is not meant ("non-oil exports", "excluding gold")."""
OF = frozenset({"of", "от", "к"})
PER_CENT = frozenset({"%", "percent", "pct", "cent"})
"""Signs and words of a per cent; in Russian the word begins with PROCENT."""
PROCENT = "процент"
GENITIVE = ("in", "un", "ün", "ің", "ың")
"""Ends of the genitive in Turkish and Kazakh."""
PARTS_OF = ("пайызы", "проценті", "yarisi", "жартысы")
"""Beginnings of words of a part of what stands before them."""
BELONGING = ("i", "u", "ü", "s")
"""Letters with which the ending of what belongs to something begins behind a Turkish figure."""
PART_REACH = 6
PASSING = frozenset({"went", "goes", "going", "go"})
"""Verbs of the way that goods take."""
TRADED = frozenset({"export", "import", "sell", "buy"})
CARRIERS = frozenset({"railway", "port"})


def _without(tokens: Sequence[Token], i: int) -> bool:
    """Tell a good that is left out."""
    n = i - 2 if i > 1 and tokens[i - 1].text == "-" else i - 1
    return n >= 0 and tokens[n].text in WITHOUT


def _measures(tokens: Sequence[Token], i: int) -> bool:
    """Tell the economy as a measure of something else: "a deficit of 2 % of GDP", "2 % ВВП"."""
    of = i > 0 and tokens[i - 1].text in OF
    if not of and tokens[i].text.isascii():
        return False  # "3 % GDP growth"
    n = i - 2 if of else i - 1
    return n >= 0 and (tokens[n].text in PER_CENT or tokens[n].text.startswith(PROCENT))


def _measured_by(tokens: Sequence[Token], hit: Hit) -> bool:
    """Tell the economy as what a part is of: "GSYH'nin yüzde 5,5'i", "ішкі жалпы өнімнің 3 пайызы".

    A part bears the ending of what belongs to something; growth does not ("GSYH'nin yüzde 5 büyümesi").
    """
    if not (hit.tail or tokens[hit.last - 1].suffix or tokens[hit.last - 1].text).endswith(GENITIVE):
        return False
    for n in range(hit.last, min(hit.last + PART_REACH, len(tokens))):
        token, before = tokens[n], tokens[n - 1].text
        if token.text.startswith(PARTS_OF):
            return True
        if token.kind == "num" and before in ("%", "yüzde"):
            return token.suffix.startswith(BELONGING)
    return False


def _in_a_name(tokens: Sequence[Token], hit: Hit) -> bool:
    """Tell a good that is a word of a name: "Londra Metal Borsası", "Kenya Gold Board"."""
    if not 0 < hit.first < hit.last < len(tokens):
        return False
    around = (tokens[hit.first - 1], *tokens[hit.first : hit.last + 1])
    return all(t.kind == "word" and t.capital and not t.upper for t in around)


def _shares_out(tokens: Sequence[Token], cues: Mapping[int, Hit], hit: Hit) -> bool:
    """Tell the way a part of a trade told before took: "of the gas exported, 30% went through the north"."""
    if hit.row["cue"] != "handle" or tokens[hit.first].text not in PASSING:
        return False
    part = hit.first > 0 and tokens[hit.first - 1].text in PER_CENT
    return part and any(h.row["cue"] in TRADED and h.last <= hit.first for h in cues.values())


def _speaks(hits: Mapping[str, Mapping[int, Hit]], hit: Hit) -> bool:
    """Tell a railway or port that tells what was carried, not one that carries: "..., the railway reported"."""
    said = hits["speech"].get(hit.last)
    speaks = hit.row["cue"] in CARRIERS and said is not None and said.row["kind"] == "say"
    return speaks and any(h.row["cue"] == "carry" and h.last <= hit.first for h in hits["cues"].values())


def settle_cues(hits: dict[str, dict[int, Hit]], tokens: Sequence[Token]) -> None:
    """Take out cues of carriage that tell the way of a part, or who speaks."""
    cues = hits["cues"]
    for i in [i for i in cues if _shares_out(tokens, cues, cues[i]) or _speaks(hits, cues[i])]:
        del cues[i]


def settle_goods(hits: dict[str, dict[int, Hit]], tokens: Sequence[Token]) -> None:
    """Take the cues of oil and gas out of the names of other goods ("palm oil"), and states out of the goods."""
    goods, cues, actors = hits["goods"], hits["cues"], hits["actors"]
    for table in (goods, cues):
        for i in [i for i in table if _without(tokens, i)]:
            del table[i]
    for i in [i for i in cues if cues[i].row["cue"] == ECONOMY and _measures(tokens, i)]:
        del cues[i]
    for i in [i for i in cues if cues[i].row["cue"] == ECONOMY and _measured_by(tokens, cues[i])]:
        cues[i] = cues[i]._replace(row={**cues[i].row, "cue": "economy"})
    for i in [i for i in goods if i in actors and actors[i].last >= goods[i].last]:
        del goods[i]
    for i in [i for i in goods if _in_a_name(tokens, goods[i])]:
        del goods[i]
    for good in iterate(goods):
        if good.row["commodity"] in GOODS_OF_FUELS or good.last - good.first < 2:
            continue
        for i in range(good.first, good.last):
            if i in cues and cues[i].row["cue"] in FUELS:
                del cues[i]
