"""Problems found in several places, each at another gate of its way to being closed."""

from datetime import datetime, timedelta
from functools import partial

from bihuan.config.demo.story import script
from bihuan.config.demo.story.script import Finding
from bihuan.config.demo.story.stage import Deck, Stage
from bihuan.config.demo.story.tasks import photograph, prove
from bihuan.core.loops import services as loops
from bihuan.core.loops.models import Obligation
from bihuan.core.loops.services.opening import Origin
from bihuan.core.loops.services.problems import Description
from bihuan.core.loops.types import BriefInput, MoveInput
from bihuan.core.orgs.models import Post
from bihuan.core.orgs.types import Actor, Role
from bihuan.core.places.models import Place

# How far each problem has come, as the number of steps that were taken.
STEPS = (
    "register", "grade", "assign", "begin", "describe", "prove", "verify", "propose", "reply",
    "decide", "close",
)  # fmt: skip
REACHED = (
    "close", "begin", "assign", "verify", "", "prove", "close", "describe", "reply", "grade",
    "decide", "register", "close", "propose", "prove", "begin",
)  # fmt: skip
GRADES = ("general", "general", "major", "general")


class Problems:
    """Finds problems and leads each one through its gates."""

    def __init__(self, stage: Stage, province: Place) -> None:
        self.stage = stage
        self.province = province
        self.reached = Deck(stage.random, REACHED)
        self.findings = list(script.FINDINGS)

    def spread(self, *, count: int, begun: datetime) -> None:
        """Plan `count` problems: the first ones near the demo accounts, the others anywhere."""
        townships = list(
            Place.objects.filter(
                path__startswith=self.stage.scope, level="township", valid_to=None
            ).order_by("path")
        )
        near = townships[: max(3, count // 6)]
        for number in range(count):
            place = (
                near[number % len(near)] if number % 3 == 0 else self.stage.random.choice(townships)
            )
            finding = self.findings[number % len(self.findings)]
            grade = GRADES[number % len(GRADES)]
            story = Story(self.stage, finding, place, grade, self.reached.deal())
            if story.last < STEPS.index("assign"):  # too young to have a task
                found = self.stage.at - timedelta(hours=self.stage.random.uniform(5, 20))
            else:
                found = self.stage.after(begun, 1, 130)
            self.stage.later(found, partial(story.find, number))


class Story:
    """One problem from the finding to the last step it reaches."""

    def __init__(
        self, stage: Stage, finding: Finding, place: Place, grade: str, reached: str
    ) -> None:
        self.stage = stage
        self.finding = finding
        self.place = place
        self.grade = grade
        self.last = STEPS.index(reached) if reached else -1
        self.row: Obligation
        self.task: Obligation
        self.responsibility = 0

    def find(self, number: int, at: datetime) -> None:
        """The finding itself: by a team of the province, a city's department, or the county."""
        assert self.place.parent_id is not None
        self.judge = self.stage.desk(self.place.parent_id)
        self.finder, origin = self._finder(number)
        self.owner = self._owner()
        finding = self.finding
        brief = loops.write_brief(
            given=BriefInput(
                title=f"{self.place.short_name}:{finding.title}", text=finding.text,
                domain=finding.domain, sector=finding.sector,
                criterion=f"{finding.figure[0]}达到 {finding.figure[2]:g}",
            ),
            place=self.place, at=at,
        )  # fmt: skip
        self.row = loops.open_problem(
            brief=brief, owner_post_id=self.owner.post_id, by=self.finder, at=at, origin=origin,
            type_code=finding.type_code,
        )  # fmt: skip
        self.row.place = self.place
        photograph(self.row, number=number % 12, by=self.finder, at=at)
        self._next(0, at)

    def adopt(self, row: Obligation, finder: Actor, at: datetime) -> None:
        """Lead on a problem that somebody else found and registered."""
        assert self.place.parent_id is not None
        self.judge = self.stage.desk(self.place.parent_id)
        self.finder, self.row, self.owner = finder, row, self.stage.owner(row)
        self._next(STEPS.index("grade"), at)

    def _finder(self, number: int) -> tuple[Actor, Origin]:
        stage = self.stage
        province = Place.objects.get(path=stage.scope, valid_to=None)
        if number % 3 == 0:
            return stage.holder(province.pk, Role.INSPECTOR), Origin("visit", "省督导组")
        department = stage.department(self.judge.place_id, self.finding.sector)
        if number % 3 == 1 or department is None:
            return self.judge, Origin("self", "日常检查")
        return department, Origin("cross", "交叉检查")

    def _owner(self) -> Actor:
        """The unit of the place for safety findings where there is one, otherwise its desk."""
        units = Post.objects.filter(place=self.place, role=Role.UNIT.value).order_by("pk")
        unit = units.first() if self.finding.domain == "work-safety" else None
        return self.stage.actor(unit.pk) if unit else self.stage.desk(self.place.pk)

    def _next(self, step: int, at: datetime) -> None:
        """Plan the next step, if the problem gets so far."""
        if step > self.last or step >= len(STEPS):
            return
        least, most = {"register": (0.1, 0.8), "grade": (0.5, 3)}.get(STEPS[step], (1, 9))
        moment = self.stage.after(at, least, most)
        self.stage.later(moment, lambda now: self._step(step, now))

    def _step(self, step: int, at: datetime) -> None:
        getattr(self, f"_{STEPS[step]}")(at)
        self._next(step + 1, at)

    def _move(self, move: str, by: Actor, at: datetime, given: MoveInput | None = None) -> None:
        loops.act(obligation_id=self.row.pk, move=move, by=by, at=at, given=given or MoveInput())

    def _register(self, at: datetime) -> None:
        self._move("register", self.finder, at)

    def _grade(self, at: datetime) -> None:
        major = self.grade == "major"
        given = MoveInput(
            grade=self.grade,
            interim=self.finding.interim if major else "",
            interim_post_id=self.owner.post_id if major else None,
        )
        self._move("grade", self.finder, at, given)

    def _assign(self, at: datetime) -> None:
        self._move("assign", self.finder, at, MoveInput(owner_post_id=self.owner.post_id))
        finding = self.finding
        brief = loops.write_brief(
            given=BriefInput(
                title=finding.countermeasure, text=f"{finding.title}:{finding.countermeasure}",
                domain=finding.domain, sector=finding.sector, basis=self.row.number,
                criterion=f"{finding.figure[0]}达到 {finding.figure[2]:g}",
            ),
            place=self.place, at=at,
        )  # fmt: skip
        self.task = loops.issue(brief=brief, owner_post_id=self.owner.post_id, by=self.judge, at=at)
        loops.serve_problem(problem_id=self.row.pk, task_id=self.task.pk, by=self.judge, at=at)

    def _begin(self, at: datetime) -> None:
        self._move("begin", self.owner, at)

    def _describe(self, at: datetime) -> None:
        name, before, target, _after = self.finding.figure
        given = Description(
            cause=self.finding.cause, extent=self.finding.extent, similar=self.finding.similar,
            countermeasure=self.finding.countermeasure, figure_name=name, figure_before=before,
            figure_target=target, remeasure_on=(at + timedelta(days=7)).date(),
        )  # fmt: skip
        loops.describe_problem(obligation_id=self.row.pk, given=given, by=self.owner, at=at)

    def _prove(self, at: datetime) -> None:
        figure = (self.finding.figure[3], self.finding.figure[0])
        prove(self.task, text=self.finding.proof, figure=figure, by=self.owner, at=at)
        loops.act(obligation_id=self.task.pk, move="prove", by=self.owner, at=at)
        loops.act(obligation_id=self.task.pk, move="accept", by=self.judge, at=at)
        self._move("prove", self.owner, at)

    def _verify(self, at: datetime) -> None:
        given = Description(figure_after=self.finding.figure[3])
        loops.describe_problem(obligation_id=self.row.pk, given=given, by=self.finder, at=at)
        self._move("verify", self.finder, at)

    def _propose(self, at: datetime) -> None:
        blamed = self.stage.holder(self.place.pk, Role.DEPUTY)
        entry = loops.propose_responsibility(
            obligation_id=self.row.pk, party="territory", post_id=blamed.post_id,
            duty="负责辖区日常巡查,发现并及时报告隐患", by=self.finder, at=at,
        )  # fmt: skip
        self.responsibility = entry.pk

    def _reply(self, at: datetime) -> None:
        loops.reply_responsibility(
            responsibility_id=self.responsibility, reply="情况属实,已约谈责任人并补齐巡查台账。",
            by=self.stage.holder(self.place.pk, Role.DEPUTY), at=at,
        )  # fmt: skip

    def _decide(self, at: datetime) -> None:
        met = self.grade != "major"
        loops.decide_responsibility(
            responsibility_id=self.responsibility, met=met,
            consequence="不追究,因已在期限内整改" if met else "约谈并在县(区)范围内通报",
            by=self.finder, at=at,
        )  # fmt: skip

    def _close(self, at: datetime) -> None:
        self._move("close", self.finder, at)
