"""Whatever people do, in whatever order: every file has an owner, a clock that runs, and four eyes.

Orders with their appeals, questions to other sides, cases with their inquiries, contacts with their
plans. Of people in care `test_care_flows` says the same, of two installations `test_line`.
"""

from datetime import timedelta
from random import Random

import pytest

from bihuan.core.clock import local_date
from bihuan.core.errors import Refused
from bihuan.core.vault.types import Identity
from bihuan.epidemic.models import Appeal, Case, CaseClass, Contact, ControlOrder, Question
from bihuan.epidemic.selectors.contacts import managed
from bihuan.epidemic.selectors.files import inquiries_of
from bihuan.epidemic.selectors.orders import public_orders, state_of
from bihuan.epidemic.services import cases, contacts, illness, orders, questions
from bihuan.epidemic.services.questions import NewQuestion, Reply, needed
from bihuan.epidemic.types import Illness
from tests.epidemic.conftest import card, contact, draft, make_event

STEPS, SEEDS = 30, range(2)
HOUR = timedelta(hours=1)


class Chance:
    """A clock that only goes forward; each step is one act of somebody, some of them not allowed."""

    def __init__(self, world, seed, at):
        self.world, self.dice, self.at = world, Random(seed), at
        self.event = make_event(world, at)
        self.case = cases.report_case(card=card(world, self.event, at), by=world.clinic, at=at)
        self.named = 0

    def step(self):
        """One act; whether it was allowed."""
        self.at += HOUR * self.dice.randint(1, 9)
        try:
            self.dice.choice(self.acts)()
        except Refused:
            return False
        return True

    def by(self, *names):
        return self.world.actor(self.dice.choice(names))

    def some(self, model):
        return self.dice.choice(list(model.objects.order_by("pk")) or [None])

    def run(self):
        done = 0
        for _ in range(STEPS):
            done += self.step()
            self.check()
        assert done, "a run of refusals alone would prove nothing"

    def person(self):
        self.named += 1
        n = self.named
        names = "赵钱孙周吴郑冯陈褚卫"
        return Identity(name=f"{names[n % 10]}{n:03d}号", phone=f"1{n * 1234567891 % 10**10:010d}")


class Orders(Chance):
    """Drafted, signed, lifted, lapsed; contested and answered."""

    @property
    def acts(self):
        return (self.draft, self.sign, self.sign, self.lift, self.contest, self.answer)

    def draft(self):
        days = self.dice.choice((1, 3, 7, 40))
        given = draft(self.world, self.event, self.at, days=days)
        orders.draft_order(given=given, by=self.by("cdc", "city", "police"), at=self.at)

    def sign(self):
        row = self.some(ControlOrder)
        orders.sign_order(order_id=row.pk if row else 0, by=self.by("mayor", "deputy", "cdc", "city"),
                          at=self.at)  # fmt: skip

    def lift(self):
        row = self.some(ControlOrder)
        if row and self.dice.random() < 0.3:
            orders.lift_order(order_id=row.pk, by=self.by("mayor", "cdc"), at=self.at)

    def contest(self):
        row = self.some(ControlOrder)
        orders.appeal(order_id=row.pk if row else 0, text="需要就医", at=self.at)

    def answer(self):
        row = self.some(Appeal)
        orders.answer_appeal(
            appeal_id=row.pk if row else 0, granted=True, answer="准予", at=self.at,
            by=self.by("mayor", "deputy", "city", "cdc", "police", "outsider"),
        )  # fmt: skip

    def check(self):
        binding = {row.id for row in public_orders(at=self.at)}
        for row in ControlOrder.objects.all():
            state = state_of(row, self.at)
            assert (row.pk in binding) == (state == "in_force")
            assert row.ends_at <= row.drafted_at + timedelta(days=32)
            assert row.ends_at > self.at or state != "in_force", "the end needs no act"
            assert row.signed_by_id is None or row.signed_by_id != row.drafted_by_id
            assert row.lifted_at is None or row.signed_at is not None
        for row in Appeal.objects.select_related("order"):
            assert row.due_at == row.at + 24 * HOUR
            assert (row.answered_at is None) == (row.answered_by == "")
            names = {self.world.actor(n).name for n in ("cdc", "mayor", "deputy", "city")
                     if self.world.actor(n).person_id
                     in {row.order.drafted_by_id, row.order.signed_by_id}}  # fmt: skip
            assert row.answered_by not in names, "by somebody not involved"


class Questions(Chance):
    """Asked, approved, answered, forgotten."""

    KINDS = ("trace_contact", "verify_address", "present_at")

    @property
    def acts(self):
        return (self.ask, self.approve, self.approve, self.approve, self.answer, self.forget)

    def ask(self):
        n = self.dice.choice((0, 1, 2))
        rows = tuple(contact(self.world, self.case, self.at, person=self.person()).pk
                     for _ in range(n))  # fmt: skip
        given = NewQuestion(self.case.pk, self.dice.choice(self.KINDS), "传染病防治法", "990101", None,
                            rows, self.at - 9 * HOUR, self.at)  # fmt: skip
        questions.draft_question(given=given, by=self.by("cdc", "cdc2", "police"), at=self.at)

    def approve(self):
        row = self.some(Question)
        questions.approve_question(question_id=row.pk if row else 0, at=self.at,
                                   by=self.by("cdc", "cdc2", "mayor", "police"))  # fmt: skip

    def answer(self):
        row = self.some(Question)
        if row is None:
            return
        word = self.dice.choice(("yes", "found_isolated", "maybe"))
        outcome = self.dice.choice(("answered", "cannot"))
        said = (word,) * row.subject_count if outcome == "answered" else ()
        questions.answer_question(question_id=row.pk, reply=Reply(outcome, said, "查无"), at=self.at,
                                  by=self.by("cdc", "cdc2", "police", "community"))  # fmt: skip

    def forget(self):
        self.at += timedelta(days=self.dice.choice((0, 3)))
        questions.expire_questions(at=self.at)

    def check(self):
        authors = {self.world.actor(n).person_id for n in ("cdc", "cdc2")}
        for row in Question.objects.all():
            eyes = set(row.approved_by_ids)
            assert row.drafted_by_id in authors
            assert row.drafted_by_id not in eyes
            assert len(eyes) == len(row.approved_by_ids)
            assert (row.sent_at is not None) == (len(eyes) >= needed(row))
            assert (row.sent_at is None) == (row.due_at is None), "what is sent has a clock"
            assert row.sent_at is None or row.sent_at < row.expires_at, "what is forgotten stays"
            assert row.outcome == "" or row.sent_at is not None
            assert row.expired_at is None or not (row.subjects or row.answer)
            assert row.expires_at == row.drafted_at + timedelta(days=14)


class Files(Chance):
    """Cases reported, classified, joined and parted; contacts named, placed, checked, fallen ill."""

    @property
    def acts(self):
        return (self.report, self.classify, self.merge, self.split, self.name, self.name, self.place,
                self.check_day, self.fall_ill)  # fmt: skip

    def report(self):
        given = card(self.world, self.event, self.at, person=self.person())
        cases.report_case(card=given, by=self.by("clinic", "cdc", "police"), at=self.at)

    def classify(self):
        kind = self.dice.choice(("suspected", "confirmed", "excluded", "purple"))
        cases.classify_case(case_id=self.some(Case).pk, kind=kind, findings=frozenset({"fever"}),
                            reason=self.dice.choice(("", "复核")), by=self.by("cdc", "mayor"),
                            at=self.at)  # fmt: skip

    def merge(self):
        cases.merge_cases(case_id=self.some(Case).pk, into_id=self.some(Case).pk,
                          by=self.by("cdc", "police"), at=self.at)  # fmt: skip

    def split(self):
        cases.split_case(case_id=self.some(Case).pk, by=self.by("cdc"), at=self.at)

    def name(self):
        contact(self.world, self.some(Case), self.at, person=self.person())

    def place(self):
        row = self.some(Contact)
        contacts.place_contact(contact_id=row.pk if row else 0, at=self.at, by=self.by("cdc"),
                               notice_given=self.dice.random() < 0.8)  # fmt: skip

    def check_day(self):
        row = self.some(Contact)
        contacts.check_contact(contact_id=row.pk if row else 0, symptoms=False, test="neg",
                               by=self.by("cdc", "township", "factory"), at=self.at)  # fmt: skip

    def fall_ill(self):
        row = self.some(Contact)
        given = Illness("15-44", frozenset({"fever"}), local_date(self.at))
        illness.fell_ill(
            contact_id=row.pk if row else 0, given=given, by=self.by("cdc"), at=self.at
        )

    def check(self):
        for row in Case.objects.all():
            clocks = inquiries_of(row)
            assert len(clocks) == 2, "core facts and report"
            assert all(loop.owner_post_id and loop.due_at for loop in clocks)
            last = CaseClass.objects.filter(case=row).order_by("at", "pk").last()
            assert last.kind == row.kind
            seen, up = {row.pk}, row.merged_into
            while up is not None:
                assert up.pk not in seen, "files joined in a circle speak for nobody"
                seen.add(up.pk)
                up = up.merged_into
        for row in Contact.objects.all():
            assert row.risk == "none" or row.release_at is not None, "every stay has an end"
            assert row.placed_at is None or row.notice_at == row.placed_at
        last = Contact.objects.exclude(release_at=None).order_by("-release_at").first()
        if last:
            assert not managed(self.world.cdc, last.release_at).exists(), (
                "nobody has to release them"
            )


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("life", [Orders, Questions, Files])
def test_no_order_of_acts_breaks_what_must_always_hold(world, at, life, seed):
    life(world, seed, at).run()
