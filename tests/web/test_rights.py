"""Every route has a class of rights, and each class holds."""

import re
from collections.abc import Iterator

import pytest
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver, resolve

from bihuan.core.orgs.rules import DUTIES
from bihuan.web.rights import page, rights_of


def routes(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from routes(entry, prefix + str(entry.pattern))
        else:
            yield prefix + str(entry.pattern), entry


PAGES = [(path, entry) for path, entry in routes(get_resolver()) if not path.startswith("api/")]
KNOWN = frozenset().union(*DUTIES.values())


def address(path: str) -> str:
    """A route with something in each of its places."""
    return "/" + re.sub(r"<(\w+):\w+>", lambda m: "1" if m[1] == "int" else "x", path)


@pytest.mark.parametrize(("path", "entry"), PAGES, ids=[path or "/" for path, _ in PAGES])
def test_every_page_has_a_class_and_names_duties_that_exist(path: str, entry: URLPattern) -> None:
    rights = rights_of(entry.callback)
    assert rights is not None, "classify it with @page"
    assert set(rights.duties) <= KNOWN


@pytest.mark.parametrize(("path", "entry"), PAGES)
def test_no_page_is_hidden_behind_another_that_its_address_fits(path, entry):
    assert resolve(address(path)).func is entry.callback


def test_whoever_has_not_signed_in_is_asked_to(db: None) -> None:
    let_in = []
    for path, entry in PAGES:
        if rights_of(entry.callback).kind in {"public", "demo"}:
            continue
        for ask in (Client().get, Client().post):
            answer = ask(address(path))
            if answer.status_code != 302 or not answer["Location"].startswith("/sign-in/"):
                let_in.append((path, answer.status_code))
    assert let_in == []


def test_a_post_without_the_duty_is_refused_before_anything_else(enter, world) -> None:
    clients = {name: enter(name) for name in ("auditor", "factory", "admin", "inspector", "head")}
    actors = {name: world.actor(name) for name in clients}
    let_in = []
    for path, entry in PAGES:
        rights = rights_of(entry.callback)
        lacking = [name for name, actor in actors.items() if not rights.admits(actor)]
        if rights.kind != "duty":
            continue
        if not lacking:
            pytest.fail(f"{path}: every post may call it, so it is of the class `post`")
        answer = clients[lacking[0]].get(address(path), headers={"HX-Request": "true"})
        if answer.status_code != 403 or b"page.no_duty" not in answer.content:
            let_in.append((path, lacking[0], answer.status_code))
    assert let_in == []


@override_settings(DEMO=False)
def test_pages_of_the_demonstration_do_not_exist_elsewhere(db: None) -> None:
    assert Client().post("/sign-in/demo/", {"username": "head"}).status_code == 404


def test_a_page_that_names_no_duty_must_say_its_kind() -> None:
    with pytest.raises(TypeError):
        page()
    with pytest.raises(TypeError):
        page("public", duty="loop.read")
