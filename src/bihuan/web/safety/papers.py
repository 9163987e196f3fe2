"""What stands on the papers of work safety. They are Chinese whatever the reader's language."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from bihuan.core.clock import local
from bihuan.safety.selectors.establishments import EstablishmentDetail
from bihuan.safety.services.risks import controls_of
from bihuan.safety.services.writs import WritContent
from bihuan.safety.types import Colour, Defence, WritKind
from bihuan.web.printing import Block, Code, Grid, Heading, Pairs, Paper, Signature, Text

UNVERIFIED = {"recalled": "依据条款凭记忆录入,使用前须核对原文。",
              "reported": "依据条款为转述,使用前须核对原文。",
              "default": "依据为系统缺省,须由本单位核定。"}  # fmt: skip
# As the pages draw them (web/safety.css).
TINTS = {"red": "#d6221f", "orange": "#f08300", "yellow": "#ffd500", "blue": "#1f6fd6"}
LAST = {WritKind.RECTIFY: "整改期限", WritKind.RECHECK: "原整改期限", WritKind.RESTART: "同意之日"}
LISTS = {WritKind.RECTIFY: "判定", WritKind.RECHECK: "复查情况", WritKind.STOP: "恢复生产前检查项",
         WritKind.RESTART: "复工检查项"}  # fmt: skip


def writ_paper(row: Any) -> Paper:
    """A legal document with its number, law, deadline and appeal."""
    said = WritContent(**row.content)
    kind = WritKind(row.kind)
    facts = [("被检查单位", said.unit), ("地址", said.address), ("法定代表人", said.head or "—"),
             ("事项", said.subject), ("情况", said.facts), ("依据", said.law)]  # fmt: skip
    if said.deadline and kind in LAST:
        facts.append((LAST[kind], said.deadline))
    blocks: list[Block] = [Text(f"{said.unit}:"), Text(said.demand), Pairs(tuple(facts))]
    lines = tuple((str(name), str(found)) for name, found in said.findings if name and found)
    if lines:
        blocks.append(Grid((LISTS[kind], "结论"), lines))
    blocks += [Signature(f"{party}签字", text) for party, text in said.signatures]
    blocks.append(Text(said.appeal))
    day = local(row.issued_at)
    blocks += [
        Signature("被检查单位签收"), Signature("检查人员(两人)"),
        Signature("签发机关", f"{said.authority}(印章)  {day.year}年{day.month}月{day.day}日"),
    ]  # fmt: skip
    if said.mark in UNVERIFIED:
        blocks.append(Text(UNVERIFIED[said.mark], quiet=True))
    return Paper(said.title, tuple(blocks), number=row.number, sub=row.number)


def _control(one: Any, on: date) -> str:
    """A control with its kind; one that does not hold now says so."""
    (now,) = controls_of([one], on=on)
    return f"{Defence(one.kind).label}:{one.text}{'' if now.valid else '(失效)'}"


def _answers(slot: Any) -> str:
    """Who answers for a party: a post, a body, or somebody in words."""
    if slot.post:
        return str(slot.post.title)
    return str(slot.org.name if slot.org else slot.text or "未明确")


def card_paper(
    found: EstablishmentDetail, events: Sequence[Any], address: str, *, on: date, language: str
) -> Paper:
    """The announcement card for the gate, with the code that leads to the report page."""
    row = found.row
    colour = str(Colour(row.colour).label) if row.colour else "未分级"
    lines = tuple(
        (f"{event.unit} · {event.name}", str(Colour(event.residual).label),
         ";".join(_control(one, on) for one in event.measures.all()) or "—")
        for event in events
    )  # fmt: skip
    parties = tuple((str(slot.get_party_display()), _answers(slot)) for slot in found.slots)
    blocks: list[Block] = [Heading(colour, TINTS.get(row.colour, ""))]
    if lines:
        blocks.append(Grid(("风险事件", "风险", "管控措施"), lines))
    blocks += [
        Pairs(parties), Code(address, "发现隐患,扫码举报,不留姓名。火警 119,急救 120。"),
    ]  # fmt: skip
    return Paper("安全风险告知卡", tuple(blocks), sub=row.name, language=language)
