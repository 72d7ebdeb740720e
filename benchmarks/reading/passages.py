"""Passages of running text by other hands, and by which rule they may be drawn.

The texts lie beside the repository and never enter it; what is kept is the id of a passage, offsets and slots.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

LANGUAGES = ("ru", "en", "tr", "kk")
TEXTS = Path(__file__).resolve().parents[2].parent / "shared" / "evidence" / "real_text"
"""Where the texts lie when they are there."""
MORE = TEXTS.parents[2] / "texts"
"""Where further texts lie that their licences let anyone copy; ``texts.csv`` of the yardstick lists them."""

_UNIT = {
    "en": r"[$€£¥]|%|\b(?:dlrs?|dollars?|euros?|roubles?|rubles?|yen|yuan|marks?|francs?|stg|pounds?|rand|"
    r"lira|usd|eur|per ?cent|pct|tonnes?|tons?|barrels?|bpd|bbl|teu|containers?|cubic|mcm|bcm|kwh|"
    r"mwh|megawatts?)\b",
    "ru": r"[$€£₽]|%|\b(?:долл|доллар|евро\b|руб|тенге|гривен|гривн|юан|иен|фунт|процент|тонн|баррел|"
    r"контейнер|дфэ|кубометр|куб\.|квт|мвт)",
    "tr": r"[$€£₺]|%|\b(?:dolar|avro|euro|lira|tl\b|ruble|sterlin|yen\b|mark\b|frank|yüzde\b|ton\b|tonl|varil|"
    r"konteyner|metreküp|kwh|mwh|megavat)",
    "kk": r"[$€£₸₽]|%|(?<!\w)(?:доллар|еуро|теңге|рубл|юань|пайыз|процент|тонна|баррель|контейнер|текше|"
    r"квт|мвт)",
}
"""What a passage must name to be drawn: a currency, a share, or a measure of goods or energy."""
_TRADE = {
    "en": r"\b(?:export|import|trade|shipment|shipped|output|produc|crude|oil\b|gas\b|grain|wheat|coal|"
    r"copper|gold\b|invest|gdp|gnp|gross|price|tariff|pipeline|transit|freight|cargo|railway|refiner|"
    r"capacity|budget|loan|surplus|deficit)",
    "ru": r"\b(?:экспорт|импорт|торгов|товарооборот|постав|добы|нефт|газ|зерн|пшениц|угл|золот|инвест|ввп|"
    r"цен[аыу]\b|тариф|трубопровод|транзит|груз|перевоз|железнодорож|производств|мощност|бюджет|"
    r"кредит|дефицит|профицит)",
    "tr": r"(?:ihra[cç]|ithal|ticaret|sevkiyat|üreti|petrol|doğal ?gaz|buğday|kömür|altın|yatırım|gsyih|"
    r"gsmh|fiyat|gümrük|boru hattı|transit|yük\b|demiryolu|kapasite|bütçe|kredi|satış|satın|şirket|hisse|"
    r"gelir)",
    "kk": r"(?:экспорт|импорт|сауда|мұнай|газ|астық|бидай|көмір|алтын|инвести|жіө|ішкі өнім|баға|тариф|"
    r"құбыр|транзит|жүк|тасымал|теміржол|теміржол|өндір|қуат|бюджет|несие|қарж|қаражат|өнім)",
}
"""What makes it likely that a figure of a passage is one that an indicator is there for."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage; ``group`` names its document, which other passages and translations may share."""

    id: str
    lang: str
    source: str
    group: str
    date: str | None
    text: str

    @property
    def figures(self) -> int:
        """How many units it names: a guess at the number of claims."""
        return len(re.findall(_UNIT[self.lang], self.text.lower()))

    @property
    def on_trade(self) -> bool:
        """Whether it also speaks of goods, production, carriage, prices or investment."""
        return re.search(_TRADE[self.lang], self.text.lower()) is not None


def passages(language: str, folders: Sequence[Path] = (TEXTS, MORE)) -> Iterator[Passage]:
    """Read the passages of one language, of those folders that are there."""
    for file in (folder / f"{language}.jsonl" for folder in folders):
        if file.is_file():
            for line in file.read_text("utf-8").splitlines():
                row = json.loads(line)
                group = f"{_family(row['source'])}:{_document(row['source'], row['doc'])}"
                yield Passage(row["id"], language, row["source"], group, row["date"], row["text"])


def _family(source: str) -> str:
    """Name the source without its language: the PUD trees are the same sentences in several languages."""
    return "PUD" if source.endswith("-PUD") else source


def _document(source: str, name: str) -> str:
    """Name the document that a row stems from.

    Parts of one programme are one document; so are the readings of one KazNERD sentence in words and digits, and
    sentences of a treebank that stand within ten of each other.
    """
    if source.startswith("RuREBus"):
        return name.partition("_")[0]
    if source.startswith("KazNERD"):
        return name.lstrip("ABCDEFGHI")
    if source.startswith("UD_Kazakh"):
        return name if name.startswith("akorda-random") else name.partition(":")[0]
    numbered = re.fullmatch(r"(\d+-|\w+-s)(\d+)(?:\.\w+)?", name)
    return f"{numbered[1]}{int(numbered[2]) // 10}" if numbered else name
