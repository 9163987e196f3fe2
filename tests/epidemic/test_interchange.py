"""Cases for other systems: valid, pseudonymous, counted right."""

import json

import pytest
from fhir.resources.R4B.bundle import Bundle

from bihuan.core.clock import local_date
from bihuan.core.errors import NotAllowed, NotFound
from bihuan.epidemic.services.cases import report_case
from bihuan.epidemic.services.interchange import export_dhis2, export_fhir
from tests.epidemic.conftest import card


def test_a_bundle_is_valid_fhir_and_knows_nobody(world, event, case, at):
    told = export_fhir(event_id=event.pk, by=world.cdc, at=at)
    read = Bundle.model_validate(told)
    kinds = [entry.resource.get_resource_type() for entry in read.entry]
    assert kinds == ["Patient", "Condition", "Observation", "Observation"]
    patient, condition = read.entry[0].resource, read.entry[1].resource
    assert patient.identifier[0].value == case.pseudonym
    assert (patient.name, patient.birthDate, patient.telecom, patient.address) == (None,) * 4
    assert condition.onsetDateTime is not None
    said = json.dumps(told, ensure_ascii=False)
    assert not any(secret in said for secret in ("李建国", "13800001111", "110101198503076218"))


def test_a_disease_carries_every_code_it_has(world, at):
    from bihuan.core.packs.diseases import disease
    from bihuan.epidemic.rules.interchange import DiseaseOut, codings

    row = disease("covid19", at.replace(month=5))
    given = DiseaseOut(row.code, row.title, row.icd10, row.icd11, "0101")
    systems = {c["system"].rpartition("/")[2]: c["code"] for c in codings(given)}
    assert systems == {"icd-10": "U07.1", "mms": "RA01", "urn:bihuan:cn:report-card": "0101"}


def test_a_value_set_counts_by_day_place_class_and_age(world, event, case, at):
    from bihuan.core.vault.types import Identity

    other = card(world, event, at, person=Identity(name="赵丽", phone="13600003333"))
    report_case(card=other, by=world.clinic, at=at)
    (value,) = export_dhis2(event_id=event.pk, by=world.cdc, at=at)["dataValues"]
    assert value == {
        "dataElement": f"UNKNOWN_{case.kind.upper()}", "period": f"{local_date(at):%Y%m%d}",
        "orgUnit": "990101001001", "categoryOptionCombo": "15-44", "value": "2",
    }  # fmt: skip


def test_enforcement_exports_nothing(world, event, case, at):
    with pytest.raises(NotAllowed):
        export_fhir(event_id=event.pk, by=world.police, at=at)
    with pytest.raises(NotFound):
        export_dhis2(event_id=event.pk, by=world.police, at=at)
    with pytest.raises(NotFound):
        export_fhir(event_id=event.pk, by=world.cdc_south, at=at)
