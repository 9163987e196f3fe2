"""A reader for tests: one demand a line; a line that begins with # is a preamble.

`记录: …` names the meeting; a text without it is no communiqué. Codes of the real reader come
through by the words EMPTY and BOMB.
"""

from bihuan.intake.communique import Communique, Deadline, Directive, Repair, Unreadable


def fake_read(source, *, name="", hint=None, largest=0):
    text = source.decode() if isinstance(source, bytes) else source
    if not text.strip():
        raise Unreadable("intake.empty")
    if text.startswith("BOMB"):
        raise Unreadable("intake.zip_bomb", unpacked=9)
    return tuple(_one(part) for part in text.split("\f"))


def _one(text):
    found, offset = [], 0
    meetings, chair, attendees = (), (), ()
    for line in text.splitlines(keepends=True):
        words = line.rstrip("\n")
        if words.startswith("记录:"):
            meetings = (words[3:],)
            chair, attendees = ("吴某",), ("张某", "易某")
        elif words:
            found.append(_demand(len(found) + 1, words, offset))
        offset += len(line)
    good = bool(meetings)
    return Communique(
        original_text=text, clean_text=text, is_communique=good,
        reason="" if good else "no_meeting", title=meetings[0] if good else None,
        doc_type="meeting" if good else "other", publish_date=None,
        dates=("XXXX-03-09" if "年份不明" in text else "2026-03-09",),
        level=None, jurisdiction=None, meetings=meetings, chair=chair, speakers=("陈某",),
        reporter=(), attendees=attendees, attendees_complete=False, relayed_meetings=(),
        truncated=False, damage=(), encoding="utf-8",
        repairs=(Repair("slip.a", 0, 1, text[:1], "〇"),), warnings=("encoding_guessed",),
        dropped_contacts=0, facts=(), directives=tuple(found) if good else (),
    )  # fmt: skip


def _demand(index, words, offset):
    deadline = ()
    if "月底前" in words:
        deadline = (Deadline("月底前", 0, 3, "by", due="2026-03-31"),)
    if "去年" in words:
        deadline = (Deadline("去年底前", 0, 3, "by", due="2025-12-31"),)
    return Directive(
        index=index, text=words, start=offset, end=offset + len(words), original_start=offset,
        original_end=offset + len(words), speaker="陈某", number_label=f"{index}", group=None,
        domain="work-safety" if "安全" in words else "testing",
        domains=("work-safety",) if "安全" in words else ("testing",), responsible=("各地",),
        responsible_inherited=(), deadline=deadline, objects=(), places=(),
        actionable=not words.startswith("#"), problem=None,
    )  # fmt: skip
