"""The words for states, moves, acts and notices; areas add theirs in `words.WORDS`."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bihuan.web.areas import gathered

Words = str | Promise

# state: words, tone (a tone never stands without its words), icon
STATES: dict[str, tuple[Words, str, str]] = {
    "issued": (_("待签收"), "wait", "inbox"),
    "acknowledged": (_("已签收"), "work", "progress"),
    "planned": (_("已分解"), "work", "subtask"),
    "submitted": (_("待验收"), "ask", "clipboard-check"),
    "returned": (_("已退回"), "warn", "arrow-back-up"),
    "suspended": (_("已暂停"), "rest", "player-pause"),
    "withdrawing": (_("撤回待批"), "ask", "arrow-back-up"),
    "withdrawn": (_("已撤回"), "rest", "ban"),
    "closed": (_("已销号"), "done", "circle-check"),
    "found": (_("新发现"), "wait", "alert-circle"),
    "registered": (_("已登记"), "wait", "clipboard-text"),
    "graded": (_("已分级"), "work", "scale"),
    "assigned": (_("已交办"), "wait", "inbox"),
    "rectifying": (_("整改中"), "work", "tool"),
    "verified": (_("已验收"), "ask", "rosette-discount-check"),
}

# move: words, icon, key on the keyboard
MOVES: dict[str, tuple[Words, str, str]] = {
    "acknowledge": (_("签收"), "check", "a"),
    "unacknowledge": (_("撤销签收"), "arrow-back-up", ""),
    "plan": (_("分解"), "subtask", ""),
    "prove": (_("举证"), "paperclip", "p"),
    "accept": (_("验收"), "circle-check", "a"),
    "return": (_("退回"), "arrow-back-up", "r"),
    "extend": (_("延期"), "calendar-due", ""),
    "pause": (_("暂停"), "player-pause", ""),
    "resume": (_("恢复"), "player-play", ""),
    "ask_withdraw": (_("申请撤回"), "arrow-back-up", ""),
    "confirm_withdraw": (_("同意撤回"), "check", ""),
    "supersede": (_("由上级接续"), "arrow-up", ""),
    "refuse_withdraw": (_("不同意撤回"), "x", ""),
    "reopen": (_("重新打开"), "refresh", ""),
    "register": (_("登记"), "clipboard-text", ""),
    "grade": (_("分级"), "scale", ""),
    "assign": (_("交办"), "send", ""),
    "begin": (_("开始整改"), "tool", ""),
    "verify": (_("验收"), "rosette-discount-check", "a"),
    "close": (_("销号"), "circle-check", ""),
    "answer": (_("答复"), "message", ""),
    "lapse": (_("逾时转上一级"), "send", ""),
    "pass_on": (_("转报上级"), "send", ""),
    "judge": (_("作出结论"), "gavel", ""),
    "watch": (_("继续观察"), "eye", ""),
    "file": (_("提交流调"), "clipboard-check", ""),
}

ACTS: dict[str, Words] = {
    "issue": _("下达"),
    "dispatch": _("批量下达"),
    "loops.check": _("核对不变式"),
    "loops.escalate": _("逾期上报"),
    "loops.follow": _("事项随地方划转"),
    "loops.mark_overdue": _("标记逾期"),
    "orgs.follow": _("机构随地方划转"),
    "evidence.add": _("添加证据"),
    "places.boundaries": _("导入边界"),
    "places.communities": _("载入社区"),
    "places.load": _("载入行政区划"),
    "places.merge": _("合并地方"),
    "places.move": _("划转地方"),
    "places.rename": _("地方更名"),
    "problem.describe": _("说明问题"),
    "task.join": _("由多家联合承办"),
    "view.share": _("共享视图"),
    "request.ask": _("向上请示"),
    "request.accept": _("确认已答复"),
    "problem.find": _("发现问题"),
    "problem.promise": _("期限提前到承诺的时限"),
    "problem.serve": _("关联任务"),
}

FLOWS: dict[str, Words] = {"relay": _("传达分解"), "task": _("任务"), "problem": _("问题"), "request": _("向上请示"),
                            "signal": _("监测信号"),
                            "inquiry": _("流调"), "need": _("照护诉求")}  # fmt: skip


@cache
def acts() -> dict[str, Words]:
    """Words of the acts in the audit, every area's included."""
    whole = dict(ACTS)
    for part in gathered("words", "ACTS"):
        whole.update(part)
    return whole


@cache
def _named(name: str) -> dict[str, Words]:
    """A table of words that areas have, put together."""
    return {key: told for part in gathered("words", name) for key, told in part.items()}


def duty_words(duty: str) -> Words:
    """What a duty is called."""
    return _named("DUTIES").get(duty, duty)


def role_words(role: str) -> Words:
    """What a type of post is called."""
    return _named("ROLES").get(role, role)


def act_words(action: str) -> Words:
    """What an audit action is called; a move is called as on its button."""
    named = acts().get(action)
    if named is not None:
        return named
    last = action.rpartition(".")[2]
    if last in MOVES:
        return MOVES[last][0]
    return acts().get(last, action)


def titled(thing: Any, otherwise: str = "") -> str:
    """The title of a row of a pack, or of anything else with both titles, for the reader."""
    name = "title_en" if (get_language() or "").startswith("en") else "title"
    found = thing.get(name) if isinstance(thing, Mapping) else getattr(thing, name, None)
    return str(found or otherwise)


def measured(row: Mapping[str, Any]) -> str:
    """The measure of a row of a pack, for the reader."""
    return titled({"title": row["measure"], "title_en": row["measure_en"]})


def choices_of(rows: Iterable[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Rows of a pack as the choices of a field."""
    return [(str(row["key"]), titled(row)) for row in rows]
