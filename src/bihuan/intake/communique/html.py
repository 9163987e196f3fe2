"""HTML to lines of text, with the lines marked that are nothing but links or page furniture."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from lxml import etree
from lxml import html as lxml_html

_LOOKS: Final = re.compile(
    r"<(?:!doctype html|html|head|body|div|table|p|br|section|article|span|h[1-6])[\s/>]",
    re.IGNORECASE,
)
_DROPPED: Final = frozenset(
    [
        "script",
        "style",
        "noscript",
        "title",
        "head",
        "select",
        "option",
        "button",
        "textarea",
        "iframe",
        "svg",
        "rt",
        "rp",
        "template",
        "object",
        "embed",
    ]
)
_BLOCKS: Final = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
        "br",
    ]
)
_HEADINGS: Final = frozenset(("h1", "h2", "h3"))
_FURNITURE: Final = re.compile(
    r"(?:^|[-_ ])(?:nav|menu|crumbs?|breadcrumb|foot|footer|copyright|share|related|sidebar|"
    r"comment|pager|toolbar|banner|links?)(?:$|[-_ ])",
    re.IGNORECASE,
)
_DECLARATION: Final = re.compile(r"^\s{0,50}<\?xml[^>]{0,200}\?>")
_DEEPEST: Final = 200
_STOPS: Final = "。；！？"


@dataclass(frozen=True, slots=True)
class Page:
    """The visible text of a page; `furniture` numbers the lines that belong to the site."""

    text: str
    furniture: frozenset[int]


def looks_like_html(text: str) -> bool:
    """Whether there are enough tags at the start to be a page rather than a text with a `<`."""
    head = text[:4000]
    return len(_LOOKS.findall(head)) >= 2 or bool(
        re.match(r"\s{0,50}<(?:!doctype|html)", head, re.IGNORECASE)
    )


def page_text(source: str) -> Page:
    """The visible text, one block a line. Never resolves anything outside the source."""
    parser = lxml_html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = lxml_html.document_fromstring(_DECLARATION.sub("", source), parser=parser)
    except (etree.ParserError, ValueError):
        return Page(re.sub(r"<[^<>]{0,2000}>", "\n", source), frozenset())
    writer = _Writer()
    _walk(root, writer, 0, furniture=False, linked=False)
    writer.end_line()
    return Page("\n".join(writer.lines), frozenset(writer.furniture))


class _Writer:
    """Collects text runs into lines and knows how much of each line was link or furniture."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.furniture: list[int] = []
        self._runs: list[str] = []
        self._plain = 0
        self._marked = 0

    def text(self, run: str | None, *, marked: bool) -> None:
        if not run:
            return
        run = re.sub(r"[ \t\r\n\f]+", " ", run)
        self._runs.append(run)
        weight = len(run.strip(" \xa0|·>›»/-"))
        if marked:
            self._marked += weight
        else:
            self._plain += weight

    def end_line(self) -> None:
        line = "".join(self._runs).strip(" ")
        if line.strip():
            if self._marked and not self._plain and not any(one in line for one in _STOPS):
                self.furniture.append(len(self.lines))
            self.lines.append(line)
        self._runs, self._plain, self._marked = [], 0, 0


def _walk(
    node: lxml_html.HtmlElement, writer: _Writer, depth: int, *, furniture: bool, linked: bool
) -> None:
    tag = node.tag if isinstance(node.tag, str) else ""
    if tag in _DROPPED or depth > _DEEPEST:
        return
    names = f"{node.get('class') or ''} {node.get('id') or ''}"
    furniture = furniture or tag in ("nav", "footer", "aside") or bool(_FURNITURE.search(names))
    linked = (linked or tag == "a") and tag not in _HEADINGS
    block = tag in _BLOCKS
    if block:
        writer.end_line()
    writer.text(node.text, marked=furniture or linked)
    for child in node:
        _walk(child, writer, depth + 1, furniture=furniture, linked=linked)
        writer.text(child.tail, marked=furniture or linked)
    if block:
        writer.end_line()
