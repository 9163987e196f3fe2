"""One meeting on its way down: read, studied, planned, handed on, forgotten, sent back."""

from datetime import datetime, timedelta

from bihuan.command import services as command
from bihuan.command.models import Demand, Directive
from bihuan.command.types import DemandInput, DirectiveInput, MeetingInput
from bihuan.config.demo.bulk import analyze
from bihuan.config.demo.offices import SECTORS
from bihuan.config.demo.story import script
from bihuan.config.demo.story.script import Line
from bihuan.config.demo.story.stage import Deck, Stage
from bihuan.config.demo.story.tasks import Tasks, prove
from bihuan.core.loops.models import Obligation
from bihuan.core.loops.services import act
from bihuan.core.loops.types import BriefInput, MoveInput, Share
from bihuan.core.orgs.models import Org, OrgKind
from bihuan.core.orgs.types import Actor, Role
from bihuan.core.places.models import Place

# What a place makes of a relay. The first of each level always plans: the demo accounts sit there.
FATES = {
    "city": ("plans", "plans", "studies", "plans", "silent", "reads"),
    "county": ("plans", "reads", "plans", "studies", "silent"),
    "township": ("plans", "reads", "studies", "silent"),
}
BYSTANDERS = ("silent", "reads", "silent", "silent", "silent", "studies", "silent", "silent")
VISIBLE_FATES = {"一": "working", "六": "submitted", "八": "extended"}  # where visitors look first
SECTOR_NAMES = {code: name for code, name, _english in SECTORS}
INLAND = {"entry"}  # demands that many places have nothing to do for
KEPT_BY_DEPARTMENTS = ("一", "六", "八")  # in the first city, not handed down
KEPT_ELSEWHERE = ("六",)


class Cascade:
    """Issues the directive and lets every place answer in its own way."""

    def __init__(self, stage: Stage, tasks: Tasks, province: Place) -> None:
        self.stage = stage
        self.tasks = tasks
        self.province = province
        self.decks = {level: Deck(stage.random, fates) for level, fates in FATES.items()}
        self.bystanders = Deck(stage.random, BYSTANDERS)
        self.lines: dict[int, Line] = {}  # brief → the words it came from
        cities = stage.children(province.pk)
        plain = [city for city in cities if stage.children(city.pk)[0].level == "township"]
        self.first = cities[0].path
        self.exemplary = plain[-1].pk
        self.sent_back = False

    def issue(self, at: datetime) -> None:
        """The meeting is over: its demands go out."""
        by = self.stage.desk(self.province.pk)
        meeting = self._meeting(by, script.MEETING, at, form="televised")
        demands = tuple(self._demand(line, by, at) for line in script.DEMANDS)
        places = tuple(place.pk for place in self.stage.children(self.province.pk))
        given = DirectiveInput(
            title=script.DIRECTIVE, demands=demands, place_ids=places, meeting=meeting,
            basis=script.BASIS,
        )  # fmt: skip
        directive = command.issue_directive(given=given, by=by, at=at)
        self._sit(directive, by, at)
        self._follow(directive, script.DEMANDS, at)

    def _sit(self, directive: Directive, by: Actor, at: datetime) -> None:
        """The meeting was the year's first plenary session of the committee; the next is called."""
        body = Org.objects.get(place=by.place_id, kind=OrgKind.SAFETY_COMMITTEE, valid_to=None)
        first = command.call_plenary(body_id=body.pk, planned_for=at, by=by, at=at)
        assert directive.meeting_id is not None  # the directive came out of a meeting
        command.hold_plenary(plenary_id=first.pk, meeting_id=directive.meeting_id, by=by, at=at)
        members = first.seats.order_by("org_id").values_list("org_id", flat=True)
        came = dict.fromkeys(members, "present") | {members[0]: "excused"}
        command.call_roll(plenary_id=first.pk, came=came, by=by, at=at)
        command.close_plenary(plenary_id=first.pk, by=by, at=at)
        again = at + timedelta(days=14)
        self.stage.later(
            at + timedelta(hours=1),
            lambda now: command.call_plenary(body_id=body.pk, planned_for=again, by=by, at=now),
        )

    def _demand(self, line: Line, by: Actor, at: datetime, upper: int | None = None) -> DemandInput:
        owner = self.stage.department(by.place_id, line.sector) if line.owned else None
        return DemandInput(
            brief=_brief(line, upper),
            label=line.label,
            responsible=f"各地;{SECTOR_NAMES[line.sector]}部门",
            due_at=at + timedelta(hours=line.hours),
            owner_post_id=owner.post_id if owner else None,
        )

    def _meeting(
        self, by: Actor, title: str, at: datetime, *, form: str, relay: Obligation | None = None
    ) -> MeetingInput:
        chair = self.stage.holder(by.place_id, Role.COMMANDER)
        branches = tuple((place.name, "video") for place in self.stage.children(by.place_id)[:12])
        return MeetingInput(
            title=f"{by.place_name}{title}", form=form, held_at=at - timedelta(hours=1.5),
            body_ids=self.stage.bodies(by.place_id), chair=chair.name, speakers=(chair.name,),
            attendees=(by.name,), attendees_complete=False, agenda=script.AGENDA,
            relay_id=relay.pk if relay else None, branches=() if form == "study" else branches,
        )  # fmt: skip

    def _follow(self, directive: Directive, lines: tuple[Line, ...], at: datetime) -> None:
        """Let those who received a directive live with it."""
        issuer = self.stage.actor(directive.issuer_post_id)
        for demand, line in zip(directive.demands.order_by("ordinal"), lines, strict=True):
            self.lines[demand.brief_id] = line
            for task in demand.brief.obligations.filter(flow="task").select_related("place"):
                self.tasks.live(task, line, issuer, fate=VISIBLE_FATES.get(line.label, ""))
        relays = directive.brief.obligations.filter(flow="relay").select_related("place")
        for number, relay in enumerate(relays.order_by("scope")):
            self._answer(relay, self._fate(relay.place, number), at)

    def _fate(self, place: Place, number: int) -> str:
        """What the place makes of it: told in full in the first city, in outline elsewhere."""
        inside = place.path.startswith(self.first)
        if self._is_exemplary(place) or (inside and number == 0):
            return "plans"
        told = place.level == "city" or (inside and number < 7)
        return (self.decks[place.level] if told else self.bystanders).deal()

    def _answer(self, relay: Obligation, fate: str, at: datetime) -> None:
        stage = self.stage
        by = stage.desk(relay.place_id)
        if fate == "silent":
            return
        read = stage.after(at, 0.2, 5)
        stage.later(read, lambda now: self._move(relay, "acknowledge", by, now))
        if fate == "studies":
            stage.later(stage.after(read, 3, 20), lambda now: self._study(relay, by, now))
        elif fate == "plans":
            stage.later(stage.after(read, 3, 16), lambda now: self._plan(relay, by, now))

    def _study(self, relay: Obligation, by: Actor, at: datetime) -> None:
        """Communication only: it counts as no answer."""
        meeting = self._meeting(by, script.STUDY, at, form="study", relay=relay)
        command.record_meeting(given=meeting, by=by, at=at)

    def _plan(self, relay: Obligation, by: Actor, at: datetime) -> None:
        """Meet, answer every demand with tasks or a signed reason, hand down, lay down the plan."""
        meeting = self._meeting(by, script.MEETING, at, form="video", relay=relay)
        command.record_meeting(given=meeting, by=by, at=at)
        demands = list(
            Demand.objects.filter(directive__brief=relay.brief_id)
            .select_related("brief")
            .order_by("ordinal")
        )
        down = relay.place.level != "township" and not self._is_exemplary(relay.place)
        first = relay.place.path == self.first
        kept = KEPT_BY_DEPARTMENTS if first else KEPT_ELSEWHERE
        left = []
        for demand in demands:
            line = self.lines[demand.brief_id]
            if line.domain in INLAND and self.stage.random.random() < 0.6:
                command.say_none_here(
                    relay_id=relay.pk, demand_id=demand.pk, reason=script.NONE_HERE, by=by, at=at
                )
            elif down and line.label not in kept:
                left.append((demand, line))
            else:
                self._map(relay, demand, line, by, at)
        if left:
            self._hand_down(relay, left, by, at)
        command.plan_relay(relay_id=relay.pk, by=by, at=at)
        if self._is_exemplary(relay.place):
            self._finish(relay, by)
        elif relay.place.level == "city" and relay.place.path != self.first:
            self._send_back_once(relay, at)

    def _map(self, relay: Obligation, demand: Demand, line: Line, by: Actor, at: datetime) -> None:
        """A local task: for the department of the sector, or for a desk right below."""
        department = self.stage.department(relay.place_id, line.sector)
        below = self.stage.children(relay.place_id)
        if department is not None:
            owner = department.post_id
        elif below:
            owner = self.stage.desk(self.stage.random.choice(below[:6]).pk).post_id
        else:
            owner = self.stage.holder(relay.place_id, Role.DEPUTY).post_id
        due = demand.due_at - timedelta(hours=12) if demand.due_at else None
        task = command.map_to_task(
            relay_id=relay.pk, demand_id=demand.pk, shares=[Share(owner, "lead")], given=_brief(line),
            due_at=due if due and due > at + timedelta(hours=6) else at + timedelta(hours=48),
            by=by, at=at,
        )  # fmt: skip
        task.refresh_from_db()
        exemplary = self._is_exemplary(relay.place)
        fate = VISIBLE_FATES.get(line.label, "") if relay.place.path == self.first else ""
        self.tasks.live(task, line, by, fate="closed" if exemplary else fate, brisk=exemplary)

    def _hand_down(
        self, relay: Obligation, left: list[tuple[Demand, Line]], by: Actor, at: datetime
    ) -> None:
        lines = tuple(line for _demand, line in left)
        demands = tuple(
            DemandInput(
                brief=_brief(line, demand.brief_id),
                label=line.label,
                due_at=max((demand.due_at or at) - timedelta(hours=6), at + timedelta(hours=30)),
            )
            for demand, line in left
        )
        given = DirectiveInput(
            title=script.HANDED_DOWN, demands=demands, relay_id=relay.pk,
            place_ids=tuple(place.pk for place in self.stage.children(relay.place_id)),
        )  # fmt: skip
        self._follow(command.issue_directive(given=given, by=by, at=at), lines, at)

    def _is_exemplary(self, place: Place) -> bool:
        """One city without counties does all it owes: its relay is seen through to its end."""
        return place.pk == self.exemplary

    def _finish(self, relay: Obligation, by: Actor) -> None:
        """Once all is done the relay is proven, and accepted."""
        stage = self.stage
        issuer = stage.actor(relay.issuer_post_id)

        def submit(now: datetime) -> None:
            prove(relay, text="八项要求已全部分解并办结,清单见附件。", by=by, at=now)
            self._move(relay, "prove", by, now)

        done = stage.at - timedelta(hours=stage.random.uniform(8, 20))
        stage.later(done, submit)
        stage.later(stage.after(done, 1, 6), lambda now: self._move(relay, "accept", issuer, now))

    def _send_back_once(self, relay: Obligation, at: datetime) -> None:
        """One plan is not good enough, and goes back with the reason."""
        if self.sent_back:
            return
        self.sent_back = True
        issuer = self.stage.actor(relay.issuer_post_id)
        given = MoveInput(note=script.RELAY_RETURN_REASON)
        self.stage.later(
            self.stage.after(at, 20, 60),
            lambda now: self._move(relay, "return", issuer, now, given),
        )

    @staticmethod
    def _move(
        row: Obligation, move: str, by: Actor, at: datetime, given: MoveInput | None = None
    ) -> None:
        act(obligation_id=row.pk, move=move, by=by, at=at, given=given or MoveInput())


class Urgent:
    """A notice of an hour ago that went straight to every community."""

    def __init__(self, stage: Stage, tasks: Tasks, province: Place) -> None:
        self.stage = stage
        self.tasks = tasks
        self.province = province

    def issue(self, at: datetime) -> None:
        """Send it, and let a few hundred desks answer at once."""
        by = self.stage.desk(self.province.pk)
        line = script.URGENT_LINE
        demand = DemandInput(
            brief=_brief(line), due_at=at + timedelta(hours=line.hours), direct_level="community"
        )
        given = DirectiveInput(title=script.URGENT, demands=(demand,), basis=script.BASIS)
        directive = command.issue_directive(given=given, by=by, at=at)
        analyze()  # every community has a task now: what follows must not be planned for none
        tasks = Obligation.objects.filter(origin=directive.origin, flow="task")
        near = list(tasks.order_by("scope").select_related("place__parent")[:10])
        far = list(tasks.order_by("pk").select_related("place__parent")[30::2_000])
        for task in [*near, *far]:
            township = task.place.parent
            assert township is not None
            self.tasks.live(task, line, self.stage.desk(township.pk))


def _brief(line: Line, upper: int | None = None) -> BriefInput:
    return BriefInput(
        title=line.title, text=line.text, domain=line.domain, domains=line.domains,
        sector=line.sector, criterion=line.criterion, upper_id=upper,
    )  # fmt: skip
