"""Reading speed: kopir against natasha's full pipeline, same text, same run, one core.

The text is the Russian half of the corpus, a figure in nearly every sentence, repeated to the size asked for, and
then news, where those texts lie beside the project; every round reads it anew. natasha
runs segmentation, tagging, parsing, name recognition, lemmas and span normalisation.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.measure import Table, race
from benchmarks.reading.passages import TEXTS, passages
from kopir.evidence import Document
from kopir.evidence._extract import claims_of, read_document, sentences_of
from kopir.evidence.corpus import cases
from kopir.evidence.layout._flow import Flow, flow_of
from kopir.evidence.layout._plain import plain_layout
from kopir.evidence.words._view import fold

CORPUS = Path(__file__).resolve().parents[1] / "tests" / "evidence" / "corpus"
ROUNDS = 3
SIZE = 60_000


def russian_texts(size: int, folder: Path | None = None) -> list[str]:
    """Return Russian texts of about ``size`` bytes in all: those of ``folder``, else the lines of the corpus."""
    if folder is not None:
        return [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.txt"))]
    lines = [case.text for path in sorted(CORPUS.glob("ru_*.tsv")) for case in cases(path)]
    once = [" ".join(lines[n : n + 20]) for n in range(0, len(lines), 20)]
    return once * max(1, round(size / sum(len(text.encode()) for text in once)))


def news_texts(size: int) -> list[str]:
    """Return Russian news of about ``size`` bytes in all; none where the texts are not there."""
    if not TEXTS.is_dir():
        return []
    texts, held = [], 0
    for passage in passages("ru"):
        if held < size:
            texts.append(passage.text)
            held += len(passage.text.encode())
    return texts


def best_of(rounds: int, work: Callable[[], object]) -> float:
    """Return the shortest time of a few rounds, in seconds, after one to warm up."""
    work()
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def natasha_pipeline() -> Callable[[str], object]:
    """Return natasha's full pipeline as one function of a text."""
    from natasha import Doc, MorphVocab, NewsEmbedding, NewsMorphTagger, NewsNERTagger, NewsSyntaxParser, Segmenter

    segmenter, vocabulary, embedding = Segmenter(), MorphVocab(), NewsEmbedding()
    morph, syntax, names = NewsMorphTagger(embedding), NewsSyntaxParser(embedding), NewsNERTagger(embedding)

    def run(text: str) -> object:
        doc = Doc(text)
        doc.segment(segmenter)
        doc.tag_morph(morph)
        doc.parse_syntax(syntax)
        doc.tag_ner(names)
        for token in doc.tokens:
            token.lemmatize(vocabulary)
        for span in doc.spans:
            span.normalize(vocabulary)
        return doc

    return run


def stages(documents: Sequence[Document]) -> list[tuple[str, float]]:
    """Return the seconds of each stage of reading, each measured with all before it taken off."""

    def laid_out() -> list[tuple[Document, Flow]]:
        return [(one, flow_of(plain_layout(one.text))) for one in documents]

    def upto(depth: int) -> None:
        for sentence in (sentence for document, flow in laid_out() for sentence in sentences_of(document, flow)):
            if not sentence.lexicon.candidate.search(sentence.view, sentence.start, sentence.end):
                continue
            for name in ("tokens", "hits", "quantities", "mentions")[:depth]:
                getattr(sentence, name)

    steps: list[tuple[str, Callable[[], object]]] = [
        ("layout", laid_out),
        ("normalised view", lambda: [fold(flow.text) for _, flow in laid_out()]),
        ("sentences", lambda: upto(0)),
        ("tokens", lambda: upto(1)),
        ("tables", lambda: upto(2)),
        ("periods and figures", lambda: upto(3)),
        ("actors", lambda: upto(4)),
        ("linking", lambda: [claims_of(d) for d in documents]),
        ("relations", lambda: [read_document(d) for d in documents]),
    ]
    out, before = [], 0.0
    for name, work in steps:
        seconds = best_of(ROUNDS, work)
        out.append((name, max(0.0, seconds - before)))
        before = max(before, seconds)
    return out


def run(rounds: int) -> list[Table]:
    """Compare reading with natasha's full pipeline on the corpus and on news."""
    tables = [_table(rounds, "Reading Russian documents", russian_texts(SIZE))]
    news = news_texts(SIZE)
    return [*tables, _table(rounds, "Reading Russian news", news)] if news else tables


def _table(rounds: int, title: str, texts: Sequence[str], *, staged: bool = False) -> Table:
    """Race on these texts; the answer of a contestant is how much text it took. ``staged``: by stage, too."""
    size = sum(len(text.encode()) for text in texts)
    documents = [Document("bench", text, "ru", "2026-01-15") for text in texts]
    contestants: dict[str, Callable[[], float]] = {
        "kopir, claims": lambda: float(sum(len(d.text) for d in documents if claims_of(d) is not None)),
        "kopir, claims and relations": lambda: float(sum(len(d.text) for d in documents if read_document(d))),
    }
    notes = [f"{size / 1e6:.3f} MB of Russian text in {len(texts)} documents"]
    try:
        pipeline = natasha_pipeline()
    except ImportError:
        notes.append("natasha is not installed: no ratio")
    else:
        contestants["natasha, full pipeline"] = lambda: float(sum(len(t) for t in texts if pipeline(t)))
    rows = race(contestants, min(rounds, ROUNDS))
    notes.extend(f"{row.contestant}: {size / 1e3 / row.median_ms:.3f} MB/s" for row in rows)
    if staged:
        parts = stages(documents)
        total = sum(seconds for _, seconds in parts)
        notes.append("time by stage: " + ", ".join(f"{name} {seconds / total:.0%}" for name, seconds in parts))
    return Table(title, rows, tuple(notes))


def main(argv: Sequence[str] = ()) -> int:
    """Print the comparison on the corpus, or on the texts of a folder."""
    texts = russian_texts(SIZE, Path(argv[0]) if argv else None)
    print(_table(ROUNDS, "Reading Russian documents", texts, staged=True))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
