"""Files for tests, written from scratch: PDF pages from placed lines, Word files and workbooks from cells."""

from __future__ import annotations

import zipfile
from html import escape
from pathlib import Path

WIDE = 0.5
"""Width of every letter of the PDF font, in its size."""
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
S = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'


def pdf(path: Path, *pages: list[tuple[float, float, float, str]], lines: str = "") -> Path:
    """Write a PDF; a page is a list of x, y, size and text of any letters. ``lines`` are drawn on every page."""
    kids = " ".join(f"{6 + 2 * n} 0 R" for n in range(len(pages)))
    bodies = ["<< /Type /Catalog /Pages 2 0 R >>", f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>"]
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /x def /CMapType 2 def "
        "1 begincodespacerange <0000> <FFFF> endcodespacerange 1 beginbfrange <0000> <FFFF> <0000> endbfrange "
        "endcmap end end"
    )
    bodies.append(
        "<< /Type /Font /Subtype /Type0 /BaseFont /Mono /Encoding /Identity-H /DescendantFonts [4 0 R] "
        "/ToUnicode 5 0 R >>"
    )
    bodies.append(
        f"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Mono /DW {WIDE * 1000:.0f} "
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /FontDescriptor "
        "<< /Type /FontDescriptor /FontName /Mono /Flags 4 /FontBBox [0 -200 1000 800] /ItalicAngle 0 "
        "/Ascent 800 /Descent -200 /CapHeight 700 /StemV 80 >> >>"
    )
    bodies.append(f"<< /Length {len(cmap)} >>\nstream\n{cmap}\nendstream")
    for n, page in enumerate(pages):
        stream = f"{lines}\n" + "\n".join(
            f"BT /F1 {size} Tf 1 0 0 1 {x:.1f} {y:.1f} Tm <{text.encode('utf-16-be').hex()}> Tj ET"
            for x, y, size, text in page
        )
        bodies.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {7 + 2 * n} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>"
        )
        bodies.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    out, places = b"%PDF-1.5\n", []
    for n, text in enumerate(bodies, 1):
        places.append(len(out))
        out += f"{n} 0 obj\n{text}\nendobj\n".encode()
    start = len(out)
    out += f"xref\n0 {len(bodies) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010d} 00000 n \n".encode() for place in places)
    out += f"trailer << /Size {len(bodies) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
    path.write_bytes(out)
    return path


def docx(path: Path, *body: str) -> Path:
    """Write a Word file from parts of its body."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", f"<w:document {W}><w:body>{''.join(body)}</w:body></w:document>")
    return path


def paragraph(text: str, style: str = "") -> str:
    """Return a Word paragraph."""
    named = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f'<w:p>{named}<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'


def word_table(rows: list[list[tuple[str, int]]]) -> str:
    """Return a Word table of rows of text and columns covered."""
    out = []
    for row in rows:
        cells = "".join(
            f'<w:tc><w:tcPr><w:gridSpan w:val="{cols}"/></w:tcPr>{paragraph(text)}</w:tc>' for text, cols in row
        )
        out.append(f"<w:tr>{cells}</w:tr>")
    return f"<w:tbl>{''.join(out)}</w:tbl>"


def letters(col: int) -> str:
    """Return the name of a column of a sheet."""
    return (letters(col // 26 - 1) if col >= 26 else "") + chr(65 + col % 26)


def xlsx(
    path: Path, rows: list[list[object]], *, merged: tuple[str, ...] = (), sheet: str = "", **parts: str
) -> Path:
    """Write a workbook of one sheet; ``None`` is a blank cell, ``sheet`` stands before the rows."""
    body = []
    for r, row in enumerate(rows, 1):
        cells = []
        for c, value in enumerate(row):
            name = f"{letters(c)}{r}"
            if isinstance(value, str):
                cells.append(f'<c r="{name}" t="inlineStr"><is><t>{escape(value)}</t></is></c>')
            elif value is not None:
                cells.append(f'<c r="{name}"><v>{value!r}</v></c>')
        body.append(f'<row r="{r}">{"".join(cells)}</row>')
    spans = "".join(f'<mergeCell ref="{ref}"/>' for ref in merged)
    spans = f"<mergeCells>{spans}</mergeCells>" if spans else ""
    relation = '<Relationship Id="rId1" Type="x" Target="worksheets/sheet1.xml"/>'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(
            "xl/workbook.xml",
            f'<workbook {S} {R}><sheets><sheet name="A" sheetId="1" r:id="rId1"/></sheets></workbook>',
        )
        package.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{relation}</Relationships>',
        )
        package.writestr(
            "xl/worksheets/sheet1.xml",
            f"<worksheet {S}>{sheet}<sheetData>{''.join(body)}</sheetData>{spans}</worksheet>",
        )
        for name, text in parts.items():
            package.writestr(name, text)
    return path
