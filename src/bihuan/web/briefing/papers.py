"""A report as a paper: made of its stored content alone, so that it reads the same in years."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bihuan.core.clock import local
from bihuan.core.packs import registry
from bihuan.epidemic.types import Origin
from bihuan.web.briefing.words import LACKING
from bihuan.web.printing import Block, Grid, Heading, Pairs, Paper, Signature, Text


def paper_of(row: Any, *, language: str) -> Paper:
    """The paper of a stored report, in the reader's language."""
    said = row.content
    english = language == "en"
    kinds = registry.edition("situation", row.made_at, scope=row.scope).rows("event_report")
    kind = kinds[row.kind]["title_en" if english else "title"]
    return Paper(
        title=f"{said['title']} {kind}", number=f"{row.number} · v{row.version} · {row.digest[:16]}",
        sub=_("%(place)s · 截至 %(moment)s") % {
            "place": said["place"], "moment": _moment(said["known_at"])},
        blocks=tuple(_blocks(row, said, english=english)), language="en" if english else "zh",
    )  # fmt: skip


def _moment(text: str) -> str:
    return f"{local(datetime.fromisoformat(text)):%Y-%m-%d %H:%M}"


def _blocks(row: Any, said: dict[str, Any], *, english: bool) -> Iterator[Block]:
    yield Heading(_("病例"))
    name = "title_en" if english else "title"
    yield Grid(
        (_("分类"), _("新增"), _("现有"), _("累计治愈"), _("累计死亡"), _("累计")),
        tuple((line[name], *map(str, line["figures"])) for line in said["lines"]),
        frozenset(range(1, 6)),
    )
    yield Pairs(tuple(_figures(said)))
    if said["areas"]:
        yield Grid((_("县区"), _("新增"), _("累计")),
                   tuple(tuple(map(str, area)) for area in said["areas"]), frozenset({1, 2}))  # fmt: skip
    yield Heading(_("传播"))
    yield Pairs(tuple(_spread(said["estimate"])))
    if said["estimate"]["ahead"]:
        yield Grid(
            (_("日期"), _("低"), _("中"), _("高")),
            tuple((day, *(f"{n:.0f}" for n in values))
                  for day, *values in said["estimate"]["ahead"]),
            frozenset({1, 2, 3}), _("每日新发预测(90% 区间,假定传播力不变)"),
        )  # fmt: skip
    yield Heading(_("近日"))
    yield Grid(
        (_("日期"), _("新增"), _("社会面"), _("管控中"), _("出院、死亡"), _("现有")),
        tuple(tuple(map(str, day)) for day in said["days"][-14:]),
        frozenset(range(1, 6)),
    )
    if said["orders"]:
        yield Heading(_("生效中的控制措施"))
        yield Grid((_("范围"), _("到期"), _("人数")),
                   tuple((area, _moment(end), str(n)) for area, end, n in said["orders"]),
                   frozenset({2}))  # fmt: skip
    yield from _words(row, said, english=english)


def _figures(said: dict[str, Any]) -> Iterator[tuple[str, str]]:
    held, every = said["share_week"]
    yield _("七日内管控中发现"), f"{held}/{every}"
    yield _("社会面连续零新增"), _days(said["zero"]["run"])
    origins = dict(Origin.choices)
    for key, n in said["origins"]:
        if n:
            yield str(origins.get(key, key)), str(n)


def _days(n: int) -> str:
    return ngettext("%(n)d 天", "%(n)d 天", n) % {"n": n}


def _spread(guess: dict[str, Any]) -> Iterator[tuple[str, str]]:
    number, low, high = guess["r"]
    if number is None:
        yield _("再生数"), str(LACKING.get(guess["lacking"], LACKING["few"]))
    else:
        yield _("再生数"), f"{number:.2f}(90%:{low:.2f}–{high:.2f})"
        rate, least, most = guess["growth"]
        yield _("日增长率"), f"{rate:+.1%}({least:+.1%}–{most:+.1%})"
        yield _("估计截至(按发病)"), guess["until"]
    yield _("拐点"), guess["turned"] or _("未出现")


def _words(row: Any, said: dict[str, Any], *, english: bool) -> Iterator[Block]:
    asks = registry.edition("situation", row.made_at, scope=row.scope).rows("report_ask")
    for key, text in said["words"].items():
        yield Heading(asks[key]["title_en" if english else "title"])
        yield Text(text)
    judged = said["judgement"]
    yield Heading(_("研判意见"))
    if judged:
        yield Text(judged["text"])
        yield Signature(_("撰写"), judged["written_by"])
        yield Signature(_("签发人"), f"{judged['signed_by']} {_moment(judged['signed_at'])}")
    else:
        yield Text(_("截至本报告,没有已签发的研判。"), quiet=True)
    late = _("迟 %(n)d 分钟:%(why)s") % {"n": row.late_minutes, "why": row.late_reason}
    made = f"{row.made_by} {local(row.made_at):%Y-%m-%d %H:%M}"
    due = f"{local(row.due_at):%Y-%m-%d %H:%M}({row.due_rule})"
    yield Pairs((
        (_("报送"), made), (_("时限"), due),
        (_("及时性"), late if row.late_minutes else _("按时")), (_("方案"), said["edition"]),
    ))  # fmt: skip
