"""Who shall do it: the executors written in a demand, and those its surroundings lend it."""

from __future__ import annotations

import re
from typing import Final

from bihuan.intake.communique.demands.grammar import (
    STRONG_MODAL,
    executor_head,
    unquoted,
    without_label,
)

_ADVERBIAL: Final = re.compile(
    r"^(?:(?:散会后|会后|节前|节后|当前|目前|下一步|请|今后|即日起|平时|随后|"
    r"同时|另外|此外|特别是?|尤其是?|还|也|对此|为此|其中|届时|重点|"
    r"其间)|"
    r"(?:[\u4e00-\u9fff]{2,4}期间|\d{1,2}月\d{1,2}日(?:前|起)?|\d{1,2}月底(?:之?前)?|假期(?:里|期间)?))+"
)
_BY: Final = re.compile(
    r"由([\u4e00-\u9fff、和()]{2,24}?)(?=负责|牵头|统一|组织|约谈|"
    r"建立|提出|审定|具体|亲自|共同|承担|派|进行|给予|会同|每|统筹|"
    r"兜底|专人|(?=[\u4e00-\u9fff]{2}$))"
)
_WITH: Final = re.compile(
    r"(?:会同|配合|联合)([\u4e00-\u9fff、和()]{2,20}?)(?=一处|开展|"
    r"进行|做好|对|在|抓|组织|\d|全|建立|制定|一起|共同|完成|查|落实|"
    r"$)"
)
_LEADS: Final = re.compile(
    r"(?:^|[,;])([\u4e00-\u9fff、()]{2,20}?)(?:牵头|负责|会同|配合|"
    r"商)(?!人|同志)"
)
_LENT: Final = re.compile(r"[给交](?:给)?([\u4e00-\u9fff]{2,8}(?:专班|部门|办公室))")
_NO_PARTY: Final = re.compile(
    r"^(?:各|有关|相关|一|这|那|每)?(?:工作|措施|问题|隐患|风险|任务|"
    r"责任|重点|人员|场所|地方|部位|领域|任何部门|一切|全员|所有)$|"
    r"地方$|每处$|各处$|企业必须$"
)
_SUBJECT_TRIM: Final = re.compile(
    r"^(?:[\u4e00-\u9fff]{2,6}结束后|会后|今后|下一步|重点是?|凡|其他|对)"
)
_SUFFIX: Final = re.compile(r"(?:都|也|还|又|均|均须|今后|当晚|当日|当天|假期|要|\d.*)$")


def responsible(text: str) -> tuple[str, ...]:
    """The executors written in a demand as subject, verbatim, in their order.

    The object of 督促, 指导 and 组织 is not one: it is acted on.
    """
    found: dict[str, None] = {}
    blotted = unquoted(text)
    here = 0
    for number, clause in enumerate(_clauses(blotted)):
        party = _subject(clause, first=number == 0)
        if party:
            found[text[here + clause.index(party) :][: len(party)]] = None
        here += len(clause) + 1
    for pattern in (_BY, _WITH):
        for match in pattern.finditer(blotted):
            if _is_party(match.group(1)):
                found[text[match.start(1) : match.end(1)]] = None
    return tuple(found)


def _clauses(text: str) -> list[str]:
    return text.replace(";", ",").split(",")


def _subject(clause: str, *, first: bool) -> str:
    rest = without_label(clause) if first else clause
    rest = _ADVERBIAL.sub("", rest)
    modal = STRONG_MODAL.search(rest)
    head = executor_head(rest)
    if modal and modal.start() >= 2:
        subject = _SUFFIX.sub("", rest[: modal.start()].rstrip("也都还又更,、"))
        if _is_party(subject) and len(subject) <= 40:
            return head if head and subject.startswith(head) else subject
    if head and _is_party(head):
        return head
    lead = _LEADS.match(rest)
    if lead and _is_party(lead.group(1)):
        return lead.group(1)
    return ""


def _is_party(text: str) -> bool:
    if not 1 < len(text) <= 40 or _NO_PARTY.search(text) or _SUBJECT_TRIM.match(text):
        return False
    return bool(executor_head(text + "要"))
