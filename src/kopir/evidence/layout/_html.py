"""Blocks of a web page: its main part in reading order, without navigation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import regex

from kopir.evidence.layout._blocks import Kind, Layout, Page
from kopir.evidence.layout._html_tables import BLANK, BREAKS, WebTable, web_tables
from kopir.evidence.layout._seen import Node, keep_seen

ASIDE = frozenset({"nav", "aside", "footer"})
ASIDE_ROLES = frozenset({"navigation", "banner", "contentinfo", "complementary", "search", "menu"})
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_NOTE = regex.compile(r"footnote|endnote|(?:^|[\s_-])fn\d*(?:$|[\s_-])|snoska|dipnot", regex.I)
_TOO_DEEP = "tags are nested deeper than a page is followed, and what stands there and behind is not read"
_KEY = regex.compile(r"[^\p{L}\p{N}]+")


@dataclass(frozen=True, slots=True)
class Part:
    """A block of a page before it is known whether it belongs to the main part."""

    kind: Kind
    text: str
    parent: int
    table: WebTable | None = None


def html_layout(source: str) -> Layout:
    """Return the blocks of a page; broken markup is mended as browsers do.

    What stands in and behind tags nested deeper than the parser follows (some two thousand) is named in ``lost``.
    Raises MemoryError where the page does not fit.
    """
    root, lost = _parsed(source)
    if root is None:
        return Layout("", (), lost=lost)
    keep_seen(root)
    parts = list(_Walker().parts(root))
    page = Page()
    for part in _main(parts, root):
        if part.table is not None:
            page.table(part.table.cells, part.table.captions, why=part.table.why)
        else:
            page.add(part.kind, part.text)
    return page.layout(lost=lost)


def _parsed(source: str) -> tuple[Node, tuple[str, ...]]:
    from lxml import etree, html

    parser = html.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        root = html.document_fromstring(source.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError):
        root = None
    kinds = {error.type for error in parser.error_log}
    if etree.ErrorTypes.ERR_NO_MEMORY in kinds:
        raise MemoryError
    return root, (_TOO_DEEP,) if etree.ErrorTypes.ERR_RESOURCE_LIMIT in kinds else ()


class _Walker:
    """Walks a page once and cuts it into blocks."""

    def __init__(self) -> None:
        self.held: list[str] = []
        self.kinds: list[tuple[Node, Kind]] = []

    def parts(self, root: Node) -> Iterator[Part]:
        """Walk the blocks in order; tables of figures come whole."""
        from lxml import etree

        walk = etree.iterwalk(root, events=("start", "end"))
        for event, node in walk:
            if event == "start":
                if _aside(node):
                    yield from self._flush(node)
                    walk.skip_subtree()
                    continue
                if node.tag == "table" and (found := web_tables(node)) is not None:
                    yield from self._flush(node)
                    yield from (Part("paragraph", "", id(node.getparent()), table) for table in found)
                    walk.skip_subtree()
                    continue
                yield from self._enter(node)
            else:
                yield from self._leave(node)

    def _enter(self, node: Node) -> Iterator[Part]:
        if node.tag == "br":
            self.held.append("\n")
        elif node.tag in BREAKS:
            yield from self._flush(node)
            self.kinds.append((node, self._kind(node)))
        if node.text:
            self.held.append(BLANK.sub(" ", node.text))

    def _leave(self, node: Node) -> Iterator[Part]:
        if self.kinds and self.kinds[-1][0] is node:
            yield from self._flush(node)
            self.kinds.pop()
        if node.tail:
            self.held.append(BLANK.sub(" ", node.tail))

    def _kind(self, node: Node) -> Kind:
        above: Kind = self.kinds[-1][1] if self.kinds else "paragraph"
        named = f"{node.get('class') or ''} {node.get('id') or ''} {node.get('role') or ''}"
        if above == "note" or _NOTE.search(named):
            return "note"
        if node.tag in HEADINGS:
            return "heading"
        if node.tag in ("li", "dd", "dt"):
            return "item"
        return above if above in ("item", "note") and node.tag in ("p", "div") else "paragraph"

    def _flush(self, node: Node) -> Iterator[Part]:
        text = "".join(self.held)
        self.held.clear()
        kind = self.kinds[-1][1] if self.kinds else "paragraph"
        for piece in regex.split(r"\s*\n\s*\n\s*", text):
            if piece.strip():
                parent = self.kinds[-1][0].getparent() if self.kinds else node
                yield Part(kind, piece.strip(), id(parent))


def _aside(node: Node) -> bool:
    if node.tag in ASIDE or node.get("role") in ASIDE_ROLES:
        return True
    return node.tag == "header" and not any(a.tag in ("article", "main") for a in node.iterancestors())


def _main(parts: list[Part], root: Node) -> list[Part]:
    """Keep the parts that belong to the main text, as trafilatura finds it, with what stands among them."""
    judged = _KEY.sub("", _judged(root)).lower()
    if not judged:
        return parts
    kept = [part.table is not None or _KEY.sub("", part.text).lower() in judged for part in parts]
    homes = {part.parent for part, keep in zip(parts, kept, strict=True) if keep and part.table is None}
    if not homes:
        return parts
    return [part for part, keep in zip(parts, kept, strict=True) if keep or part.parent in homes]


def _judged(root: Node) -> str:
    from lxml import etree
    from trafilatura import extract

    for cell in root.iter("td", "th"):
        for name in ("rowspan", "colspan"):
            cell.attrib.pop(name, None)
    try:
        source = etree.tostring(root, encoding="unicode", method="html")
        return extract(source, include_comments=False, include_tables=True, favor_recall=True) or ""
    except (RecursionError, etree.LxmlError, ValueError):
        return ""
