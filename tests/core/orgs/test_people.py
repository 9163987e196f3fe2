"""Bodies, posts, tenures, succession and the right that follows from them."""

from datetime import timedelta

import pytest

from bihuan.core.errors import Conflict, Invalid, NotAllowed, NotFound
from bihuan.core.orgs import services
from bihuan.core.orgs.models import Account, Org, Person, Post
from bihuan.core.orgs.selectors import Chains, actor_for, actors_of
from bihuan.core.orgs.types import Role
from tests.conftest import NOON
from tests.factories import build_world

DAY = timedelta(days=1)


@pytest.fixture
def world(db):
    return build_world(NOON)


def test_a_body_has_two_names_and_one_record_and_no_second(world):
    place = world.places["990102"].pk  # the world has given it a headquarters already
    assert Org.objects.filter(place=place, kind="headquarters").exists()
    with pytest.raises(Conflict) as refused:
        services.found_org(
            place_id=place, kind="headquarters", name="又一个指挥部", by=world.admin, at=NOON
        )
    assert refused.value.code == "org.body_exists"
    committee = services.found_org(
        place_id=place,
        kind="safety_committee",
        name="丘山县安全生产委员会",
        second_name="丘山县安委会",
        by=world.admin,
        at=NOON,
    )
    named = Org.objects.filter(second_name="丘山县安委会") | Org.objects.filter(
        name="丘山县安全生产委员会"
    )
    assert [o.pk for o in named] == [committee.pk]


def test_one_person_holds_several_posts_at_once_and_others_later(world):
    governor = Person.objects.get(name="某governor")
    secretary = Post.objects.get(title="北原市mayor")
    services.appoint(
        post_id=secretary.pk, person_id=governor.pk, starts=NOON, by=world.admin, at=NOON
    )
    account = Account.objects.get(username="governor")
    held = {actor.post_title for actor in actors_of(account_id=account.pk, at=NOON)}
    assert held == {"云岭省governor", "北原市mayor"}
    assert governor.tenures.count() == 2


def test_a_permission_ends_with_the_tenure(world):
    post = Post.objects.get(title="北原市city")
    tenure = post.tenures.get()
    services.end_tenure(tenure_id=tenure.pk, ends=NOON, by=world.admin, at=NOON)
    account = Account.objects.get(username="city")
    with pytest.raises(NotAllowed):
        actor_for(account_id=account.pk, post_id=None, at=NOON)
    assert actor_for(account_id=account.pk, post_id=None, at=NOON - DAY).post_id == post.pk


def test_while_the_commander_is_away_the_deputy_acts_and_the_audit_says_so(world):
    mayor = Post.objects.get(title="北原市mayor")
    services.record_absence(
        post_id=mayor.pk, starts=NOON, ends=NOON + DAY, reason="出访", by=world.admin, at=NOON
    )
    account = Account.objects.get(username="deputy")
    acting = [a for a in actors_of(account_id=account.pk, at=NOON) if a.acts_for_post_id]
    assert [a.role for a in acting] == [Role.COMMANDER]
    assert acting[0].name == "某deputy(北原市deputy,代北原市mayor)"
    assert not any(a.acts_for_post_id for a in actors_of(account_id=account.pk, at=NOON + DAY))


def test_a_principals_act_counts_and_a_deputys_does_not(world):
    own = services.record_personal_act(kind="现场检查", note="", by=world.mayor, at=NOON)
    other = services.record_personal_act(kind="现场检查", note="", by=world.deputy, at=NOON)
    assert (own.by_principal, other.by_principal) == (True, False)


def test_overdue_work_goes_to_the_portfolio_then_the_principal_then_above(world):
    owner = Post.objects.get(title="北原市clerk")
    chains = Chains([owner])
    climb = [chains.post(owner, sector="transport", level=n).title for n in (1, 2, 3)]
    assert climb == ["北原市deputy", "北原市mayor", "云岭省head"]


def test_a_manager_appoints_only_in_their_own_place(world):
    south = Post.objects.get(title="南渡市outsider")
    with pytest.raises(NotFound):
        services.appoint(post_id=south.pk, name="甲", starts=NOON, by=world.city, at=NOON)
    with pytest.raises(NotAllowed):
        services.appoint(post_id=south.pk, name="甲", starts=NOON, by=world.inspector, at=NOON)


def test_a_desk_office_cannot_make_an_administrator(world):
    org = Org.objects.get(name="北原市headquarters")
    with pytest.raises(NotAllowed) as refused:
        services.open_post(org_id=org.pk, title="系统管理员", role="admin", by=world.city, at=NOON)
    assert refused.value.code == "post.admin_by_admin"


def test_a_weak_password_is_refused_with_reasons(world):
    person = Person.objects.create(name="新人")
    with pytest.raises(Invalid) as refused:
        services.open_account(
            person_id=person.pk, username="new", password="12345", by=world.admin, at=NOON
        )
    assert refused.value.facts["reasons"]


def test_a_post_that_owes_something_is_not_abolished(world):
    from tests.factories import task

    task(world, owner="clerk", by="city")
    post = Post.objects.get(title="北原市clerk")
    with pytest.raises(Conflict) as refused:
        services.end_post(post_id=post.pk, by=world.admin, at=NOON)
    assert refused.value.code == "post.owes"
