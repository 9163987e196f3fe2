"""Who is speaking: the running text cut into units, each with its speaker and how sure it demands.

The last attribution holds until the next one, until a foreign voice (一位厂长说) or until the
paragraph turns to narrative (会议期间, 据介绍).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from bihuan.intake.communique.demands.attributions import (
    ACCOUNT,
    BARE,
    FOREIGN,
    FORM,
    LATE,
    LEADING,
    MEETING,
    NARRATIVE,
    ORDERS,
    ORGAN_VOICE,
    REPORTS,
    SPEECH,
    TAIL,
    VOICED,
)
from bihuan.intake.communique.demands.grammar import (
    ANNOUNCES,
    LABEL,
    executor_head,
    has_modal,
    unquoted,
)

Mood = Literal["none", "told", "ordered"]

_AHEAD: Final = re.compile("下一步|接下来|近期|会后")
_LONGEST: Final = 2500  # no speaker draws breath for longer; what does is no sentence
_COUNTED: Final = re.compile(
    r"^(?:从|在|抓好|做好|围绕)?(?:以下|如下)?[一二三四五六七八九十两几\d]{1,3}(?:个|"
    r"点|条|项|件)"
)


_HARD_END: Final = re.compile(r"[。;!?]")
_LIST_OPENS: Final = re.compile(
    r"[(:](?:(?<=\()(?=[一二三四五六七八九十]是)|"
    r"(?<=:)(?=[一二三四五六七八九十]是|[(][一二三四五六七八九十\d]|第?一[,、是要]))"
)
_CLAUSE_END: Final = re.compile("[,:]")
_WILL: Final = re.compile(
    r"^(?:下一步,|接下来,|近期,|会后,)?[\u4e00-\u9fff、]{2,20}?将(?![军士近来要信才领相错])"
)
_DECREES: Final = re.compile("作出|提出|批示")
_ORGAN_SAYS: Final = re.compile("要求|强调|指出|明确|决定|部署|表示")
_ORDERING: Final = re.compile(
    r"^[^,:]{0,8}?(布置|部署|安排|划出|明确|宣布|提出|作出|作了|强调|指出)了?(?![^,:]{0,30}(?:要|必须))"
)
_ATTENDS: Final = re.compile(r"出席|主持(?!时)")
_HIGHER: Final = re.compile(r"(国务院|国家|全国|省|市)(?:级)?(?:的)?会议")


def _labelled(text: str) -> bool:
    """Whether a list item starts here; 最后 alone only ends a story."""
    return bool(LABEL.match(text)) and not text.startswith("最后")


@dataclass(frozen=True, slots=True)
class Unit:
    """A stretch between two hard ends, with the voice it is spoken by."""

    start: int
    end: int
    speaker: str
    mood: Mood
    opens_turn: bool
    opens_line: bool
    paragraph: int
    frame: str


@dataclass(slots=True)
class _Voice:
    speaker: str = ""
    mood: Mood = "none"
    person: str = ""
    listing: bool = False


class Passages:
    """Cuts the lines of one communiqué into units.

    `names` are the officials found in the text, longest first; `text` is in half width and `blotted`
    what `unquoted` makes of it.
    """

    def __init__(self, text: str, blotted: str, names: tuple[str, ...], start: int) -> None:
        self.text = text
        self.blotted = blotted
        self._units: list[Unit] = []
        self._voice = _Voice()
        self._fresh = False
        named = "|".join(re.escape(name) for name in names) or "(?!)"
        self._name = re.compile(named)
        title = r"(?:[^,:。;]{0,40}?)"
        self._attribution = re.compile(
            rf"^(?:{LEADING})?(?:(?P<person>(?:{title})(?P<name>{named}))|"
            rf"(?P<pronoun>[他她])|(?P<meeting>{MEETING})|"
            rf"(?P<instruction>批示|指示|讲话)|(?P<organ>{ORGAN_VOICE}))"
            rf"(?P<middle>[^,:。;“]{{0,24}}?)(?P<verb>{SPEECH}){TAIL}$"
        )
        self._bare = re.compile(
            rf"^(?:{LEADING})?(?:(?:{title})(?P<name>{named})|(?P<pronoun>[他她])|"
            rf"(?P<meeting>会议))"
            r"(?P<middle>[^,:。;“要]{0,12}?)要求(?=[^,:。、\s])"
        )
        self._subject = re.compile(rf"^(?:{LEADING})?(?:[^,:。;“]{{0,40}}?)(?P<name>{named})")
        self._start = start

    def units(self) -> list[Unit]:
        """The units from the body on, in order."""
        here = 0
        for number, line in enumerate(self.text.split("\n")):
            if here >= self._start and line:
                self._paragraph(here, here + len(line), number)
            here += len(line) + 1
        return self._units

    def _paragraph(self, start: int, end: int, number: int) -> None:
        head = self.text[start : start + 40]
        if not _labelled(head):
            self._soften(head)
        here = start
        opens_line = True
        for stop in self._stops(start, end):
            if here < stop:
                self._sentence(here, stop, number, opens_line=opens_line)
            opens_line = False
            here = stop + 1

    def _soften(self, head: str) -> None:
        """At a new paragraph a voice fades: narrative ends it, anything else must show a modal."""
        if NARRATIVE.match(head):
            self._voice.mood = "none"
        elif self._voice.mood == "ordered" and not self._voice.listing:
            self._voice.mood = "told"

    def _stops(self, start: int, end: int) -> list[int]:
        stops = [match.start() for match in _HARD_END.finditer(self.text, start, end)]
        stops += [match.start() for match in _LIST_OPENS.finditer(self.text, start, end)]
        if not stops or stops[-1] != end - 1:
            stops.append(end)
        return sorted(stops)

    def _sentence(self, start: int, end: int, number: int, *, opens_line: bool) -> None:
        if end - start > _LONGEST:
            return
        content, frame, turned = self._attribute(start, end)
        turned = turned or self._fresh
        self._fresh = turned and content >= end
        if content >= end:
            return
        whole = self.text[content:end]
        if FORM.search(whole) and not has_modal(self.blotted[content:end]):
            return
        account = NARRATIVE.match(whole) if opens_line else ACCOUNT.match(whole)
        if not turned and account and not LABEL.match(whole):
            self._voice.mood = "none"
        speaker, mood = self._voice.speaker, self._voice.mood
        if self._planned(content, end):
            spoken = speaker and mood != "none" and not (opens_line or _AHEAD.match(whole))
            speaker, mood = speaker if turned or spoken else "会议", "ordered"
        if mood != "none" and speaker:
            self._units.append(Unit(content, end, speaker, mood, turned, opens_line, number, frame))

    def _planned(self, start: int, end: int) -> bool:
        """An announced future action of an organ: 下一步，县委将把 …"""
        clause = self.blotted[start : min(end, start + 60)]
        found = _WILL.match(clause) if "将" in clause else None
        return bool(
            found
            and "□" not in found.group()
            and executor_head(found.group().split(",")[-1][:-1] + "要")
        )

    def _attribute(self, start: int, end: int) -> tuple[int, str, bool]:
        """Skip the attributions at the start of a sentence; (content start, frame before it, turned)."""
        here = start
        frame = ""
        turned = False
        for _ in range(4):
            clause_end = self._clause_end(here, end)
            done = self._one_attribution(here, clause_end, end)
            if done is None and not turned:
                done = self._late_verb(here, clause_end, end)
            if done is None and not turned:
                joined_end = (
                    self._clause_end(clause_end + 1, end) if clause_end < end else clause_end
                )
                if joined_end > clause_end and self._can_lead(here, clause_end):
                    done = self._one_attribution(clause_end + 1, joined_end, end)
                    frame = self.text[here:clause_end] if done is not None else frame
            if done is None:
                break
            here, turned = done, True
        if not turned and (deep := self._deep_attribution(start, end)) is not None:
            here, turned = deep, True
        if turned and (bare := BARE.match(self.text[here:end])):
            here += bare.end()
        if not turned:
            self._turn_away(start, end)
            if self._voice.mood != "none" and (bare := BARE.match(self.text[start:end])):
                here = start + bare.end()
        return here, frame, turned

    def _deep_attribution(self, start: int, end: int) -> int | None:
        """An attribution behind an account in the same sentence: …主持召开会议,研究…,他强调,要…"""
        here, person = start, ""
        for _ in range(8):
            clause_end = self._clause_end(here, end)
            if clause_end >= end or has_modal(self.blotted[here:clause_end]):
                return None
            person = self._actor(self.text[here:clause_end]) or person
            self._voice.person = person or self._voice.person
            here = clause_end + 1
            following = self._clause_end(here, end)
            clause = self.text[here:following]
            if person and (bare := BARE.match(clause)):
                self._voice = _Voice(person, "ordered", person)
                return here + bare.end()
            if following >= end or not (VOICED.match(clause) or self._speaks(clause, following)):
                continue
            done = self._one_attribution(here, following, end)
            if done is None and self._voice.person and LATE.match(clause):
                self._voice = _Voice(self._voice.person, "ordered", self._voice.person)
                done = following + 1
            if done is not None:
                return done
        return None

    def _actor(self, clause: str) -> str:
        """The person who acts in a clause, by name or as 他; empty when nobody does."""
        named = self._subject_of(clause)
        return named.group("name") if named else self._voice.person * (clause[:1] in "他她")

    def _subject_of(self, clause: str) -> re.Match[str] | None:
        """The official that a clause opens with; most clauses name none, and that is quickly seen."""
        return self._subject.match(clause) if self._name.search(clause) else None

    def _speaks(self, clause: str, following: int) -> bool:
        """A named person who says something; 作出批示 alone is only an account of it."""
        spoken = self._attribution.match(clause)
        if spoken is None or not spoken["name"]:
            return False
        told = self.text[following : following + 4]
        return (
            told[0] == ":"
            or "要求" in told
            or not _DECREES.search(spoken["middle"] + spoken["verb"])
        )

    def _late_verb(self, start: int, clause_end: int, end: int) -> int | None:
        """A named person whose second clause speaks: 某某通报了情况,并从三个方面提出要求:"""
        subject = self._subject_of(self.text[start:clause_end])
        if subject is None or has_modal(self.blotted[start:clause_end]):
            return None
        for _ in range(2):
            start = clause_end + 1
            if start >= end:
                return None
            clause_end = self._clause_end(start, end)
            clause = self.text[start:clause_end]
            if bare := BARE.match(clause):
                self._voice = _Voice(subject.group("name"), "ordered", subject.group("name"))
                return start + bare.end()
            verb = LATE.match(clause)
            if verb:
                self._voice = _Voice(subject.group("name"), "ordered", subject.group("name"))
                self._voice.listing = self.text[clause_end : clause_end + 1] == ":"
                return clause_end + 1
        return None

    def _can_lead(self, start: int, end: int) -> bool:
        clause = self.text[start:end]
        return len(clause) < 60 and not has_modal(self.blotted[start:end]) and not _labelled(clause)

    def _clause_end(self, start: int, end: int) -> int:
        found = _CLAUSE_END.search(self.text, start, end)
        return found.start() if found else end

    def _one_attribution(self, start: int, clause_end: int, end: int) -> int | None:
        """The content's start when the clause is an attribution, else None."""
        if clause_end - start > 90:
            return None
        clause = self.text[start:clause_end]
        bare = self._bare.match(clause) if "要求" in clause else None
        if bare and bare.end() < len(clause):
            return self._bare_demand(start, bare, clause_end, end)
        match = self._attribution.match(clause)
        if match is None:
            return self._ordering(start, clause_end)
        verb = clause[match.start("verb") :]
        if match.group("organ") and not _ORGAN_SAYS.search(verb):
            return None
        if REPORTS.search(verb) and not ORDERS.search(verb) and "介绍" not in verb:
            return None
        if has_modal(unquoted(clause)):
            return None
        self._speak(match, verb)
        self._voice.listing = self.text[clause_end : clause_end + 1] == ":" or clause_end == end
        return clause_end + 1

    def _bare_demand(self, start: int, bare: re.Match[str], clause_end: int, end: int) -> int:
        """Behind a bare 要求: the demand itself, or the list that its clause only announces."""
        self._speak(bare, "要求")
        rest = self.text[start + bare.end() : clause_end]
        opens_list = self.text[clause_end : clause_end + 1] == ":"
        if opens_list and executor_head(rest + "要"):
            self._voice.listing = True
            return clause_end + 1
        announced = clause_end == end or opens_list
        counted = announced and ANNOUNCES.search(rest) and not has_modal(rest)
        if _COUNTED.match(rest) or counted:
            return min(clause_end + 1, end)
        return start + bare.end()

    def _ordering(self, start: int, clause_end: int) -> int | None:
        """A speaker with a verb of ordering and its object: 张某布置了冬季宣传，…"""
        clause = self.text[start:clause_end]
        match = self._subject_of(clause)
        if match is None:
            return None
        rest = clause[match.end() :]
        if not _ORDERING.match(rest) or _ATTENDS.search(clause) or rest.startswith("主持"):
            return None
        self._voice = _Voice(match.group("name"), "ordered", match.group("name"))
        return clause_end + 1

    def _speak(self, match: re.Match[str], verb: str) -> None:
        groups = match.groupdict()
        mood: Mood = "ordered" if ORDERS.search(verb) else "told"
        if groups.get("name"):
            self._voice = _Voice(groups["name"] or "", mood, groups["name"] or "")
        elif groups.get("pronoun") or groups.get("instruction"):
            self._voice = _Voice(self._voice.person, mood, self._voice.person)
        elif groups.get("organ"):
            self._voice = _Voice(groups["organ"] or "", mood, self._voice.person)
        else:
            higher = _HIGHER.match(groups.get("meeting") or "")
            name = f"{higher.group(1)}会议" if higher else "会议"
            self._voice = _Voice(name, mood, self._voice.person)

    def _turn_away(self, start: int, end: int) -> None:
        """A foreign voice or a named person who does something other than speak ends the turn."""
        for clause in self.text[start:end].split(",")[:3]:
            if FOREIGN.search(clause) and len(clause) < 50 and not has_modal(unquoted(clause)):
                self._voice.mood = "none"
                return
            subject = self._subject_of(clause)
            if subject and not has_modal(unquoted(clause)) and len(clause) < 40:
                self._voice.mood = "none"
                self._voice.person = subject.group("name")
                return
