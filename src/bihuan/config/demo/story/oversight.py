"""Supervision of the invented province: a plan and its second pass, a team, visits, a rota."""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from bihuan.config.demo.story import papers
from bihuan.config.demo.story.papers import Seen
from bihuan.config.demo.story.problems import Story
from bihuan.config.demo.story.stage import Deck, Stage
from bihuan.core.clock import local_date
from bihuan.core.orgs.models import Org, OrgKind, Post, Venue
from bihuan.core.orgs.types import Actor, Role
from bihuan.core.places.models import Place
from bihuan.supervision.models import Plan, PlanSite, PlanStep, Result, Team, Visit
from bihuan.supervision.services import plans, rounds, visits
from bihuan.supervision.types import Outcome

COVERED = (0.96, 0.74, 1.0, 0.38, 0.85, 0.0, 0.62, 0.9)  # share of sites seen, city by city
GAP, ABSENT = 0.09, 0.03  # share of looks that found something wrong, or nothing to look at
FOUND_BY_EACH = 3  # of so many cross visits one finds something
REACHED = ("begin", "describe", "assign", "prove", "close", "verify", "decide")
CROSSED = ("ended", "planned", "begun", "ended", "ended", "planned")  # rota visits, pair by pair


class Oversight:
    """What the inspectors of the province did in the last nine days."""

    def __init__(self, stage: Stage, province: Place) -> None:
        self.stage = stage
        self.province = province
        self.cities = stage.children(province.pk)
        self.chief = stage.holder(province.pk, Role.INSPECTOR)
        self.reached = Deck(stage.random, REACHED)

    def begin(self, met: datetime) -> None:
        """Put everything on the stage's plan."""
        stage = self.stage
        stage.later(met + timedelta(hours=20), self._draw_up)
        stage.later(met + timedelta(hours=26), self._form_team)
        stage.later(met + timedelta(hours=30), partial(self._draw, papers.ROUND_BEFORE))
        stage.later(met + timedelta(days=5), partial(self._draw, papers.ROUND))

    def _draw_up(self, at: datetime) -> None:
        """A plan over all units, filled city by city; some of it is looked at twice."""
        plan = plans.draw_up(
            given=plans.NewPlan(
                title=papers.PLAN, starts=local_date(at),
                ends=local_date(self.stage.at) + timedelta(days=6),
                kinds=papers.PLAN_KINDS, steps=papers.PLAN_STEPS,
            ),
            by=self.chief, at=at,
        )  # fmt: skip
        steps = list(PlanStep.objects.filter(plan=plan).order_by("position"))
        for number, city in enumerate(self.cities):
            share = COVERED[number % len(COVERED)]
            by = self.stage.desk(city.pk)
            seen = partial(self._look, plan, city, steps, share, by)
            self.stage.later(self.stage.after(at, 8, 110), seen)
        self.stage.later(at + timedelta(days=6), partial(self._second_pass, plan))

    def _look(
        self, plan: Plan, city: Place, steps: list[PlanStep], share: float, by: Actor, at: datetime
    ) -> None:
        random = self.stage.random
        results = []
        for site in PlanSite.objects.filter(plan=plan, scope__startswith=city.path).order_by("pk"):
            if random.random() >= share:
                continue
            depth = len(steps) if random.random() < 0.7 else random.randrange(2, len(steps))
            results += [self._result(site.pk, step.pk) for step in steps[:depth]]
        if results:
            plans.record_results(plan_id=plan.pk, results=results, by=by, at=at)

    def _result(self, site_id: int, step_id: int) -> plans.NewResult:
        chance = self.stage.random.random()
        if chance < GAP:
            note = self.stage.random.choice(papers.GAPS)
            return plans.NewResult(site_id, step_id, Outcome.GAP, note)
        if chance < GAP + ABSENT:
            return plans.NewResult(site_id, step_id, Outcome.ABSENT, papers.NO_SUCH_STEP)
        return plans.NewResult(site_id, step_id, Outcome.FINE)

    def _second_pass(self, plan: Plan, at: datetime) -> None:
        """The headquarters office looks again, unannounced, at what was called fine."""
        by = self.stage.desk(self.province.pk)
        second = plans.draw_up(
            given=plans.NewPlan(
                title=papers.LOOK_AGAIN, starts=local_date(at),
                ends=local_date(self.stage.at) + timedelta(days=6), kinds=(), steps=(),
                first_id=plan.pk,
            ),
            by=by, at=at,
        )  # fmt: skip
        steps = PlanStep.objects.filter(plan=second).order_by("position")[:4]
        sites = PlanSite.objects.filter(plan=second).order_by("pk")[::5][:40]
        fine = set(
            Result.objects.filter(plan=plan, outcome=Outcome.FINE).values_list(
                "site__venue_id", "step__position"
            )
        )
        results = [
            self._again(site, step)
            for site in sites
            for step in steps
            if (site.venue_id, step.position) in fine
        ]
        if results:
            later = at + timedelta(hours=7)
            write = partial(self._record, second, results, by)
            self.stage.later(later, write)

    def _again(self, site: PlanSite, step: PlanStep) -> plans.NewResult:
        random = self.stage.random
        if random.random() < 0.12:
            note = random.choice(papers.GAPS)
            existed = random.random() < 0.6
            return plans.NewResult(site.pk, step.pk, Outcome.GAP, note, existed)
        return plans.NewResult(site.pk, step.pk, Outcome.FINE)

    @staticmethod
    def _record(plan: Plan, results: list[plans.NewResult], by: Actor, at: datetime) -> None:
        plans.record_results(plan_id=plan.pk, results=results, by=by, at=at)

    def _form_team(self, at: datetime) -> None:
        """A team with a mandate; its visits begin near the accounts of the demonstration."""
        post_ids = Post.objects.filter(
            place=self.province.pk, title__in=papers.TEAM_POSTS, valid_to=None
        ).values_list("pk", flat=True)
        team = visits.form_team(
            given=visits.NewTeam(
                name=papers.TEAM, mandate=papers.MANDATE, leader_post_id=self.chief.post_id,
                member_post_ids=tuple(post_ids[:4]), starts=local_date(at),
                ends=local_date(self.stage.at) + timedelta(days=10),
            ),
            by=self.chief, at=at,
        )  # fmt: skip
        for number, (seen, post) in enumerate(zip(papers.SEEN, self._visited(), strict=False)):
            moment = at + timedelta(hours=3 + 31 * number)
            self.stage.later(moment, partial(self._plan_visit, team, post, seen))

    def _visited(self) -> list[Post]:
        """Units of the first city and, at the end, desks of cities."""
        units = Venue.objects.filter(scope__startswith=self.cities[0].path).exclude(unit=None)
        orgs = list(units.order_by("pk").values_list("unit_id", flat=True)[:4])
        posts = {post.org_id: post for post in Post.objects.filter(org__in=orgs)}
        desks = [self.stage.desk(city.pk).post_id for city in self.cities[:3]]
        named = {post.pk: post for post in Post.objects.filter(pk__in=desks)}
        return [*(posts[org] for org in orgs), *(named[pk] for pk in desks)]

    def _plan_visit(self, team: Team, post: Post, seen: Seen, at: datetime) -> None:
        moment = at + timedelta(hours=16)
        visit = visits.plan_visit(
            team_id=team.pk,
            given=visits.NewVisit(
                owner_post_id=post.pk, planned_for=moment, announced=seen.announced,
                links=papers.LINKS, sector=seen.sector,
            ),
            by=self.chief, at=at,
        )  # fmt: skip
        self.stage.later(moment, partial(self._visit, visit, seen, self.chief))

    def _visit(self, visit: Visit, seen: Seen, by: Actor, at: datetime) -> None:
        """Begin, answer every link, file what was found, end; the inspected comment."""
        visits.begin_visit(visit_id=visit.pk, by=by, at=at)
        hour = timedelta(hours=1)
        for number, link in enumerate(visit.links):
            fine = partial(self._answer, visit, link, seen, by)
            self.stage.later(at + hour * (0.4 + 0.4 * number), fine)
        self.stage.later(at + hour * 3, partial(self._end, visit, by))

    def _answer(self, visit: Visit, link: str, seen: Seen, by: Actor, at: datetime) -> None:
        if seen.link != link:
            visits.answer_link(visit_id=visit.pk, link=link, answer="fine", by=by, at=at)
            return
        finding = visits.NewFinding(seen.title, seen.text, seen.domain, seen.type_code, link)
        row = visits.file_finding(visit_id=visit.pk, given=finding, by=by, at=at)
        place = Place.objects.get(pk=row.place_id)
        told = papers.finding(seen.title, seen.text, seen.domain, seen.sector, seen.type_code)
        Story(self.stage, told, place, "general", self.reached.deal()).adopt(row, self.chief, at)

    def _end(self, visit: Visit, by: Actor, at: datetime) -> None:
        visits.end_visit(visit_id=visit.pk, by=by, at=at)
        told = partial(self._comment, visit, self.stage.actor(visit.owner_post_id))
        self.stage.later(at + timedelta(hours=4), told)

    @staticmethod
    def _comment(visit: Visit, by: Actor, at: datetime) -> None:
        visits.comment_visit(visit_id=visit.pk, comment=papers.COMMENT, by=by, at=at)

    def _draw(self, title: str, at: datetime) -> None:
        """A round of cross inspection among the cities, each pair as far as its turn."""
        orgs = Org.objects.filter(
            place__in=[city.pk for city in self.cities], kind=OrgKind.HEADQUARTERS, valid_to=None
        ).order_by("scope")
        planned = at + timedelta(hours=20)
        drawn = rounds.draw_round(
            given=rounds.NewRound(
                title=title, org_ids=tuple(orgs.values_list("pk", flat=True)),
                links=papers.LINKS, planned_for=planned,
            ),
            by=self.chief, at=at,
        )  # fmt: skip
        for number, visit in enumerate(Visit.objects.filter(pair__round=drawn).order_by("pk")):
            fate = CROSSED[number % len(CROSSED)] if title == papers.ROUND else "ended"
            seen = papers.SEEN[number % len(papers.SEEN)]
            if number % FOUND_BY_EACH:
                seen = replace(seen, link="")
            inspector = Place.objects.get(orgs=visit.inspector_org_id)
            self._cross(visit, fate, seen, self.stage.desk(inspector.pk), planned)

    def _cross(self, visit: Visit, fate: str, seen: Seen, by: Actor, planned: datetime) -> None:
        moment = self.stage.after(planned, 0, 9)
        if fate == "ended":
            self.stage.later(moment, partial(self._visit, visit, seen, by))
        elif fate == "begun":
            begin = partial(self._begin, visit, by)
            self.stage.later(moment, begin)

    @staticmethod
    def _begin(visit: Visit, by: Actor, at: datetime) -> None:
        visits.begin_visit(visit_id=visit.pk, by=by, at=at)
