"""Case definitions as data: what an edition proposes, and what it would still need."""

from datetime import datetime

from bihuan.core.clock import TZ
from bihuan.core.packs import registry
from bihuan.epidemic.rules.care import place_of_care
from bihuan.epidemic.rules.classify import classify

NINTH = registry.by_edition("cn.covid19.control@9")
CHIK = registry.by_edition("cn.chik.control@2025")


def test_one_epidemiological_and_two_clinical_items_make_a_suspect():
    found = classify(NINTH, {"case_contact", "fever_respiratory", "blood"})
    assert found.key == "suspected"
    assert found.met == ("blood", "case_contact", "fever_respiratory")


def test_three_clinical_items_need_no_link():
    assert classify(NINTH, {"fever_respiratory", "blood", "imaging"}).key == "suspected"


def test_positive_without_signs_is_asymptomatic_and_with_signs_confirmed():
    assert classify(NINTH, {"pcr"}).key == "asymptomatic"
    assert classify(NINTH, {"pcr", "fever_respiratory"}).key == "confirmed"


def test_antibodies_after_vaccination_prove_nothing():
    signs = {"igm", "igg", "fever_respiratory"}
    assert classify(NINTH, signs).key == "confirmed"
    assert classify(NINTH, signs | {"vaccinated_recently"}).key == ""


def test_the_answer_says_what_a_higher_class_would_need():
    found = classify(NINTH, {"case_contact", "fever_respiratory", "blood"})
    assert ("confirmed", ("any:pcr|sequence",)) in found.lacking


def test_another_disease_is_another_file():
    assert classify(CHIK, {"pcr", "joint_pain"}).key == "confirmed"
    assert classify(CHIK, {"endemic_stay", "fever", "joint_pain", "igm"}).key == "clinical"


def care_on(day: str, *findings: str):
    at = datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=TZ)
    pack = registry.edition("treatment-plan", at, disease="covid19")
    return place_of_care(pack, findings)


def test_the_place_of_care_follows_the_edition_of_the_day():
    ninth = care_on("2022-03-20", "pcr", "fever_respiratory")
    assert (ninth.severity, ninth.place) == ("mild", "central_isolation")
    eighth = care_on("2022-03-01", "pcr", "fever_respiratory")
    assert (eighth.place, eighth.edition) == ("designated_hospital", "cn.covid19.treatment@8r")


def test_risk_or_severity_leads_to_a_hospital():
    assert care_on("2022-03-20", "pcr", "fever_respiratory", "high_risk").place == (
        "designated_hospital"
    )
    grave = care_on("2022-03-20", "pcr", "fever_respiratory", "spo2_93")
    assert (grave.severity, grave.place) == ("severe", "designated_hospital")
