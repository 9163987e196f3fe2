"""Co-investigation in the demonstration: four sides asked, and an invented province on the line.

All of it is invented. Acts are those of the product's own services; what the neighbour sends is
signed with keys that exist only while the demonstration is loaded.
"""

import json
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from bihuan.core.orgs.models import Post
from bihuan.core.orgs.selectors import actor_in_post
from bihuan.core.orgs.types import Actor, Role
from bihuan.core.places.models import Place
from bihuan.core.vault.types import Identity
from bihuan.epidemic.models import Case, Contact, Peer, Question
from bihuan.epidemic.rules import envelopes
from bihuan.epidemic.services import line, peers, questions, sealing
from bihuan.epidemic.services.peers import NewPeer
from bihuan.epidemic.services.questions import NewQuestion, Reply

HOUR = timedelta(hours=1)
BASIS = "《中华人民共和国传染病防治法》"
AWAY = "880101"  # a place of the neighbour: it knows the code, we do not
NEAR, FAR = "海东省疾病预防控制中心(虚构)", "南屿省疾病预防控制中心(虚构)"


class Neighbour:
    """The installation at the other end: it takes what comes, and signs what it says."""

    def __init__(self, at: datetime) -> None:
        self.signing, box = envelopes.new_pair()
        self.public, self.box = envelopes.public_of(self.signing, box)
        self.code, self.seq, self.at = self.public[: peers.CODE].upper(), 0, at

    @property
    def invitation(self) -> str:
        """What it tells of itself."""
        return json.dumps({"code": self.code, "public": self.public, "box": self.box})

    def acknowledge(self, _address: str, envelope: dict[str, Any]) -> dict[str, Any]:
        """A message arrives there."""
        said = {"from": self.code, "to": envelope["from"], "ack": envelope["seq"],
                "key": self.public}  # fmt: skip
        return envelopes.signed(said, self.signing)

    def say(self, kind: str, body: dict[str, Any], at: datetime) -> None:
        """It sends us something."""
        self.seq += 1
        said = {"from": self.code, "to": peers.site_code(at), "seq": self.seq, "kind": kind,
                "key": self.public, "at": at.isoformat(), "body": body}  # fmt: skip
        line.receive(envelope=envelopes.signed(said, self.signing), at=at)

    def somebody(self, name: str, phone: str) -> dict[str, str]:
        """A person sealed for us alone."""
        ours = Peer(box=peers.site_key(self.at).box)
        return sealing.for_peer([Identity(name=name, phone=phone)], ours)


@transaction.atomic
def load_inquiries(*, province: str, at: datetime) -> None:
    """Two peers; questions to police, community and neighbour; one question and one offer of it."""
    first = Place.objects.filter(code__startswith=province, level="county", valid_to=None)
    county = first.order_by("code")[0]
    top = Place.objects.get(code=province, valid_to=None)
    office, admin = post_at(top, Role.OFFICE, at), post_at(top, Role.ADMIN, at)
    neighbour = Neighbour(at)
    near = _let_in(NEAR, neighbour, office, at - 9 * HOUR)
    peers.confirm_peer(peer_id=near.pk, by=admin, at=at - 8 * HOUR)
    _let_in(FAR, Neighbour(at), office, at - HOUR)
    _within(county, at)
    _across(county, near, neighbour, at)


def _let_in(title: str, other: Neighbour, by: Actor, at: datetime) -> Peer:
    address = f"https://{other.code.lower()}.example"
    given = NewPeer(other.invitation, title, address, f"联防协议 {at.year}-{title[0]}")
    return peers.add_peer(given=given, by=by, at=at)


def post_at(place: Place, role: Role, at: datetime) -> Actor:
    """The first post of a kind at a place."""
    posts = Post.objects.filter(place=place, role=role.value, valid_to=None).order_by("order", "pk")
    return actor_in_post(post_id=posts[0].pk, at=at)


def _ask(given: NewQuestion, approvers: tuple[Actor, ...], by: Actor, at: datetime) -> Question:
    row = questions.draft_question(given=given, by=by, at=at)
    for one in approvers:
        row = questions.approve_question(question_id=row.pk, by=one, at=at + HOUR / 6)
    return row


def _within(county: Place, at: datetime) -> None:
    """The police are asked and have not answered; the community answered; two people wait."""
    expert, chief, deputy = (
        post_at(county, role, at) for role in (Role.EPIDEMIOLOGY, Role.COMMANDER, Role.DEPUTY)
    )
    case, other = Case.objects.filter(scope__startswith=county.path).order_by("pk")[:2]
    homes = list(Contact.objects.filter(case=other).order_by("pk"))
    seen = case.diagnosed_at - 48 * HOUR
    _ask(NewQuestion(case.pk, "present_at", BASIS, county.code, window_from=seen,
                     window_to=seen + 3 * HOUR), (chief,), expert, at - 2 * HOUR)  # fmt: skip
    home = homes[0].place
    row = _ask(NewQuestion(other.pk, "verify_address", BASIS, home.code, None, (homes[0].pk,)),
               (chief,), expert, at - 6 * HOUR)  # fmt: skip
    questions.answer_question(question_id=row.pk, reply=Reply("answered", ("yes",)),
                              by=post_at(home, Role.NODE, at), at=at - 5 * HOUR)  # fmt: skip
    pair = tuple(contact.pk for contact in homes[:2])
    _ask(NewQuestion(other.pk, "trace_contact", BASIS, county.code, None, pair), (deputy,), expert,
         at - HOUR)  # fmt: skip


def _across(county: Place, near: Peer, neighbour: Neighbour, at: datetime) -> None:
    """A contact travelled: the neighbour answers. It asks back, and offers somebody."""
    expert, chief = (post_at(county, role, at) for role in (Role.EPIDEMIOLOGY, Role.COMMANDER))
    contact = Contact.objects.filter(scope__startswith=county.path).order_by("pk")[0]
    assert contact.case_id is not None  # of our own list
    given = NewQuestion(contact.case_id, "trace_contact", BASIS, AWAY, near.pk, (contact.pk,))
    row = _ask(given, (chief,), expert, at - 7 * HOUR)
    peers.deliver(at=at - 6 * HOUR, post=neighbour.acknowledge)
    answered = at - 4 * HOUR
    neighbour.say("answer", {"number": row.number, "outcome": "answered",
                             "words": ["found_isolated"], "reason": "", "by": "流调值班长",
                             "at": answered.isoformat()}, answered)  # fmt: skip
    asked = at - HOUR / 2
    neighbour.say("ask", {
        "number": f"XC-{neighbour.code}-{at.year}-000007", "kind": "trace_contact",
        "case": f"BL-{at.year}-000019", "basis": BASIS, "place": county.code,
        "people": neighbour.somebody("郝明远", "19500000007"), "from": None, "to": None,
        "due": (asked + 24 * HOUR).isoformat(), "expires": (asked + 336 * HOUR).isoformat(),
        "asker": "流调值班长"}, asked)  # fmt: skip
    neighbour.say("offer", {
        "number": f"YJ-{neighbour.code}-000003-1", "place": county.code, "by": "流调值班长",
        "people": neighbour.somebody("乔安琪", "19500000003"),
        "release": (at + 120 * HOUR).isoformat(), "last_exposure": at.date().isoformat(),
    }, asked)  # fmt: skip
