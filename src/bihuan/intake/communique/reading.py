"""The way from a source to its records: decode, clean, split, structure, demands."""

from __future__ import annotations

from dataclasses import replace

from bihuan.intake.communique.analysis import analyse
from bihuan.intake.communique.clean import clean
from bihuan.intake.communique.clean.contacts import masked
from bihuan.intake.communique.decode import decode
from bihuan.intake.communique.documents import docx_text, pdf_text
from bihuan.intake.communique.errors import BINARY, EMPTY, TOO_LARGE, UNKNOWN_FORMAT, Unreadable
from bihuan.intake.communique.html import looks_like_html, page_text
from bihuan.intake.communique.split import parts
from bihuan.intake.communique.tracked import Tracked
from bihuan.intake.communique.types import Communique, Directive, Hint

LARGEST_SOURCE = 5 * 1024 * 1024
_BINARY_STARTS = (
    b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BM", b"RIFF",
    b"\x7fELF", b"MZ", b"OggS", b"ID3", b"\x00\x00\x00\x18ftyp",
)  # fmt: skip


def read(
    source: bytes | str,
    *,
    name: str = "",
    hint: Hint | None = None,
    largest: int = LARGEST_SOURCE,
) -> tuple[Communique, ...]:
    """The communiqués of one source, in their order; a refused text gives one refused record.

    `name` is the file's name: its ending decides between formats that look alike.
    Raises `Unreadable` when the source holds no text: empty, too large, binary, encrypted …
    """
    size = len(source)
    if size > largest:
        raise Unreadable(TOO_LARGE, size=size, largest=largest)
    if not source.strip():
        raise Unreadable(EMPTY)
    text, encoding, furniture = _text_of(source, name)
    if not text.strip():
        raise Unreadable(EMPTY)
    text, contacts = masked(text)
    tracked = Tracked(text)
    clean(tracked, furniture)
    known = hint or Hint()
    pieces = parts(tracked.text)
    records = [
        analyse(tracked, start, end, encoding=encoding, contacts=contacts, hint=known)
        for start, end in pieces
    ]
    taken = tuple(one for one in records if one.is_communique)
    if len(taken) < len(records):
        whole = analyse(
            tracked, 0, len(tracked.text), encoding=encoding, contacts=contacts, hint=known
        )
        return (whole,)
    return taken


def _text_of(source: bytes | str, name: str) -> tuple[str, str, frozenset[int]]:
    """The visible text, the name of its encoding, and the lines known to be page furniture."""
    nothing: frozenset[int] = frozenset()
    if isinstance(source, str):
        text, encoding = source.replace("\r\n", "\n").replace("\r", "\n"), "text"
    elif source[:4] == b"PK\x03\x04":
        return docx_text(source), "docx", nothing
    elif source[:1024].lstrip()[:5] == b"%PDF-":
        return pdf_text(source), "pdf", nothing
    elif source[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise Unreadable(UNKNOWN_FORMAT)
    elif source.startswith(_BINARY_STARTS):
        raise Unreadable(BINARY)
    else:
        text, encoding = decode(source)
    if name.lower().endswith((".html", ".htm", ".xhtml")) or looks_like_html(text):
        page = page_text(text)
        return page.text, encoding, page.furniture
    return text, encoding, nothing


def merged(records: tuple[Communique, ...]) -> Communique:
    """One record for the whole source: texts joined, offsets moved, lists united in order."""
    if len(records) == 1:
        return records[0]
    first = records[0]
    text = ""
    directives: list[Directive] = []
    for record in records:
        directives += [_moved(one, len(text), len(directives)) for one in record.directives]
        text += record.clean_text + "\n"
    chair = _united(records, "chair")
    speakers = _united(records, "speakers")
    spoke = {*chair, *speakers}
    return replace(
        first,
        clean_text=text[:-1],
        dates=_united(records, "dates"),
        meetings=_united(records, "meetings"),
        chair=chair,
        speakers=speakers,
        reporter=_united(records, "reporter"),
        attendees=tuple(one for one in _united(records, "attendees") if one not in spoke),
        attendees_complete=all(record.attendees_complete for record in records),
        relayed_meetings=_united(records, "relayed_meetings"),
        truncated=records[-1].truncated,
        warnings=_united(records, "warnings"),
        directives=tuple(directives),
    )


def _moved(one: Directive, shift: int, before: int) -> Directive:
    """The directive in a text that begins `shift` characters earlier, behind `before` others."""
    limits = tuple(
        replace(limit, start=limit.start + shift, end=limit.end + shift) for limit in one.deadline
    )
    return replace(
        one,
        index=one.index + before,
        start=one.start + shift,
        end=one.end + shift,
        deadline=limits,
    )


def _united(records: tuple[Communique, ...], field: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for record in records for one in getattr(record, field)))
