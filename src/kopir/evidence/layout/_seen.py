"""What of a web page a reader sees: hidden, struck-out and scripted parts are taken out before it is walked."""

from __future__ import annotations

from typing import Any

import regex

from kopir.evidence.layout._raised import raised

Node = Any
"""An element of lxml, which has no types."""
UNSEEN = frozenset(
    (
        *("script", "style", "template", "noscript", "head", "svg", "iframe", "object", "embed", "canvas", "map"),
        *("select", "option", "textarea", "button", "input", "datalist", "dialog", "progress", "meter", "menu"),
        *("del", "s", "strike", "audio", "video", "frame", "frameset", "applet"),
    )
)
_HIDDEN_STYLE = regex.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?:px|pt|em|%)?\s*(?:;|$)|opacity\s*:\s*0\s*(?:;|$)",
    regex.I,
)
_HIDING_RULE = regex.compile(
    r"([^{}]{1,300})\{[^{}]*(?:display\s*:\s*none|visibility\s*:\s*hidden)[^{}]*\}", regex.I
)
_SELECTOR = regex.compile(r"[\w-]*([.#])([\w-]+)")
_HIDDEN_CLASS = frozenset({"hidden", "d-none", "visually-hidden", "sr-only", "screen-reader-text", "invisible"})


def keep_seen(root: Node) -> None:
    """Take out what no reader sees, and marks of notes; powers of units become characters."""
    classes, names = _hidden_by_sheet(root)
    for node in list(root.iter()):
        if not isinstance(node.tag, str) or node.getparent() is None:
            continue
        if node.tag in UNSEEN or _hidden(node, classes, names):
            _drop(node, "")
        elif node.tag == "sup":
            _drop(node, raised(_before(node), node.text_content()))


def _hidden_by_sheet(root: Node) -> tuple[frozenset[str], frozenset[str]]:
    """Return the classes and ids that a style sheet in the page hides outright."""
    classes, names = set(_HIDDEN_CLASS), set[str]()
    for sheet in root.iter("style"):
        for rule in _HIDING_RULE.finditer((sheet.text or "")[:100_000]):
            for selector in rule[1].split(","):
                found = _SELECTOR.fullmatch(selector.strip())
                if found is not None:
                    (classes if found[1] == "." else names).add(found[2])
    return frozenset(classes), frozenset(names)


def _hidden(node: Node, classes: frozenset[str], names: frozenset[str]) -> bool:
    if "hidden" in node.attrib or node.get("id") in names:
        return True
    if not classes.isdisjoint((node.get("class") or "").split()):
        return True
    return _HIDDEN_STYLE.search(node.get("style") or "") is not None


def _before(node: Node) -> str:
    previous = node.getprevious()
    if previous is not None:
        return str(previous.tail or previous.text_content() or "")
    return str(node.getparent().text or "")


def _drop(node: Node, instead: str) -> None:
    """Replace an element by a text, keeping what follows it."""
    parent, previous = node.getparent(), node.getprevious()
    text = instead + (node.tail or "")
    if previous is not None:
        previous.tail = (previous.tail or "") + text
    else:
        parent.text = (parent.text or "") + text
    parent.remove(node)
