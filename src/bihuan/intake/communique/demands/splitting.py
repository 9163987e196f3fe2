"""Atomic demands out of a unit: where a comma starts a new one, and what is cut off in front."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from bihuan.intake.communique.demands.grammar import (
    ANNOUNCES,
    CONNECTIVE,
    CONNECTIVE_ALONE,
    LABEL,
    PROHIBITION,
    STRONG_MODAL,
    executor_head,
    has_modal,
    is_frame,
    is_situation,
    is_topic,
    opens_imperative,
    without_label,
)
from bihuan.intake.communique.demands.passages import Unit

_CONDITION: Final = re.compile(
    r"^(?:一旦|如|若|只要|凡|针对|在|按照|根据|为|当|由于|因|"
    r"除|未经|经|与|同)"
)
_FRONTED: Final = re.compile(
    r"^(?:一旦|如有|如果|若|凡是?)[^,]{2,}|^(?:针对|对于?)[^,]{2,}(?:问题|现象|情况|的)$|"
    r"^[^,]{2,24}(?<!目)的$"
)
_RAISED: Final = re.compile(r"[\u4e00-\u9fff]{2}(?:再|更加?|从)[\u4e00-\u9fff]{1,3}$")
_ENDS: Final = "。!?;”)"
_ALSO: Final = re.compile(r"^[也又更都则才就]")
_TIME: Final = re.compile(r"(?:前|后|时|期间|中|内)$")
_CONTINUES: Final = re.compile(r"不|决|绝|确保|使|让|做到|坚持|落实|按照")
_MARK: Final = re.compile(r"^[■△▲◆●★☆—\-·\s“”\"]+(?=[^“”\"])")
_ORDINAL_ALONE: Final = re.compile(r"^(?:首先|其次|再次|再者|最后|第[一二三四五六七八九十])$")
_HEADING_VERBLESS: Final = 12
_EXHORTS: Final = re.compile(r"^(?:希望|让我们|请|大家|号召|呼吁|勉励)")
_MOST: Final = re.compile(r"最[\u4e00-\u9fff□]{1,3}的是")
_NOT_ONLY: Final = re.compile("不仅|不但|既")
_JOINED: Final = re.compile(r"(?:同时|另外|此外|与此同时),(?=要)")
_TOLD_PROBLEMS: Final = re.compile(r"(?:问题|事项|情况|难题)[^。]{0,60}$")
_DID: Final = re.compile("了|过|已")
_PROBLEM: Final = re.compile("问题|情况|现象")
_SEES: Final = re.compile(
    r"^[但也可]?(?:也|还)?(?:要|必须|应当)?(?:更)?(?:清醒|充分|深刻)?地?看到$"
)
_DONE: Final = re.compile(
    r"[\u4e00-\u9fff](?<![除为不])了(?=[\u4e00-\u9fff])(?!了解|[解结之断])|"
    r"已从|已有|已经|已(?=[^,]{0,8}(?:出发|完成|到位|开始|抵达|投入|"
    r"展开))|了(?:$|,)"
)
_WE: Final = re.compile(
    r"^(?:我们|大家|全省|全市|全县|全区|全镇|全国|上下)[\u4e00-\u9fff]{0,6}(?:决不|"
    r"绝不|必须|要|务必)"
)


@dataclass(frozen=True, slots=True)
class Span:
    """One atomic demand of a unit; `label` may come from a nominal heading before it."""

    start: int
    end: int
    label: str | None
    label_start: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class _Clause:
    start: int
    end: int
    text: str
    label: re.Match[str] | None


def _new_subject(head: str, modal: str, before: str) -> bool:
    """Whether the words before a modal are a subject of their own, not an adverb or a condition."""
    if _ALSO.match(head):
        return False
    if head.endswith(("也", "又", "更")) and _NOT_ONLY.search(before):
        return False
    adverbial = _CONDITION.match(head) or _TIME.search(head) or modal == "须"
    if adverbial and not executor_head(head + "要"):
        return False
    return not _CONTINUES.search(head)


class Splitter:
    """Cuts units into demands; keeps the label of a nominal heading for the demand after it."""

    def __init__(self, text: str, blotted: str) -> None:
        """`blotted` is what `unquoted` makes of `text`."""
        self.text = text
        self.blotted = blotted
        whole = text.rstrip()
        self._cut = len(whole) if whole[-1:] not in _ENDS else len(text) + 1
        self._waiting: tuple[str, int] | None = None

    def spans(self, units: list[Unit]) -> list[Span]:
        """The demands of all units, in order."""
        out: list[Span] = []
        lively: tuple[str, int] = ("", -1)
        for unit in units:
            found = self._unit(unit, lively=lively == (unit.speaker, unit.paragraph))
            if found:
                lively = (unit.speaker, unit.paragraph)
            out += found
        return out

    def _unit(self, unit: Unit, *, lively: bool) -> list[Span]:
        clauses = self._clauses(unit.start, unit.end)
        if unit.end >= self._cut:
            clauses = clauses[:-1]
        if not clauses:
            return []
        label = clauses[0].label
        if label and self._nominal(clauses, label):
            self._waiting = (label.group(), clauses[0].start)
            return []
        groups = self._groups(clauses)
        spans: list[Span] = []
        for number, group in enumerate(groups):
            if number + 1 < len(groups) and self._only_judges(group, unit):
                continue
            span = self._demand(group, unit, lively=lively or bool(spans))
            if span is not None:
                spans.append(span)
        return spans

    def _only_judges(self, group: list[_Clause], unit: Unit) -> bool:
        """A judgement before the demand of the same sentence: 安全工作无小事,全体教职工要…"""
        if group[0].label or any(self._weight(one, unit) for one in group):
            return False
        return not any(is_topic(one.text) for one in group)

    def _clauses(self, start: int, end: int) -> list[_Clause]:
        out: list[_Clause] = []
        lead = _MARK.match(self.text[start:end])
        here = start + (lead.end() if lead and "“" not in lead.group() else 0)
        depth = 0
        for index in range(here, end + 1):
            mark = self.text[index] if index < end else ","
            if mark not in ",(“)”":
                continue
            depth += (mark in "(“") - (mark in ")”")
            if index < end and mark == "," and _ORDINAL_ALONE.match(self.text[here:index]):
                continue
            if index == end or (mark == "," and depth <= 0):
                if self.text[here:index].strip():
                    label = LABEL.match(self.text[here:index])
                    out.append(_Clause(here, index, self.blotted[here:index], label))
                here = index + 1
        return out

    def _nominal(self, clauses: list[_Clause], label: re.Match[str]) -> bool:
        """A heading without a verb: (二)在建工程。"""
        if len(clauses) > 1:
            return False
        rest = clauses[0].text[label.end() :]
        if len(rest) > _HEADING_VERBLESS or label.group().endswith("要"):
            return False
        verbal = (
            (opens_imperative(rest) and rest[:1] not in "在对从以用由向给各再早多少")
            or has_modal(rest)
            or PROHIBITION.search(rest)
            or _RAISED.search(rest)
        )
        return not verbal and not executor_head(rest + "要")

    def _groups(self, clauses: list[_Clause]) -> list[list[_Clause]]:
        """Clauses gathered into demands by the comma rules."""
        groups: list[list[_Clause]] = [[clauses[0]]]
        for clause in clauses[1:]:
            if self._starts_new(clause, groups[-1]):
                bare = not executor_head(clause.text)
                groups.append([*(self._fronted(groups[-1]) if bare else ()), clause])
            else:
                groups[-1].append(clause)
        return groups

    def _starts_new(self, clause: _Clause, current: list[_Clause]) -> bool:
        if clause.label:
            return True
        before = "".join(one.text for one in current)
        if CONNECTIVE.match(clause.text):
            return not _NOT_ONLY.search(before)
        modal = STRONG_MODAL.search(clause.text)
        if modal is None or not self._has_predicate(current):
            return False
        if modal.start() == 0:
            return has_modal(before) or bool(_MOST.search(before))
        return _new_subject(clause.text[: modal.start()], modal.group(), before)

    def _fronted(self, current: list[_Clause]) -> list[_Clause]:
        """Takes the topics off the end of a demand, since they belong to the 要 that follows them."""
        taken: list[_Clause] = []
        while len(current) > 1 and _FRONTED.match(current[-1].text):
            if has_modal(current[-1].text) or not self._has_predicate(current[:-1]):
                break
            taken.insert(0, current.pop())
        return taken

    def _has_predicate(self, current: list[_Clause]) -> bool:
        """Whether the demand so far is more than fronted topics."""
        last = without_label(current[-1].text)
        whole = "".join(one.text for one in current)
        if has_modal(whole) or _MOST.search(whole):
            return True
        return not is_topic(last) or any(not is_topic(one.text) for one in current[:-1])

    def _demand(self, group: list[_Clause], unit: Unit, *, lively: bool) -> Span | None:
        first = self._first_clause(group, unit, lively=lively)
        if first is None:
            return None
        clause = group[first]
        start, end = clause.start, group[-1].end
        label = clause.label
        if label is None:
            start += self._connective(clause)
        end -= len(self.text[start:end]) - len(self.text[start:end].rstrip(" ,、:"))
        if self.text[end - 1 : end] == ")" and "(" not in self.text[start:end]:
            end -= 1
        if end - start < 3:
            return None
        name, place = (label.group(), start) if label else self._waiting or (None, start)
        self._waiting = None
        return Span(start, end, name, place, unit)

    def _connective(self, clause: _Clause) -> int:
        found = _JOINED.match(clause.text)
        return found.end() if found else 0

    def _first_clause(self, group: list[_Clause], unit: Unit, *, lively: bool) -> int | None:
        """The index of the clause where the demand starts; None when the group demands nothing."""
        marks = [self._weight(one, unit) for one in group]
        if _SEES.match(group[0].text) and len(group) > 1 and is_situation(group[1].text):
            return None
        if group[0].label:
            return 0 if self._labelled_demand(group, unit) else None
        modal = next((i for i, one in enumerate(group) if has_modal(one.text)), None)
        firm = next((i for i, mark in enumerate(marks) if mark >= 2), None)
        if modal is None and firm is None:
            if not self._default(group, marks, unit, lively=lively):
                return None
            firm = 0
        if modal is None and _DONE.search(",".join(one.text for one in group)):
            return None
        chosen = min(i for i in (modal, firm) if i is not None)
        return self._back(group, chosen, unit)

    def _labelled_demand(self, group: list[_Clause], unit: Unit) -> bool:
        """A numbered item demands unless it only tells what is or was."""
        whole = ",".join(one.text for one in group)
        if has_modal(whole) or PROHIBITION.search(whole):
            return True
        rest = without_label(group[0].text)
        if opens_imperative(rest) or any(executor_head(one.text) for one in group[1:]):
            return True
        told = "问题" in unit.frame or self._told_problems(unit)
        return unit.mood == "ordered" and not told

    def _told_problems(self, unit: Unit) -> bool:
        before = self.text[max(0, unit.start - 400) : unit.start].split("\n")[-1]
        return bool(_TOLD_PROBLEMS.search(before))

    def _default(self, group: list[_Clause], marks: list[int], unit: Unit, *, lively: bool) -> bool:
        """Sentences without any firm sign: only in an ordering voice, or among other demands."""
        whole = ",".join(one.text for one in group)
        if ANNOUNCES.search(group[-1].text) and len(group) == 1:
            return False
        if any(is_situation(one.text) for one in group):
            return False
        if unit.mood == "ordered":
            return True
        return lively and marks[0] >= 1 and len(whole) > 5

    def _weight(self, clause: _Clause, unit: Unit) -> int:
        """0 nothing, 1 an imperative verb, 2 a firm demand without a modal."""
        text = clause.text
        if has_modal(text) and "能不能" not in text:
            return 3
        if PROHIBITION.search(text) and not is_situation(text):
            return 2
        if _EXHORTS.match(text) or _MOST.search(text):
            return 2
        head = executor_head(text)
        if head and not is_situation(text) and not _DID.search(text, len(head)):
            return 2
        if opens_imperative(text) and not is_situation(text) and not is_topic(text):
            counted = bool(ANNOUNCES.search(text)) and clause.end - clause.start < 16
            return 0 if counted else 2 if unit.mood == "ordered" else 1
        return 0

    def _back(self, group: list[_Clause], chosen: int, unit: Unit) -> int:
        """Keep the adverbials before the chosen clause; cut situations and frames."""
        start = chosen
        while start > 0:
            before = group[start - 1]
            text = before.text
            if group[start].text.startswith("针对") and text.startswith("针对"):
                return start
            if CONNECTIVE_ALONE.match(text) or is_frame(text):
                planned = text.startswith(("下一步", "接下来")) and start == 1
                return start - 1 if planned and unit.speaker == "会议" else start
            if (is_topic(text) and not (is_situation(text) and not _PROBLEM.search(text))) or (
                unit.mood == "ordered" and not is_situation(text)
            ):
                start -= 1
            else:
                break
        return start
