"""Line lists, chains, interviews, checks and workload through HTTP."""

import csv
import io
import zipfile
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from bihuan.core.clock import local_date
from bihuan.epidemic.models import Case, CasePlace, Cluster, Contact, ContactDay, LineList
from bihuan.epidemic.services.cases import open_event, report_case
from bihuan.epidemic.services.contacts import place_contact
from tests.epidemic.builders import LI, add_health
from tests.epidemic.conftest import card, contact

CSV = """编号,姓名,电话,年龄,发病日期,传染源
A1,赵一,13911110001,34,2026-03-01,
A2,钱二,13911110002,x,2026-03-05,A1
A3,孙三,13911110003,61,2026-03-06,A1
A4,李建囯,13800001111,40,2026-03-06,
"""


@pytest.fixture
def health(world):
    return add_health(world)


@pytest.fixture
def case(health, at):
    event = open_event(title="发热", disease_code="unknown", place_id=health.places["990101"].pk,
                       by=health.cdc, at=at)  # fmt: skip
    return report_case(card=card(health, event, at), by=health.clinic, at=at)


@pytest.fixture
def client(case, enter):
    return enter("cdc")


def bring(client, case, text=CSV):
    file = SimpleUploadedFile("line.csv", text.encode())
    return client.post(f"/epidemic/events/{case.event_id}/lists/", {"file": file})


def test_a_list_is_brought_previewed_taken_and_taken_back(client, case):
    there = bring(client, case)["Location"]
    row = LineList.objects.get()
    page = client.get(there).content.decode()
    assert there == f"/epidemic/lists/{row.pk}/"
    assert "赵一" not in page
    assert case.pseudonym in page  # somebody known: to be checked first
    told = {"place": "990101001001", "kind": "suspected", "found_in": "screening",
            **{f"col-{key}": head for key, head in row.mapping.items()}}  # fmt: skip
    assert client.post(there, told).status_code == 302
    client.post(f"{there}take/", {})
    row.refresh_from_db()
    assert (row.report["added"], row.report["refused"], row.report["doubtful"]) == (2, 1, 1)
    assert set(Case.objects.exclude(pk=case.pk).values_list("found_in", flat=True)) == {"screening"}
    page = client.get(f"/epidemic/events/{case.event_id}/lists/").content.decode()
    assert f"{there}undo/" in page
    client.post(f"{there}undo/", {})
    assert Case.objects.count() == 1


def test_a_file_that_is_no_table_is_refused_in_words(client, case):
    told = bring(client, case, "").content.decode()
    assert LineList.objects.count() == 0
    assert "invalid" in told
    bring(client, case, "甲,乙\n1,2\n")
    page = client.get(f"/epidemic/lists/{LineList.objects.get().pk}/").content.decode()
    assert "哪一列是什么" in page


@pytest.mark.parametrize("name", ["cdc_south", "clinic", "police", "mayor", "township", "factory"])
def test_nobody_else_opens_a_list_a_chain_or_a_package(client, case, enter, name):
    bring(client, case)
    other = enter(name)
    for path in (f"/epidemic/lists/{LineList.objects.get().pk}/",
                 f"/epidemic/events/{case.event_id}/chains/",
                 f"/epidemic/events/{case.event_id}/package/",
                 f"/epidemic/interviews/{case.pk}/"):  # fmt: skip
        assert other.get(path).status_code in {403, 404}, path


def test_the_package_opens_in_other_tools_and_names_nobody(client, case, health, at):
    contact(health, case, at)
    data = client.get(f"/epidemic/events/{case.event_id}/package/").content
    box = zipfile.ZipFile(io.BytesIO(data))
    (line,) = csv.DictReader(io.StringIO(box.read("linelist.csv").decode()))
    assert (line["id"], line["date_onset"]) == (case.number, str(case.onset))
    (link,) = csv.DictReader(io.StringIO(box.read("contacts.csv").decode()))
    assert (link["from"], link["kind"]) == (case.number, "contact")
    told = {
        (r["file"], r["column"])
        for r in csv.DictReader(io.StringIO(box.read("dictionary.csv").decode()))
    }
    assert told >= {("linelist.csv", name) for name in line}
    for secret in (LI.name, LI.phone, LI.id_number, case.pseudonym, "王秀英"):
        assert secret not in "".join(box.read(name).decode() for name in box.namelist())


def test_a_chain_is_drawn_traced_and_stepped_through(client, case, health):
    bring(client, case)
    row = LineList.objects.get()
    client.post(f"/epidemic/lists/{row.pk}/take/", {})
    first, second = Case.objects.exclude(pk=case.pk).order_by("pk")
    address = f"/epidemic/events/{case.event_id}/chains/"
    page = client.get(f"{address}?case={second.pk}").content.decode()
    assert page.count("<circle") == 3
    assert "is-here" in page
    assert f"?case={first.pk}#trace" in page
    early = client.get(f"{address}?day=2026-03-02").content.decode()
    assert early.count('visibility="hidden"') == 3  # two cases and a link came later
    for odd in ("?case=x", "?case=99999999999999999999", "?day=x"):
        assert client.get(address + odd).status_code == 200


def test_the_map_and_its_table_show_the_places_of_cases_as_of_the_day(client, case):
    bring(client, case)
    row = LineList.objects.get()
    client.post(f"/epidemic/lists/{row.pk}/take/", {})
    Case.objects.exclude(pk=case.pk).update(scope="99.01.01.002.")
    address = f"/epidemic/events/{case.event_id}/chains/"
    drawn = client.get(f"{address}map/").json()
    codes = {place["code"] for place in drawn["places"]}
    assert {one["place"] for one in drawn["cases"]} <= codes | {""}
    assert len(drawn["cases"]) == 3
    assert {link["to"] for link in drawn["links"]} <= codes | {""}
    early = client.get(f"{address}?day=2026-03-02").content.decode()
    assert "data-chain-map" in early
    assert early.count("data-map-row") == len({one["place"] for one in drawn["cases"]})
    assert " hidden><td" in early  # the place of the later case


def test_a_cluster_is_opened_worked_and_concluded_on_its_page(client, case, enter, health, at):
    day = local_date(at)
    CasePlace.objects.create(case=case, name="码头市场", setting="shop", first=day, last=day,
                             noted_at=at, noted_by="x")  # fmt: skip
    event = f"/epidemic/events/{case.event_id}/"
    there = client.post(f"{event}clusters/", {"name": "码头市场", "first": str(day)})["Location"]
    file = Cluster.objects.get()
    assert there == f"/epidemic/clusters/{file.pk}/"
    assert there in client.get(event).content.decode()
    owner = file.obligation.owner_post_id
    lead = enter(next(n for n in ("cdc", "cdc2") if health.actor(n).post_id == owner))
    assert there in lead.get(f"/loops/{file.obligation_id}/").content.decode()
    for step in file.steps.all():
        lead.post(f"{there}step/", {"key": step.key, "state": "done", "note": "好"})
    lead.post(f"{there}hypothesis/", {"text": "共同暴露"})
    lead.post(f"{there}conclude/", {"outcome": "controlled", "reason": "无新发"})
    above = enter("cdc_city")
    assert "judge/" in above.get(there).content.decode()
    assert "judge/" not in lead.get(there).content.decode()
    above.post(f"{there}judge/", {"move": "accept"})
    file.obligation.refresh_from_db()
    assert file.obligation.state == "closed"
    assert above.get(f"{event}chains/").status_code == 200
    assert enter("cdc_south").get(there).status_code == 404


def test_an_interview_is_saved_in_parts_and_filed(client, case, at):
    day = str(local_date(at))
    address = f"/epidemic/interviews/{case.pk}/"
    assert "data-draft" in client.get(address).content.decode()
    told = {"q-symptom_first": "fever", "name-0": "码头市场", "setting-0": "shop", "first-0": day}
    client.post(address, {**told, "part": ""})
    case.refresh_from_db()
    assert case.answers["symptom_first"] == "fever"
    assert CasePlace.objects.get().name == "码头市场"
    client.post(address, {**told, "part": "core"})
    client.post(address, {**told, "part": "report"})
    assert CasePlace.objects.count() == 1
    assert "码头市场" in client.get(address).content.decode()
    refused = client.post(address, {"name-0": "码头市场", "setting-0": "shop", "part": ""})
    assert refused.status_code == 200


def test_the_checks_of_the_day_are_one_touch_each(client, case, health, enter, at):
    row = contact(health, case, at)
    place_contact(contact_id=row.pk, notice_given=True, by=health.township, at=at)
    phone = enter("township")
    assert row.number in phone.get("/epidemic/checks/").content.decode()
    phone.post("/epidemic/checks/", {"contact": row.pk, "symptoms": "yes"})
    assert ContactDay.objects.get().symptoms
    assert row.number not in phone.get("/epidemic/checks/").content.decode()
    assert health.cdc.post_title in client.get("/epidemic/workload/").content.decode()


def test_a_contact_becomes_a_case_from_its_page(client, case, health, at):
    row = contact(health, case, at)
    done = client.post(
        f"/epidemic/contacts/{row.pk}/ill/", {"age_band": "45-64", "findings": "fever"}
    )
    ill = Contact.objects.get().became_case
    assert done["Location"] == f"/epidemic/cases/{ill.pk}/"
    assert case.number in client.get(done["Location"]).content.decode()


def test_files_are_merged_split_and_given_a_source_from_the_page(client, case, health, at):
    other = report_case(card=card(health, case.event, at, other_than=frozenset({case.pseudonym})),
                        by=health.clinic, at=at + timedelta(seconds=1))  # fmt: skip
    at_case = f"/epidemic/cases/{other.pk}/"
    client.post(f"{at_case}source/", {"number": case.number})
    client.post(f"{at_case}merge/", {"number": case.number})
    other.refresh_from_db()
    assert (other.source, other.merged_into) == (case, case)
    merged = client.get(at_case).content.decode()
    assert f"{at_case}split/" in merged
    assert 'href="#same"' in merged  # said above all else, with the way back
    client.post(f"{at_case}split/", {})
    other.refresh_from_db()
    assert other.merged_into is None
    client.post(f"{at_case}merge/", {"number": "x"})
    other.refresh_from_db()
    assert other.merged_into is None


def test_the_glass_is_broken_on_the_page_and_the_person_is_told(client, case, enter):
    address = f"/epidemic/cases/{case.pk}/glass/"
    assert LI.name not in client.post(address, {"reason": ""}).content.decode()
    assert LI.name in client.post(address, {"reason": "昏迷,须联系家属"}).content.decode()
    told = enter("factory").post("/my-record/", {"code": case.pseudonym, "phone": LI.phone})
    assert "昏迷,须联系家属" in told.content.decode()
