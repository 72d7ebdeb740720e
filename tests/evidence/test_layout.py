"""Blocks of files: lines are joined, marks of notes and hidden text are no text, places lead back to the file."""

from __future__ import annotations

import pytest

from kopir.core.encoding import decoded
from kopir.core.errors import UnreadableDocument
from kopir.evidence import read, read_text
from kopir.evidence._readers import file_layout
from kopir.evidence._records import Document
from kopir.evidence.layout._flow import flow_of
from kopir.evidence.layout._plain import plain_layout
from tests.evidence.test_documents import W, codes, docx

TWIN = "Georgia exported 1.3 million tonnes of coal to Japan in 2021."
TEXTS = {
    "ru": "Экспорт Узбекистана в Японию в 2021 году составил 3 млрд долларов.",
    "tr": "Özbekistan'ın Japonya'ya ihracatı 2021'de 3 milyar dolar oldu.",
}


def flow(text: str) -> str:
    return flow_of(plain_layout(text)).text


@pytest.mark.parametrize("width", [18, 25, 40, 61])
def test_a_wrapped_text_reads_as_the_unwrapped_one(width):
    words, lines = TWIN.split(" "), [""]
    for word in words:
        if len(lines[-1]) + 1 + len(word) > width:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    wrapped = "\n".join(lines)
    (claim,) = read_text(wrapped).claims
    (plain,) = read_text(TWIN).claims
    assert (claim.value, claim.subject, claim.partners, claim.period) == (
        plain.value,
        plain.subject,
        plain.partners,
        plain.period,
    )
    assert wrapped[claim.start : claim.end] == claim.text


def test_hyphens_of_line_ends_go_and_those_of_words_stay():
    assert flow("exports rose by 5 mil-\nlion tonnes") == "exports rose by 5 million tonnes"
    assert flow("in 2019-\n2020 it fell") == "in 2019-2020 it fell"
    assert (
        flow("the cross-border trade\nand cross-\nborder rail") == "the cross-border trade and cross-border rail"
    )


def test_items_and_short_lines_stay_apart():
    assert flow("Exports in 2021:\n- coal 5 Mt\n- wheat 2 Mt\n") == "Exports in 2021:\n- coal 5 Mt\n- wheat 2 Mt"
    assert flow("Exports rose.\nImports fell.") == "Exports rose.\nImports fell."


def test_marks_nobody_sees_are_no_text():
    assert flow("Экс\u00adпорт 3,\u200b5 \u200eмлрд\u2060 долларов") == "Экспорт 3,5 млрд долларов"
    assert flow("14.1² million m³ and 5 km²[4] in 2021¹") == "14.1 million m³ and 5 km² in 2021"


def test_text_that_is_shown_in_another_order_is_not_read():
    assert read_text("Georgia exported \u202e3.1\u202c million tonnes of coal to Japan in 2021.").claims == ()


@pytest.mark.parametrize("language", TEXTS)
@pytest.mark.parametrize("at", range(0, 60, 7))
def test_every_place_leads_back_through_soft_hyphens(language, at):
    text = TEXTS[language][:at] + "\u00ad" + TEXTS[language][at:]
    (claim,) = read_text(text, language=language).claims
    assert claim.value == 3e9
    assert text[claim.start : claim.end] == claim.text
    assert claim.text.replace("\u00ad", "").startswith("3 ")


@pytest.mark.parametrize("encoding", ["cp1251", "koi8-r", "cp866", "utf-16", "utf-16-le", "utf-8-sig"])
def test_russian_in_any_certain_encoding(tmp_path, encoding):
    (tmp_path / "a.txt").write_bytes(TEXTS["ru"].encode(encoding))
    assert [c.value for c in read([tmp_path]).claims] == [3e9]


def test_turkish_code_page(tmp_path):
    text = "Gürcistan'ın Japonya'ya ihracatı 2021'de 3 milyar dolar oldu. Şirketler için bu bir başarı."
    assert decoded(text.encode("cp1254")).text == text


def test_a_page_that_names_its_encoding_is_read_by_it(tmp_path):
    page = f'<html><head><meta charset="windows-1251"></head><body><p>{TEXTS["ru"]}</p></body></html>'
    (tmp_path / "a.html").write_bytes(page.encode("cp1251"))
    assert [c.value for c in read([tmp_path]).claims] == [3e9]


def test_an_uncertain_code_page_is_a_fault(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"\xc0\xe1\xd3\xf5 5")
    assert codes(read([tmp_path])) == ["K2002"]


def html(tmp_path, body: str) -> list[float | None]:
    (tmp_path / "a.html").write_text(f"<html><body><article>{body}</article></body></html>", encoding="utf-8")
    return [c.value for c in read([tmp_path]).claims]


@pytest.mark.parametrize(
    "hidden",
    [
        "<template>{}</template>",
        "<p hidden>{}</p>",
        '<p style="display: none">{}</p>',
        "<del>{}</del>",
        "<noscript>{}</noscript>",
        '<div class="x d-none"><div><p>{}</p></div></div>',
        "<style>.gone {{ display: none }}</style><p class='gone'>{}</p>",
        "<!-- {} -->",
        "<nav>{}</nav>",
    ],
)
def test_hidden_text_of_a_page_is_not_read(tmp_path, hidden):
    other = TWIN.replace("1.3", "9.9")
    assert html(tmp_path, f"<p>{TWIN}</p>{hidden.format(other)}") == [1.3e6]


def test_inline_tags_do_not_cut_a_number_and_raised_marks_are_no_digits(tmp_path):
    cut = TWIN.replace("1.3", "<b>1</b>.<span>3</span><sup>2</sup>")
    assert html(tmp_path, f"<p>{cut}</p>") == [1.3e6]
    assert html(tmp_path, "<p>Georgia exported 2 billion m<sup>3</sup> of gas to Japan in 2021.</p>") == [2e9]


def test_a_page_nested_beyond_reason_is_read(tmp_path):
    assert html(tmp_path, "<div>" * 2000 + f"<p>{TWIN}</p>" + "</div>" * 2000) == [1.3e6]


def body(*paragraphs: str) -> str:
    return f"<w:document {W}><w:body>{''.join(paragraphs)}</w:body></w:document>"


def run(text: str, style: str = "") -> str:
    return f'<w:r><w:rPr>{style}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


@pytest.mark.parametrize(
    "unseen",
    [
        "<w:del><w:r><w:delText>9.9</w:delText></w:r></w:del>",
        f"<w:moveFrom>{run('9.9')}</w:moveFrom>",
        run("9.9", "<w:vanish/>"),
        run("9.9", "<w:strike/>"),
        run("2", '<w:vertAlign w:val="superscript"/>'),
        f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{run('9.9')}</w:sdtContent></w:sdt>",
    ],
)
def test_unseen_text_of_a_word_file_is_not_read(tmp_path, unseen):
    left, right = TWIN.split(" million")
    docx(tmp_path / "a.docx", body(f"<w:p>{run(left)}{unseen}{run(' million' + right)}</w:p>"))
    assert [c.value for c in read([tmp_path]).claims] == [1.3e6]


def test_a_word_note_stands_apart(tmp_path):
    note = f'<w:footnote w:id="1"><w:p>{run("Of this 0.4 million tonnes by rail.")}</w:p></w:footnote>'
    notes = f"<w:footnotes {W}>{note}</w:footnotes>"
    docx(tmp_path / "a.docx", body(f"<w:p>{run(TWIN)}</w:p>"), **{"word/footnotes.xml": notes})
    layout = file_layout(tmp_path / "a.docx")
    assert [block.kind for block in layout.blocks] == ["paragraph", "note"]
    claims = read([tmp_path]).claims
    assert [(c.subject, c.partners) for c in claims if c.value == 4e5] in ([], [(None, ())])


def test_markdown_signs_keep_offsets(tmp_path):
    prose = "**Georgia** exported [1.3](http://x.org/5)[^1] million tonnes\nof coal to *Japan* in 2021."
    text = f"---\ntitle: 99 million\n---\n# Trade\n\n{prose}\n\n<!-- {TWIN} -->\n"
    (tmp_path / "a.md").write_text(text, encoding="utf-8")
    (claim,) = read([tmp_path]).claims
    assert (claim.value, claim.subject, claim.partners) == (1.3e6, "GEO", ("JPN",))
    assert text[claim.start : claim.end] == claim.text


def test_a_document_without_layout_is_plain_text():
    assert Document("x", TWIN, "en").layout is None


def test_a_deep_or_typed_package_is_refused(tmp_path):
    deep = body("<w:sdt><w:sdtContent>" * 300 + "</w:sdtContent></w:sdt>" * 300)
    with pytest.raises(UnreadableDocument, match="K2007"):
        file_layout(docx(tmp_path / "a.docx", deep))
    typed = f"<!DOCTYPE d [<!ENTITY a 'x'>]>{body('<w:p/>')}".encode("utf-16")
    with pytest.raises(UnreadableDocument, match="K2007"):
        file_layout(docx(tmp_path / "b.docx", typed))
