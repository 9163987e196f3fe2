"""Every page and endpoint that shows one thing, asked by five kinds of people.

The things all belong to the north city. An outsider (the south city), and whoever has not signed
in, must learn nothing; a lower level and a unit must not reach what is the city's own; the owner
must get in. A new route with a thing in its address fails here until OBJECTS names the thing.
"""

import io
import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from PIL import Image

from bihuan.command import services as command
from bihuan.command.selectors.sight import ordered_demands
from bihuan.core.clock import local_date
from bihuan.core.evidence.services import Made, add_file
from bihuan.core.loops.services import open_problem
from bihuan.core.orgs.models import Account, Org, Post
from bihuan.core.orgs.services import make_token
from bihuan.intake.services import upload
from bihuan.web.rights import rights_of
from tests.arch.things import OBJECTS, SECOND, STAGED
from tests.command.builders import demand, directive, meeting, relay_of
from tests.factories import World, brief, build_world, task

REFUSED = {401, 403, 404}
MALFORMED = {400, 422}  # the body is read first: the same answer whatever the thing
TOLD_NOTHING = REFUSED | MALFORMED | {405}
WORDS = {"act": "appoint", "name": "move", "deed": "begin", "ref": "x"}


def routes(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from routes(entry, prefix + str(entry.pattern))
        else:
            yield prefix + str(entry.pattern), entry


OWN = [(path, entry) for path, entry in routes(get_resolver()) if "<" in path]


def thing_of(path: str) -> str | None:
    """What stands in a route's address. Raises LookupError for a route nobody classified."""
    fitting = [prefix for prefix in OBJECTS if path.startswith(prefix)]
    if not fitting:
        raise LookupError(f"{path}: name its thing in OBJECTS")
    return OBJECTS[max(fitting, key=len)]


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(out, "PNG")
    return out.getvalue()


class Stage:
    """One row of everything, all of it of the north city."""

    def __init__(self, world: World) -> None:
        self.world, self.at = world, world.at
        self.rows: dict[str, models.Model] = {
            "places.Place": world.places["9901"],
            "orgs.Post": Post.objects.get(pk=world.city.post_id),
            "orgs.Org": Org.objects.get(pk=world.city.org_id),
        }
        self._command()
        self._document()
        self._loops()
        token, _ = make_token(name="t", scopes=("read",), by=world.city, at=self.at,
                              expires_at=self.at + timedelta(days=1))  # fmt: skip
        self.rows["orgs.Token"] = token
        self.row("epidemic.Case")  # whoever is in care is a case or a contact

    def _command(self) -> None:
        row = directive(self.world, demand(1), at=self.at)
        relay = relay_of(row, self.world)
        self.rows |= {
            "command.Directive": row, "loops.Obligation:relay": relay,
            "command.Demand": ordered_demands(row.pk)[0],
            "command.Meeting": command.record_meeting(
                given=meeting(held_at=self.at - timedelta(hours=1)), by=self.world.city,
                at=self.at,
            ),
        }  # fmt: skip

    def _document(self) -> None:
        text = "北原市召开安全生产会议\n\n会议强调,要全面排查渡口隐患。\n"
        (row,) = upload(data=text.encode(), name="a.txt", by=self.world.city, at=self.at)
        self.rows["intake.Document"] = row

    def _loops(self) -> None:
        work = task(self.world)
        self.rows |= {
            "loops.Obligation": work, "loops.Obligation:task": work, "loops.Brief": work.brief,
            "evidence.Item": add_file(
                subject=work.subject, scope=work.scope, name="a.png", chunks=[picture()],
                made=Made(self.at), by=self.world.city, at=self.at,
            ),
        }  # fmt: skip
        self.rows["loops.Obligation:problem"] = open_problem(
            brief=brief(self.world.places["9901"], self.at, title="通道堵塞"),
            owner_post_id=self.world.city.post_id, by=self.world.city, at=self.at,
        )  # fmt: skip

    def row(self, name: str) -> models.Model:
        """The row of a kind, made when it is first asked for."""
        if name not in self.rows:
            self.rows[name] = self._filled(apps.get_model(name), **self._apart(name))
            if name == "supervision.Team":
                self.rows[name].members.add(self.rows["orgs.Post"])  # type: ignore[attr-defined]
        return self.rows[name]

    def _apart(self, name: str) -> dict[str, object]:
        """What the kind of a column does not tell: moments in their order, whose it is."""
        day = timedelta(days=1)
        nothing = {"lacking": "few", "r": [None] * 3, "turned": None, "ahead": []}
        return {
            "epidemic.SituationReport": {"kind": "daily", "content": {
                "title": "x", "place": "x", "known_at": self.at.isoformat(), "edition": "x",
                "lines": [], "days": [], "areas": [], "origins": [], "orders": [], "words": {},
                "share_week": [0, 0], "zero": {"run": 0}, "estimate": nothing, "judgement": None,
            }},
            "safety.Hazard": {"obligation": self.rows["loops.Obligation:problem"]},
            # A segment of a road is a place whose kind declares a barrier.
            "safety.Kind": {"schema": {"properties": {
                "barrier": {"type": "boolean", "title": "x"},
            }}},
            "epidemic.Question": {
                "incoming": False, "drafted_by_id": 1, "expires_at": self.at + day,
                "asker_scope": self.rows["places.Place"].path,  # type: ignore[attr-defined]
            },
        }.get(name, {})  # fmt: skip

    def _filled(self, model: type[models.Model], **known: object) -> models.Model:
        """A row whose required columns are filled by their kind."""
        values = dict(known)
        for field in model._meta.concrete_fields:
            skip = field.primary_key and not field.is_relation
            if skip or field.name in values or field.has_default():
                continue
            own = field.is_relation and field.related_model._meta.label in self.rows
            if (field.null or field.blank) and not own:
                continue
            values[field.name] = self._value(field)
        return model._default_manager.create(**values)

    def _value(self, field: models.Field) -> object:
        if field.is_relation:
            return self.row(field.related_model._meta.label)
        own = {
            "scope": self.rows["places.Place"].path,  # type: ignore[attr-defined]
            "subject": self.rows["loops.Obligation"].subject,
        }  # type: ignore[attr-defined]
        if field.name in own:
            return own[field.name]
        if field.choices and not isinstance(field, ArrayField):
            return field.choices[0][0]
        fitting = (value for kind, value in self.plain if isinstance(field, kind))
        return next(fitting, 1)

    @property
    def plain(self) -> tuple[tuple[type | tuple[type, ...], object], ...]:
        """A value for each kind of column; a moment is also a date, and comes first."""
        return (
            (ArrayField, ["x"]),
            (models.BinaryField, b"x"),
            (models.DateTimeField, self.at),
            (models.DateField, local_date(self.at)),
            ((models.CharField, models.TextField), "x"),
        )

    def callers(self, username: str) -> tuple[Client, Client]:
        """Somebody's browser, and the same person with an API token."""
        return browser(username), caller(self.world, username)

    def address(self, path: str) -> str:
        """A route with the north city's rows in its address."""
        thing = thing_of(path)

        def put(match: re.Match[str]) -> str:
            name = match[1].rpartition(":")[2]
            if name in WORDS:
                return WORDS[name]
            if name in SECOND and thing != SECOND[name]:
                return str(self.row(SECOND[name]).pk)
            if name == "code":
                return "9901"
            if name == "number":
                return self.row("loops.Obligation:task").number  # type: ignore[attr-defined]
            return str(self.row(thing).pk) if thing else "x"

        return "/" + re.sub(r"<([\w:]+)>", put, path)


@pytest.fixture
def stage(db: None, at: datetime, edges: None) -> Stage:
    return Stage(build_world(at))


def browser(username: str) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(Account.objects.get(username=username),
                       backend="django.contrib.auth.backends.ModelBackend")  # fmt: skip
    return client


def caller(world: World, username: str) -> Client:
    """The same person with an API token."""
    _, secret = make_token(name="t", scopes=("read", "write"), by=world.actor(username),
                           at=world.at, expires_at=world.at + timedelta(days=1))  # fmt: skip
    return Client(raise_request_exception=False, headers={"authorization": f"Bearer {secret}"})


def both(client: Client, address: str) -> list[int]:
    """What reading and writing answer, and nothing stays; 405 where there is no such method."""
    found = []
    for ask in (client.get, client.post):
        with transaction.atomic():
            answer = ask(address)
            if answer.streaming:
                list(answer.streaming_content)  # a file that is not read to its end stays open
            found.append(answer.status_code)
            transaction.set_rollback(True)
    return found


def test_every_route_with_a_thing_in_its_address_is_classified():
    for path, _ in OWN:
        thing_of(path)


def test_whoever_has_no_business_with_a_thing_does_not_reach_it(stage: Stage):
    let_in = []
    callers = {name: stage.callers(name) for name in ("outsider", "factory", "auditor")}
    for path, _ in OWN:
        address = stage.address(path)
        anonymous = both(Client(), address)
        let_in += [(address, "anonymous", s) for s in anonymous if s not in {302, 401, 405}]
        for name, (page, api) in callers.items():
            if thing_of(path) is None or (name, thing_of(path)) == ("auditor", "places.Place"):
                continue  # nobody's own; public facts, within the auditor's scope
            answers = both(api if path.startswith("api/") else page, address)
            let_in += [(address, name, s) for s in answers if s not in TOLD_NOTHING]
    assert let_in == [], str(let_in)


def test_the_owner_reads_their_own_and_nobody_meets_a_broken_page(stage: Stage):
    shut_out, broken = [], []
    callers = {name: stage.callers(name) for name in ("city", "clerk", "township")}
    for path, entry in OWN:
        address, rights = stage.address(path), rights_of(entry.callback)
        for name, (page, api) in callers.items():
            answers = both(api if path.startswith("api/") else page, address)
            broken += [(address, name, s) for s in answers if s >= 500]
            allowed = rights is None or rights.admits(stage.world.city)
            thing = thing_of(path)
            acts = any(f":{word}>" in path for word in WORDS)  # its preconditions are not staged
            meant = name == "city" and allowed and thing not in STAGED and not acts
            # Files of outbreaks are for epidemiologists; their pages say so by duty, the API by 403.
            meant = meant and not path.startswith("api/v1/epidemic/")
            if meant and answers[0] not in {200, 302, 405, *MALFORMED}:
                shut_out.append((address, answers[0]))
    assert broken == []
    assert shut_out == [], str(shut_out)


HEALTH = ("epidemic/", "sensing/", "api/v1/epidemic/", "api/v1/sensing/", "gates/")
PUT_TO_THEM = "epidemic/questions/"  # a side sees the questions put to it, and nothing else


def test_enforcement_and_enterprises_reach_nobodys_health(stage: Stage):
    let_in = []
    callers = {name: stage.callers(name) for name in ("builder", "inspector", "factory", "admin")}
    for path, _ in routes(get_resolver()):
        if not path.startswith(HEALTH) or path.startswith(PUT_TO_THEM):
            continue
        address = stage.address(path) if "<" in path else f"/{path}"
        for name, (page, api) in callers.items():
            answers = both(api if path.startswith("api/") else page, address)
            let_in += [(address, name, s) for s in answers if s not in TOLD_NOTHING]
    assert let_in == [], str(let_in)
