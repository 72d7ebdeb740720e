"""Phrases that are settled before cues are looked for: the oil in "palm oil" is no oil."""

from __future__ import annotations

from kopir.evidence.words._lexicon import Hit, iterate

FUELS = frozenset({"oil", "gas"})
GOODS_OF_FUELS = frozenset({"crude", "gas"})


def settle_goods(hits: dict[str, dict[int, Hit]]) -> None:
    """Take the cues of oil and gas out of the names of other goods ("palm oil"), and states out of the goods."""
    goods, cues, actors = hits["goods"], hits["cues"], hits["actors"]
    for i in [i for i in goods if i in actors and actors[i].last >= goods[i].last]:
        del goods[i]
    for good in iterate(goods):
        if good.row["commodity"] in GOODS_OF_FUELS or good.last - good.first < 2:
            continue
        for i in range(good.first, good.last):
            if i in cues and cues[i].row["cue"] in FUELS:
                del cues[i]
