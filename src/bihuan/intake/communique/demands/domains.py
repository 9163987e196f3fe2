"""The closed list of domains: which of the sixteen a demand belongs to, and which others it has.

Signs are weighed by how specific they are; the clause that carries the verb counts double. Attitude
and responsibility only decide when nothing specific is said.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import accumulate
from operator import itemgetter
from typing import Final

from bihuan.intake.communique.demands.signs import executors, hits
from bihuan.intake.communique.types import Domain

_WHOLE_WORK: Final[tuple[tuple[Domain, re.Pattern[str]], ...]] = (
    ("natural-hazards", re.compile("防汛|抗旱|防台|防火|防灭火|地灾|三防")),
    ("work-safety", re.compile("安全生产|安全防线|安全底线|安全稳定|事故")),
    ("command", re.compile("疫情|防疫|防控|抗疫")),
    ("natural-hazards", re.compile("汛|灾|火")),
    ("work-safety", re.compile("安全")),
    ("economy", re.compile("经济|发展|生产")),
)
_GENERIC: Final[frozenset[Domain]] = frozenset(("command", "governance-political"))
_LABEL: Final = re.compile(r"[(]?[一二三四五六七八九十\d]{1,3}[)、是要.]\s?")
_MOST: Final = 4
# A clause that carries no verb of its own: a fronted case, or a generic 盯紧 before the act.
_TOPIC_CLAUSE: Final = re.compile(
    r"^(?:针对|按照|根据|为了?|因|凡|一旦|如|对[^,]*的$|对[^,要]{2,24}$|"
    r"[^,]{0,12}发挥[^,]{2,16}(?:作用|优势)$|在[^,]{0,20}(?:前提下|基础上)|\d{1,2}月|"
    r"(?:[一二三四五六七八九十]?要)?(?:盯紧|紧盯|聚焦|突出|围绕|瞄准|坚持))|[^目]的$"
)
_PRIOR: Final = 1.2
_HEAD: Final = 2.6
_MANY: Final = 0.1
_LENT_WEIGHT: Final = 3.0
_NAMES_IT: Final = 3.0  # an executor of this weight (采样点, 流调队, 督导组) is a sign by itself
_POLITICAL: Final = re.compile(
    "习近平|总书记[^,]{0,20}(?:精神|重要)|政治站位|人民至上|思想和行动统一|"
    "“[两四]个(?:维护|意识|自信)”|底线思维|这根弦"
)
_TOPICS: Final[tuple[tuple[Domain, re.Pattern[str]], ...]] = (
    ("command", re.compile("疫情|新冠|防疫|核酸|传染病|登革|流感|隔离")),
    (
        "work-safety",
        re.compile(
            "安全生产|燃气|消防|矿山|危化|隐患|道路交通|施工|火灾|安全防范|安委|溺水|食品安全|校园安全|"
            "假期安全|烟花爆竹"
        ),
    ),
    (
        "natural-hazards",
        re.compile(
            "防汛|抗旱|台风|地质灾害|森林|洪|雨雪|冰冻|防灭火|地震|防灾|减灾|草原|暴雨|旱情|寒潮|防台|防火"
        ),
    ),
    ("economy", re.compile("复工复产|企业复工")),
)
# Words that mean the topic's own work: monitoring is of rivers in one text, of cases in another.
_LENT: Final[dict[Domain, tuple[Domain, re.Pattern[str]]]] = {
    "natural-hazards": (
        "natural-hazards",
        re.compile("监测|预警|预报|转移|撤离|重点部位|巡查|会商|测报|设卡|检查站|登记"),
    ),
    "command": (
        "epidemic-sensing",
        re.compile("监测|预警|排查|摸底|摸清|摸排|摸一遍|核实|核对|清点|填报|申报|问清|走势|随访"),
    ),
    "work-safety": (
        "work-safety",
        re.compile("排查|检查|抽查|抽检|整治|巡查|监管|专班|三问|立案|自检|承诺书"),
    ),
}


def domains(
    text: str,
    *,
    actionable: bool,
    parties: tuple[str, ...],
    near: Domain | None,
    topic: Domain | None,
) -> tuple[Domain, ...]:
    """The demand's domain first, then every other domain with content of its own.

    `parties` (its executors), `near` (the domain before) and `topic` (the document's) tip the scale; they
    decide alone where the demand itself shows no sign.
    """
    lean, pull = _leaning(parties)
    for party in parties:
        text = text.replace(party, "□" * len(party), 1)
    label = _LABEL.match(text)
    clauses = (text[label.end() :] if label else text).split(",")
    if _POLITICAL.search(clauses[0] if actionable else ",".join(clauses[:2])):
        return ("governance-political",)
    scores, weak = _scores(clauses, topic, firm=3 if actionable else 2)
    if not scores and not weak:
        return (near or lean or topic or _whole_work(text) or "command",)
    if not scores or (not actionable and max(weak.values(), default=0) > max(scores.values())):
        for domain, value in weak.items():
            scores[domain] = scores.get(domain, 0.0) + value
    elif not actionable:
        for domain, value in weak.items():
            scores[domain] = scores.get(domain, 0.0) + 0.5 * value
    for known, weight in ((near, _PRIOR), (topic, _PRIOR), (lean, pull)):
        if known is not None and (known in scores or weight >= _NAMES_IT):
            scores[known] = scores.get(known, 0.0) + weight
    return _ranked(scores, weak)


def _ranked(scores: dict[Domain, float], weak: dict[Domain, float]) -> tuple[Domain, ...]:
    """The heaviest domain, and the few others that are not far behind it."""
    order = sorted(scores, key=lambda d: -scores[d])
    others = sorted(
        (d for d in dict.fromkeys((*order[1:], *weak)) if d != order[0]),
        key=lambda d: -scores.get(d, weak.get(d, 0.0)),
    )
    top = scores[order[0]]
    kept = (
        d for d in others[: _MOST - 1] if scores.get(d, weak.get(d, 0.0)) >= max(2.0, 0.3 * top)
    )
    return (order[0], *kept)


def _leaning(parties: tuple[str, ...]) -> tuple[Domain | None, float]:
    """The domain that the name of the first telling executor suggests most strongly, and how strongly."""
    for party in parties:
        told = [section for section, signs in executors() if signs.search(party)]
        if told:
            return max(told, key=itemgetter(1))
    return None, 0.0


def _scores(
    clauses: list[str], topic: Domain | None, *, firm: int
) -> tuple[dict[Domain, float], dict[Domain, float]]:
    """Weights of the specific signs, and of attitude and responsibility apart.

    In a clause the heaviest sign of a domain counts, a little more when there are several; the clause
    with the verb counts most, a topic before it half.
    """
    scores: dict[Domain, float] = {}
    weak: dict[Domain, float] = {}
    text = ",".join(clauses)
    ends = list(accumulate(len(clause) + 1 for clause in clauses))
    told = {(section, bisect_right(ends, place), word): None for section, place, word in hits(text)}
    found: dict[tuple[bool, Domain, int], tuple[float, int]] = {}
    lent = _LENT.get(topic) if topic else None
    borrowed = [bisect_right(ends, m.start()) for m in lent[1].finditer(text)] if lent else []
    telling = {number for (_, weight), number, _ in told if weight >= firm}
    head = _head(clauses, telling.union(borrowed))
    for (domain, weight), number, _ in told:
        key = (weight < 3 and domain in _GENERIC, domain, number)
        most, seen = found.get(key, (0.0, 0))
        found[key] = max(most, weight), seen + 1
    if lent:
        for number in dict.fromkeys(borrowed):
            most, seen = found.get((False, lent[0], number), (0.0, 0))
            found[False, lent[0], number] = max(most, _LENT_WEIGHT), seen + 1
    for (vague, domain, number), (most, seen) in found.items():
        size = most * min(seen, 3) ** _MANY * _factor(number, head)
        target = weak if vague else scores
        target[domain] = target.get(domain, 0.0) + size
    return scores, weak


def _factor(number: int, head: int) -> float:
    return _HEAD if number == head else 0.5 if number < head else 1.0


def topic_of(title: str, body: str) -> Domain | None:
    """What the whole document is about, by the words of its title, then of its body."""
    for source in (title, body[:400], body):
        counts = {domain: len(signs.findall(source)) for domain, signs in _TOPICS}
        best = max(counts, key=lambda d: counts[d])
        if counts[best]:
            return best
    return None


def _head(clauses: list[str], telling: set[int]) -> int:
    """The clause that carries the verb: the first that is no fronted topic, and tells something."""
    plain = [number for number, clause in enumerate(clauses) if not _TOPIC_CLAUSE.search(clause)]
    return next((number for number in plain if number in telling), plain[0] if plain else 0)


def _whole_work(text: str) -> Domain | None:
    return next((domain for domain, signs in _WHOLE_WORK if signs.search(text)), None)
