"""Tell the story of the demonstration up to the present: directives, problems, supervision."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction

from bihuan.config.demo.story import papers, script
from bihuan.config.demo.story.cascade import Cascade, Urgent
from bihuan.config.demo.story.communique import receive
from bihuan.config.demo.story.outside import FromOutside
from bihuan.config.demo.story.oversight import Oversight
from bihuan.config.demo.story.problems import Problems
from bihuan.config.demo.story.stage import Stage
from bihuan.config.demo.story.tasks import Tasks
from bihuan.core.clock import day_start, local_date
from bihuan.core.loops import services as loops
from bihuan.core.loops.services import tick
from bihuan.core.loops.services.opening import Deadline
from bihuan.core.loops.types import BriefInput
from bihuan.core.orgs.services.parties import record_personal_act
from bihuan.core.orgs.types import Actor, Role
from bihuan.core.places.models import Place
from bihuan.supervision.services.problems import demand_figures

MEETING_DAYS_AGO = 9
URGENT_DAYS_AGO = 2
PROBLEMS = {"tiny": 16, "small": 24, "full": 24}


@transaction.atomic
def tell_story(
    *, province: str, scale: str, at: datetime, progress: Callable[[float], object]
) -> None:
    """Play everything that happened in the last nine days; `progress` is told how far it is."""
    place = Place.objects.get(code=province, valid_to=None)
    stage = Stage(province=province, at=at)
    tasks = Tasks(stage)
    met = day_start(local_date(at) - timedelta(days=MEETING_DAYS_AGO)) + timedelta(hours=10.5)
    rain = day_start(local_date(at) - timedelta(days=URGENT_DAYS_AGO)) + timedelta(hours=8)
    stage.later(met, Cascade(stage, tasks, place).issue)
    stage.later(rain, Urgent(stage, tasks, place).issue)
    Problems(stage, place).spread(count=PROBLEMS[scale], begun=met)
    Oversight(stage, place).begin(met)
    FromOutside(stage, place).begin(met)
    stage.later(at - timedelta(hours=2), partial(receive, stage, place))
    _lead_in_person(stage, place, met)
    stage.later(at - timedelta(hours=50), partial(_ask_the_office, stage, place))
    for day in (2, 4, 7):
        stage.later(met + timedelta(days=day), lambda now: tick(at=now))
    stage.play(progress)
    demand_figures(at=at)
    tick(at=at)


def _ask_the_office(stage: Stage, province: Place, at: datetime) -> None:
    """The commander wants things of the own office too: soon, in some days, and long ago."""
    by, office = stage.holder(province.pk, Role.COMMANDER), stage.desk(province.pk)
    for title, text, domain, criterion, hours in papers.OFFICE_TASKS:
        given = BriefInput(title, text, domain, criterion=criterion, basis=script.BASIS)
        due = Deadline(stage.at + timedelta(hours=hours))
        brief = loops.write_brief(given=given, place=province, at=at)
        loops.issue(brief=brief, owner_post_id=office.post_id, by=by, at=at, deadline=due)


def _lead_in_person(stage: Stage, province: Place, met: datetime) -> None:
    """What the principals did themselves."""
    first = stage.children(province.pk)[0]
    others = stage.children(first.pk)[::2] + stage.children(province.pk)[1::2]
    for number, (kind, note) in enumerate(script.PERSONAL_ACTS):
        for place in (province, first, *(others if number < 2 else ())):
            chief = stage.holder(place.pk, Role.COMMANDER)
            did = partial(_did, kind, note, chief)
            stage.later(stage.after(met, 24 * number, 24 * number + 9), did)


def _did(kind: str, note: str, by: Actor, at: datetime) -> None:
    record_personal_act(kind=kind, note=note, by=by, at=at)
