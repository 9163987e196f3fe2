"""A second outbreak for the situation pages: six weeks that rise, turn and fall; judged and reported.

All of it is invented. Cases are pseudonyms of nobody; figures, judgement, report and question are
acts of the product's own services.
"""

from datetime import datetime, timedelta
from random import Random

from django.db import transaction

from bihuan.core.clock import local_date
from bihuan.core.orgs.models import Post
from bihuan.core.orgs.selectors import actor_in_post
from bihuan.core.orgs.types import Actor, Role
from bihuan.core.places.models import Place
from bihuan.epidemic.models import Case, CaseClass, Event
from bihuan.epidemic.services.cases import open_event
from bihuan.epidemic.services.reports import NewReport, make_report
from bihuan.epidemic.services.situation import sign_judgement, write_judgement
from bihuan.epidemic.types import AGES, FoundIn, Origin

DAILY = (1, 0, 1, 2, 1, 2, 3, 3, 4, 5, 6, 7, 9, 10, 12, 13, 14, 13, 12, 11, 10, 8, 7, 7, 5, 5, 4, 3,
         3, 2, 2, 1, 2, 1, 1)  # fmt: skip
JUDGEMENT = (
    "疫情已过高峰:按发病计的再生数连续七日以上低于 1,近一周新增多在隔离管控中发现,"
    "不明来源病例减少。建议维持现有最小范围的管控,到期自动解除,不扩大检测范围。"
)


@transaction.atomic
def load_situation(*, province: str, at: datetime) -> None:
    """An outbreak of the first county, known day by day, with a signed judgement and a report."""
    first = Place.objects.filter(code__startswith=province, level="county", valid_to=None)
    county = first.order_by("code")[0]
    begun = at - timedelta(days=len(DAILY) + 1)
    expert, chief = (_post(county, role, at) for role in (Role.EPIDEMIOLOGY, Role.COMMANDER))
    event = open_event(title=f"{county.name}新冠聚集性疫情", disease_code="covid19",
                       place_id=county.pk, by=expert, at=begun)  # fmt: skip
    _cases(event, county, expert, at)
    row = write_judgement(event_id=event.pk, place=county, text=JUDGEMENT, known_at=at, by=expert,
                          at=at)  # fmt: skip
    sign_judgement(judgement_id=row.pk, by=chief, at=at)
    make_report(given=NewReport(event.pk, county, "daily", at), by=expert, at=at)


def _post(place: Place, role: Role, at: datetime) -> Actor:
    posts = Post.objects.filter(place=place, role=role.value, valid_to=None).order_by("order", "pk")
    return actor_in_post(post_id=posts[0].pk, at=at)


def _cases(event: Event, county: Place, expert: Actor, at: datetime) -> None:
    dice = Random("形势")  # noqa: S311  the same figures each time
    towns = list(Place.objects.filter(parent=county, valid_to=None).order_by("code")[:6])
    rows: list[Case] = []
    for back, n in enumerate(reversed(DAILY)):
        for _ in range(n):
            reported = at - timedelta(days=back, minutes=30 + dice.randrange(240))
            delay = dice.choice((0, 1, 1, 2, 2, 3, 4))
            late = back < len(DAILY) // 2
            found = FoundIn.ISOLATION if dice.random() < (0.75 if late else 0.25) else dice.choice(
                (FoundIn.CLINIC, FoundIn.SCREENING, FoundIn.COMMUNITY))  # fmt: skip
            town = dice.choice(towns)
            rows.append(Case(
                event=event, pseudonym=f"XS{len(rows):010d}", place=town, scope=town.path,
                kind="confirmed", age_band=dice.choice(AGES), findings=["pcr"],
                onset=local_date(reported) - timedelta(days=delay), diagnosed_at=reported,
                reported_at=reported, origin=dice.choice((Origin.KNOWN, Origin.UNKNOWN)),
                found_in=found, reporter_org_id=expert.org_id,
                expires_at=at + timedelta(days=180),
            ))  # fmt: skip
    made = Case.objects.bulk_create(rows)
    CaseClass.objects.bulk_create(
        CaseClass(case=row, at=row.reported_at, kind=row.kind, proposed=row.kind,
                  edition="cn.covid19.control@10", met=["pcr"], by=expert.name)
        for row in made
    )  # fmt: skip
