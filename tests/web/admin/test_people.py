"""Posts, bodies and people: who may look, who may change, what the page says."""

from bihuan.core.orgs.models import Account, Org, Post, Tenure
from tests.factories import World


def post_of(username: str) -> Post:
    return Post.objects.get(tenures__person__account__username=username)


def test_posts_are_those_of_the_place_and_below(enter) -> None:
    html = enter("city").get("/admin/posts/").content.decode()
    assert "码头镇township" in html
    assert "南渡市outsider" not in html
    assert "云岭省head" not in html


def test_posts_narrow_by_title_holder_type_and_vacancy(enter, world: World) -> None:
    client = enter("head")
    Tenure.objects.filter(person__account__username="county").update(ends=world.at)
    vacant = client.get("/admin/posts/?holding=vacant").content.decode()
    assert "港城县county" in vacant
    assert "北原市city" not in vacant
    assert "云岭省builder" in client.get("/admin/posts/?role=department").content.decode()
    named = client.get("/admin/posts/?text=某mayor").content.decode()
    assert "北原市mayor" in named
    assert "没有符合条件的岗位" in client.get("/admin/posts/?text=nobody").content.decode()


def test_the_list_pages_by_key_without_gap_or_repetition(enter, monkeypatch) -> None:
    from bihuan.core.orgs import staffing

    monkeypatch.setattr(staffing.posts_under, "__kwdefaults__",
                        {**staffing.posts_under.__kwdefaults__, "size": 4})  # fmt: skip
    client, seen, address = enter("head"), [], "/admin/posts/"
    while address:
        page = client.get(address).context["page"]
        seen += [row.id for row in page.rows]
        address = f"/admin/posts/?after={page.after}" if page.after else ""
    assert sorted(seen) == sorted(Post.objects.values_list("pk", flat=True))
    assert client.get("/admin/posts/?after=nonsense").status_code == 422


def test_the_export_holds_what_the_filter_shows(enter) -> None:
    answer = enter("head").get("/admin/posts/?format=csv&role=department")
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("岗位,类型,机构")
    assert len(lines) == 2


def test_the_list_costs_a_fixed_number_of_queries(enter, django_assert_max_num_queries) -> None:
    client = enter("head")
    with django_assert_max_num_queries(10):
        client.get("/admin/posts/")


def test_somebody_is_appointed_and_the_former_holder_leaves(enter, world: World) -> None:
    post = post_of("county")
    answer = enter("city").post(
        f"/admin/posts/{post.pk}/appoint/", {"appoint-name": "新任", "appoint-starts": "今天"}
    )
    assert answer.status_code == 302
    assert [t.person.name for t in post.tenures.filter(ends=None)] == ["新任"]
    assert post.tenures.count() == 2


def test_what_was_typed_stays_when_it_is_refused(enter) -> None:
    post = post_of("county")
    answer = enter("city").post(
        f"/admin/posts/{post.pk}/appoint/", {"appoint-name": "新任", "appoint-starts": "soon"}
    )
    html = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="新任"' in html
    assert "看不懂这个时间" in html


def test_a_tenure_ends_and_an_account_is_opened_for_the_next(enter, world: World) -> None:
    post, client = post_of("county"), enter("city")
    assert client.post(f"/admin/posts/{post.pk}/leave/", {"leave-ends": "11:00"}).status_code == 302
    assert not post.tenures.filter(ends=None).exists()
    client.post(
        f"/admin/posts/{post.pk}/appoint/", {"appoint-name": "新任", "appoint-starts": "11:30"}
    )
    said = {"account-username": "New.One", "account-password": "a long harbour bridge"}
    assert client.post(f"/admin/posts/{post.pk}/account/", said).status_code == 302
    assert Account.objects.get(username="new.one").person.name == "新任"


def test_a_portfolio_names_sectors_and_the_senior_post(enter, world: World) -> None:
    post, senior = post_of("clerk"), post_of("mayor")
    said = {"portfolio-sectors": ["transport"], "portfolio-leader_id": senior.pk}
    assert enter("city").post(f"/admin/posts/{post.pk}/portfolio/", said).status_code == 302
    post.refresh_from_db()
    assert (post.sectors, post.leader_id) == (["transport"], senior.pk)


def test_an_absence_is_recorded(enter) -> None:
    post = post_of("mayor")
    said = {"absence-starts": "今天", "absence-ends": "明天", "absence-reason": "出差"}
    assert enter("city").post(f"/admin/posts/{post.pk}/absence/", said).status_code == 302
    assert post.absences.count() == 1


def test_nobody_changes_posts_outside_their_place(enter) -> None:
    client = enter("city")
    for username in ("outsider", "head"):
        post = post_of(username)
        assert client.get(f"/admin/posts/{post.pk}/").status_code == 404
        said = {"appoint-name": "某", "appoint-starts": "今天"}
        assert client.post(f"/admin/posts/{post.pk}/appoint/", said).status_code == 404
        assert post.tenures.count() == 1


def test_a_post_that_is_held_is_not_abolished(enter) -> None:
    post = post_of("county")
    answer = enter("city").post(f"/admin/posts/{post.pk}/end/")
    assert answer.status_code == 422
    assert "仍有人在任" in answer.content.decode()


def test_an_unknown_act_does_not_exist(enter) -> None:
    assert enter("city").post(f"/admin/posts/{post_of('county').pk}/dance/").status_code == 404


def test_a_body_is_founded_with_two_names_and_gets_its_post(enter) -> None:
    client = enter("city")
    said = {
        "code": "990102",
        "kind": "safety_committee",
        "name": "丘山县安委会",
        "second_name": "二",
    }
    answer = client.post("/admin/orgs/new/", said)
    org = Org.objects.get(name="丘山县安委会")
    assert answer["Location"] == f"/admin/posts/new/{org.pk}/"
    made = client.post(answer["Location"], {"title": "主任", "role": "office", "order": "0"})
    assert made["Location"] == f"/admin/posts/{org.posts.get().pk}/"
    again = client.post("/admin/orgs/new/", said)
    assert again.status_code == 422
    assert "一个机构可有两个名称" in again.content.decode()


def test_a_body_outside_the_place_is_not_founded(enter) -> None:
    said = {"code": "990201", "kind": "department", "name": "林口县局"}
    answer = enter("city").post("/admin/orgs/new/", said)
    assert answer.status_code == 422
    assert not Org.objects.filter(name="林口县局").exists()
    org = Org.objects.get(posts__tenures__person__account__username="outsider")
    assert enter("city").get(f"/admin/posts/new/{org.pk}/").status_code == 404


def test_a_department_is_given_sectors_on_its_page_and_they_are_taken_back(enter, world) -> None:
    client, org = enter("head"), Org.objects.get(name="云岭省department")
    address = f"/admin/orgs/{org.pk}/sectors/"
    assert address in client.get("/admin/orgs/?kind=department").content.decode()
    client.post(address, {"sectors": ["construction", "transport"]})
    assert world.builder.sectors == {"construction", "transport"}
    ticked = client.get(address).context["form"]["sectors"].value()
    assert set(ticked) == {"construction", "transport"}
    client.post(address, {"csrfmiddlewaretoken": "t"})  # none is ticked
    assert world.builder.sectors == {"construction"}, "what the post itself leads stays"
    assert enter("outsider").get(address).status_code == 404


def test_bodies_narrow_by_name_and_kind(enter) -> None:
    html = enter("head").get("/admin/orgs/?kind=central").content.decode()
    assert "云岭省central" in html
    assert "中直驻地" in html
    assert "北原市headquarters" not in html
