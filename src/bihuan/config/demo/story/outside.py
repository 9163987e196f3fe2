"""What reaches the province from outside, and what it asks of those below: lists and figures."""

from datetime import datetime, timedelta
from functools import partial

from bihuan.config.demo.story import papers
from bihuan.config.demo.story.papers import Book, Outside
from bihuan.config.demo.story.problems import Story
from bihuan.config.demo.story.stage import Stage
from bihuan.core.clock import local_date
from bihuan.core.loops.models import Obligation
from bihuan.core.orgs.models import Venue
from bihuan.core.orgs.types import Actor
from bihuan.core.places.models import Place
from bihuan.supervision.models import Candidate, ExternalItem, FigureAsk
from bihuan.supervision.services import burden, external, quality, registers, uploads

WEEKS = 3
REACHED = ("decide", "decide", "describe", "begin")  # of the findings of the older list
HASTE = {"夜间值守人数": (40, 200), "已转移户数": (120, 560)}  # seconds that filling in takes


class FromOutside:
    """Findings of other people's teams, registers, and the forms that townships fill in."""

    def __init__(self, stage: Stage, province: Place) -> None:
        self.stage = stage
        self.province = province
        self.city = stage.children(province.pk)[0]
        self.by = stage.desk(province.pk)

    def begin(self, met: datetime) -> None:
        """Put everything on the stage's plan."""
        stage = self.stage
        stage.later(met + timedelta(hours=6), partial(self._receive, papers.ANSWERED_LIST))
        fresh = stage.at - timedelta(hours=20)
        stage.later(fresh, partial(self._receive, papers.FRESH_LIST))
        stage.later(met + timedelta(days=8, hours=6), self._answer)
        for number, book in enumerate(papers.BOOKS):
            by = stage.desk((self.city, self.province)[number].pk)
            moment = met + timedelta(days=3 + number, hours=2)
            stage.later(moment, partial(self._compare, book, by))
        stage.later(stage.at - timedelta(weeks=WEEKS), self._ask)
        stage.later(met + timedelta(hours=60), self._checklists)

    def _receive(self, given: Outside, at: datetime) -> None:
        """Load a list; the findings of the older one are worked off by the first city's desks."""
        answer_by = local_date(self.stage.at) + timedelta(days=given.days)
        places = self.stage.children(self.stage.children(self.city.pk)[0].pk)
        posts = [self.stage.desks[place.pk] for place in places]
        owners = posts if given is papers.ANSWERED_LIST else [*posts[:1], self.by.post_id]
        upload = uploads.stage(
            kind="external", file_name="反馈问题清单.csv", data=given.table(owners).encode(), by=self.by,
            given={"issuer": given.issuer, "document": given.document,
                   "answer_by": answer_by.isoformat()}, at=at,
        )  # fmt: skip
        parent, _report = external.load_findings(upload_id=upload.pk, by=self.by, at=at, says=())
        if given is papers.FRESH_LIST:
            return
        items = parent.items.select_related("problem").order_by("number")
        for (told, item), reached in zip(
            zip(given.findings, items, strict=True), REACHED, strict=True
        ):
            title, text, domain, type_code = told
            place = Place.objects.get(pk=item.problem.place_id)
            finding = papers.finding(title, text, domain, "", type_code)
            Story(self.stage, finding, place, "general", reached).adopt(item.problem, self.by, at)

    def _answer(self, at: datetime) -> None:
        """Answer what is verified; the issuer accepts the first."""
        ready = ExternalItem.objects.filter(
            problem__state="verified",
            answered_at=None,
            problem__responsibilities__decided_at__lt=at,
        ).order_by("number")
        for number, item in enumerate(ready):
            external.answer_finding(item_id=item.pk, answer=papers.ANSWER, by=self.by, at=at)
            if number == 0:
                accept = partial(self._accept, item)
                self.stage.later(at + timedelta(hours=1), accept)

    def _accept(self, item: ExternalItem, at: datetime) -> None:
        external.accept_finding(item_id=item.pk, document=papers.ACCEPTANCE, by=self.by, at=at)

    def _compare(self, book: Book, by: Actor, at: datetime) -> None:
        """Hold a register against the own list; some of what is missing is decided on."""
        known = Venue.objects.filter(scope__startswith=by.scope, kind=book.kind).order_by("pk")
        rows = [(venue.name, "") for venue in known[:40]] + list(book.unknown)
        table = "\n".join(("名称,地址", *(f"{name},{address}" for name, address in rows)))
        upload = uploads.stage(
            kind="register", file_name="名册.csv", data=table.encode(), by=by,
            given={"source": book.source, "kind": book.kind, "as_of": local_date(at).isoformat()},
            at=at,
        )  # fmt: skip
        register, _report = registers.compare_register(upload_id=upload.pk, by=by, at=at)
        found = Candidate.objects.filter(register=register).order_by("pk")
        for (decision, reason), candidate in zip(papers.DECIDED, found, strict=False):
            decide = partial(self._decide, candidate, decision, reason, by)
            self.stage.later(self.stage.after(at, 5, 60), decide)

    @staticmethod
    def _decide(candidate: Candidate, decision: str, reason: str, by: Actor, at: datetime) -> None:
        registers.decide_candidate(
            candidate_id=candidate.pk, decision=decision, reason=reason, by=by, at=at
        )

    def _ask(self, at: datetime) -> None:
        """A weekly form for the townships of the first city; the last week is not yet in."""
        form = burden.write_form(
            given=burden.NewForm(
                papers.FORM, papers.FORM_PURPOSE, local_date(self.stage.at) + timedelta(days=20),
                papers.FIGURES,
            ),
            by=self.by, at=at,
        )  # fmt: skip
        counties = [place.pk for place in self.stage.children(self.city.pk)[:3]]
        townships = Place.objects.filter(parent__in=counties, level="township", valid_to=None)
        place_ids = tuple(townships.order_by("path").values_list("pk", flat=True)[:24])
        for week in range(WEEKS + 1):
            moment = at + timedelta(weeks=week)
            for figure in form.figures.order_by("pk"):
                ask = partial(self._week, figure.pk, figure.name, place_ids)
                self.stage.later(moment - timedelta(hours=week and 3), ask)

    def _week(self, figure_id: int, name: str, place_ids: tuple[int, ...], at: datetime) -> None:
        year, week, _day = local_date(at).isocalendar()
        asks = burden.ask_figure(
            figure_id=figure_id, period=f"{year}-W{week:02d}", place_ids=place_ids,
            due_at=at + timedelta(hours=30), by=self.by, at=at,
        )  # fmt: skip
        for ask in asks:
            if self.stage.random.random() < 0.9:
                opened = self.stage.after(at, 1, 26)
                self.stage.later(opened, partial(self._fill, ask, name))

    def _fill(self, ask: FigureAsk, name: str, at: datetime) -> None:
        by = self.stage.desk(ask.place_id)
        burden.open_ask(ask_id=ask.pk, by=by, at=at)
        done = at + timedelta(seconds=self.stage.random.randrange(*HASTE[name]))
        value = self.stage.random.randrange(2, 60)
        self.stage.later(done, partial(self._write, ask, value, by))

    @staticmethod
    def _write(ask: FigureAsk, value: int, by: Actor, at: datetime) -> None:
        burden.fill_figure(ask_id=ask.pk, value=value, by=by, at=at)

    def _checklists(self, at: datetime) -> None:
        """Steps for what the first city's departments have in hand, some of them answered."""
        issuer = self.stage.desk(self.city.pk)
        tasks = Obligation.objects.filter(
            flow="task", issuer_post=issuer.post_id, state="acknowledged", closed_at=None
        ).order_by("pk")
        for task in tasks[:2]:
            steps = quality.set_checklist(
                task_id=task.pk, by=issuer, at=at,
                steps=[quality.NewStep(text, 24.0 if text.startswith("每日") else None)
                       for text in papers.STEPS],
            )  # fmt: skip
            owner = self.stage.owner(task)
            for number, step in enumerate(steps[:3]):
                answer, reason = ("exempt", papers.EXEMPTION) if number == 2 else ("met", "")
                told = partial(self._step, step.pk, answer, reason, owner, issuer)
                self.stage.later(self.stage.after(at, 2, 30), told)

    @staticmethod
    def _step(
        step_id: int, answer: str, reason: str, owner: Actor, issuer: Actor, at: datetime
    ) -> None:
        step = quality.answer_step(step_id=step_id, answer=answer, reason=reason, by=owner, at=at)
        if answer == "exempt" and step.task_id % 2:
            quality.approve_exception(step_id=step_id, by=issuer, at=at + timedelta(minutes=40))
