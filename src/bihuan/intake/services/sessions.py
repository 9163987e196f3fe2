"""Several meetings under one headline: a record for each, with those who were there (M008)."""

from collections.abc import Sequence
from typing import Any

from bihuan.command.rules import body_kind
from bihuan.intake.communique import Communique
from bihuan.intake.rules import body_kinds, sessions

Record = dict[str, Any]


def parted(whole: Record, read: Communique, *, bodies: Sequence[tuple[int, str]]) -> Record:
    """The record of the first meeting, with those of the later ones in `later`.

    Each takes its chair, and of meetings, attendees and upper meetings those that its part of the
    text names. A part that names no body belongs to the bodies its demands concern.
    """
    parts = sessions(read.chair, [(d.start, d.end, d.speaker) for d in read.directives])
    records, begins = [], 0
    for chair, ends in parts:
        end = len(read.clean_text) if chair == parts[-1][0] else ends
        text = read.clean_text[begins:end]
        names = [name for name in read.meetings if name in text]
        domains = [d.domain for d in read.directives if d.speaker == chair]
        sat = body_kinds(names) or {body_kind(max(domains, key=domains.count))}
        title = names[0] if names else f"{read.title or whole['title']}({chair})"
        records.append(whole | {
            "title": title[:200], "chair": chair, "speakers": [chair],
            "attendees": [name for name in read.attendees if name in text],
            "body_ids": [pk for pk, kind in bodies if kind in sat],
            "relays_text": "、".join(n for n in read.relayed_meetings if n in text)[:400],
        })  # fmt: skip
        begins = end
    return records[0] | {"later": records[1:]} if records else whole
