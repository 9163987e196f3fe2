"""Measles at a school of the demonstration: a line list without names, chains, quiet years before.

All of it is invented. Acts are those of the product's own services.
"""

from datetime import date, datetime, timedelta
from random import Random

from bihuan.core.clock import local_date
from bihuan.core.orgs.types import Actor
from bihuan.core.places.models import Place
from bihuan.epidemic.selectors.tallies import tallies
from bihuan.epidemic.services.cases import open_event
from bihuan.epidemic.services.lists import stage_list, take_list
from bihuan.sensing.services.cases import FRESH, bring_history, detect_cases, keep_counts
from bihuan.sensing.types import CasesOf

CASES = 26
BACK_DAYS = 36  # before today the first child fell ill
WEEKS = 300  # of earlier counts


def load_school(*, county: Place, township: Place, expert: Actor, at: datetime) -> None:
    """An event, its list, and a signal of the case counts of the county."""
    begun = at - timedelta(days=2)
    event = open_event(title=f"{township.name}学校麻疹聚集", disease_code="measles",
                       place_id=county.pk, by=expert, at=begun)  # fmt: skip
    data = _list(township, local_date(at) - timedelta(days=BACK_DAYS)).encode()
    row = stage_list(event_id=event.pk, file_name="学校一览表.csv", data=data, by=expert, at=begun)
    take_list(list_id=row.pk, by=expert, at=begun)
    random = Random("麻疹周报")  # noqa: S311  the same years each time
    days = [local_date(at) - timedelta(days=7 * n) for n in range(2, WEEKS)]
    history = [CasesOf("measles", county.path, day, random.randint(0, 1)) for day in days]
    bring_history(rows=history, by=expert, at=begun)
    keep_counts(tallies=tallies(since=at - FRESH, at=at), at=at)
    detect_cases(at=at, scope=expert.scope)


def _list(township: Place, first: date) -> str:
    """Children by number: each but the first was infected by one of the earlier half."""
    random = Random("麻疹")  # noqa: S311
    onsets = [0]
    lines = ["编号,年龄,发病日期,诊断日期,传染源,暴露地点"]
    for number in range(CASES):
        source = random.randrange(max(1, number // 3)) if number else 0
        if number:
            onsets.append(min(onsets[source] + random.randint(8, 12), BACK_DAYS - 4))
        day = first + timedelta(days=onsets[number])
        told = f"M{source + 1}" if number and number % 3 else ""
        place = f"{township.short_name}小学三年级{1 + number % 3}班" if number % 4 else ""
        lines.append(
            f"M{number + 1},{6 + number % 7},{day},{day + timedelta(days=2)},{told},{place}"
        )
    return "\n".join(lines) + "\n"
