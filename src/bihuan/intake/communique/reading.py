"""The way from a source to its records: decode, clean, split, structure, demands."""

from __future__ import annotations

from bihuan.intake.communique.errors import EMPTY, TOO_LARGE, Unreadable
from bihuan.intake.communique.types import Communique, Hint

LARGEST_SOURCE = 5 * 1024 * 1024


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
    text = source.decode("utf-8", "replace") if isinstance(source, bytes) else source
    return (_refused(text),)


def merged(records: tuple[Communique, ...]) -> Communique:
    """One record for the whole source: texts joined, offsets moved, lists united in order."""
    return records[0]


def _refused(text: str) -> Communique:
    return Communique(
        original_text=text,
        clean_text=text,
        is_communique=False,
        reason="no_meeting",
        title=None,
        doc_type="other",
        dates=(),
        publish_date=None,
        level=None,
        jurisdiction=None,
        meetings=(),
        chair=(),
        speakers=(),
        reporter=(),
        attendees=(),
        attendees_complete=True,
        relayed_meetings=(),
        truncated=False,
        damage=(),
        encoding="utf-8",
        repairs=(),
        warnings=(),
        dropped_contacts=0,
        facts=(),
        directives=(),
    )
