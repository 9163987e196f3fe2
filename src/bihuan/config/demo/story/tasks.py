"""What becomes of a task: proven and accepted, sent back, put off, forgotten."""

from datetime import datetime, timedelta

from bihuan.config.demo.story import script
from bihuan.config.demo.story.pictures import picture
from bihuan.config.demo.story.script import Line
from bihuan.config.demo.story.stage import Deck, Stage
from bihuan.core.evidence.models import Kind
from bihuan.core.evidence.services import Made, add_file, add_statement
from bihuan.core.loops.models import Obligation
from bihuan.core.loops.services import act
from bihuan.core.loops.types import MoveInput
from bihuan.core.orgs.types import Actor, Role

FATES = (
    "closed", "working", "submitted", "closed", "returned", "unread", "closed", "extended",
    "closed", "submitted", "working", "mended", "paused", "closed", "withdrawing", "closed",
    "withdrawn", "closed", "unread", "closed",
)  # fmt: skip
PROVEN = frozenset({"closed", "submitted", "returned", "mended"})


class Tasks:
    """Leads tasks through their moves."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.deck = Deck(stage.random, FATES)

    def live(
        self, task: Obligation, line: Line, issuer: Actor, *, fate: str = "", brisk: bool = False
    ) -> None:
        """Plan the moves of a task from its assignment on; `brisk` work is done within days."""
        stage = self.stage
        fate = fate or self.deck.deal()
        if fate == "unread":
            return
        read = stage.after(task.assigned_at, 0.3, 6)
        stage.later(read, lambda at: self._move(task, "acknowledge", stage.owner(task), at))
        span = 90 if brisk else (task.due_at - task.assigned_at) / timedelta(hours=1)
        done = stage.after(read, span * 0.2, span * 0.7)
        if fate in PROVEN:
            stage.later(done, lambda at: self._prove(task, line, at))
        judged = stage.after(done, 1, 14)
        if fate == "closed":
            stage.later(judged, lambda at: self._move(task, "accept", issuer, at))
        elif fate in {"returned", "mended"}:
            given = MoveInput(note=script.RETURN_REASON)
            stage.later(judged, lambda at: self._move(task, "return", issuer, at, given))
            if fate == "mended":
                again = stage.after(judged, 3, 12)
                stage.later(again, lambda at: self._prove(task, line, at))
        else:
            self._put_off(task, fate, issuer, stage.after(read, 4, span * 0.4))

    def _put_off(self, task: Obligation, fate: str, issuer: Actor, moment: datetime) -> None:
        """Extensions, pauses and withdrawals; nothing for a task that is simply worked on."""
        stage = self.stage
        if not issuer.has("task.extend"):  # in a township its principal decides that
            issuer = stage.holder(issuer.place_id, Role.COMMANDER)
        if fate == "extended":
            until = task.due_at + timedelta(days=3)
            given = MoveInput(note=script.EXTEND_REASON, until=until)
            stage.later(moment, lambda at: self._move(task, "extend", issuer, at, given))
        elif fate == "paused":
            given = MoveInput(note=script.PAUSE_REASON, until=stage.at + timedelta(days=2))
            stage.later(moment, lambda at: self._move(task, "pause", issuer, at, given))
        elif fate in {"withdrawing", "withdrawn"}:
            given = MoveInput(note=script.WITHDRAW_REASON)
            asker = stage.owner(task)
            stage.later(moment, lambda at: self._move(task, "ask_withdraw", asker, at, given))
            if fate == "withdrawn":
                agreed = stage.after(moment, 2, 9)
                stage.later(agreed, lambda at: self._move(task, "confirm_withdraw", issuer, at))

    def _prove(self, task: Obligation, line: Line, at: datetime) -> None:
        by = self.stage.owner(task)
        chance = self.stage.random.random()
        figure = (line.quantity, line.measure) if chance < 0.5 else None
        prove(task, text=line.proof, figure=figure, by=by, at=at)
        if chance > 0.75:
            photograph(task, number=self.stage.random.randrange(12), by=by, at=at)
        self._move(task, "prove", by, at)

    @staticmethod
    def _move(
        task: Obligation, move: str, by: Actor, at: datetime, given: MoveInput | None = None
    ) -> None:
        act(obligation_id=task.pk, move=move, by=by, at=at, given=given or MoveInput())


def prove(
    row: Obligation, *, text: str, figure: tuple[float, str] | None = None, by: Actor, at: datetime
) -> None:
    """Attach a statement, and a reading where there is a figure."""
    made = Made(at=at - timedelta(minutes=20), text=text)
    add_statement(
        subject=row.subject, scope=row.scope, kind=Kind.STATEMENT, made=made, by=by, at=at
    )
    if figure is not None:
        made = Made(at=made.at, text=text[:40], quantity=figure[0], measure=figure[1])
        add_statement(
            subject=row.subject, scope=row.scope, kind=Kind.READING, made=made, by=by, at=at
        )


def photograph(row: Obligation, *, number: int, by: Actor, at: datetime) -> None:
    """Attach one of a few invented pictures; the same one twice shows up as its twin."""
    place = row.place
    made = Made(at=at - timedelta(minutes=25), lon=place.lon, lat=place.lat)
    add_file(
        subject=row.subject, scope=row.scope, name=f"现场{number + 1}.jpg",
        chunks=[picture(number)], made=made, by=by, at=at,
    )  # fmt: skip
