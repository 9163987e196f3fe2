"""Cases as other systems read them: FHIR R4 resources and DHIS2 data value sets. Pure.

A patient is a pseudonym: no name, no number, no address, no day of birth leaves.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

ICD10 = "http://hl7.org/fhir/sid/icd-10"
ICD11 = "http://id.who.int/icd/release/11/mms"
REPORT_CARD = "urn:bihuan:cn:report-card"  # code of the national report card
FINDING = "urn:bihuan:criterion"
PSEUDONYM = "urn:bihuan:pseudonym"
VERIFICATION = {"confirmed": "confirmed", "excluded": "refuted"}  # anything else: provisional


@dataclass(frozen=True, slots=True)
class CaseOut:
    """One case as it leaves."""

    pseudonym: str
    kind: str
    place_code: str
    age_band: str
    onset: date | None
    diagnosed_at: datetime
    reported_at: datetime
    findings: tuple[tuple[str, str], ...]  # key, title


@dataclass(frozen=True, slots=True)
class DiseaseOut:
    """A disease with the codes it has."""

    code: str
    title: str
    icd10: str
    icd11: str
    report_code: str


def bundle(cases: Iterable[CaseOut], disease: DiseaseOut, *, at: datetime) -> dict[str, Any]:
    """A FHIR R4 collection: Patient and Condition of each case, an Observation of each finding."""
    entries = [resource for case in cases for resource in _resources(case, disease)]
    return {
        "resourceType": "Bundle", "type": "collection", "timestamp": at.isoformat(),
        "entry": [{"fullUrl": f"urn:bihuan:{r['resourceType']}/{r['id']}", "resource": r}
                  for r in entries],
    }  # fmt: skip


def _resources(case: CaseOut, disease: DiseaseOut) -> Iterable[dict[str, Any]]:
    subject = {"reference": f"urn:bihuan:Patient/{case.pseudonym}"}
    yield {
        "resourceType": "Patient", "id": case.pseudonym,
        "meta": {"security": [{
            "system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue",
            "code": "PSEUDED",
        }]},
        "identifier": [{"system": PSEUDONYM, "value": case.pseudonym}],
    }  # fmt: skip
    status = VERIFICATION.get(case.kind, "provisional")
    condition: dict[str, Any] = {
        "resourceType": "Condition", "id": f"{case.pseudonym}-c", "subject": subject,
        "verificationStatus": _coded(
            "http://terminology.hl7.org/CodeSystem/condition-ver-status", status),
        "code": {"coding": codings(disease), "text": disease.title},
        "recordedDate": case.reported_at.isoformat(),
    }  # fmt: skip
    if case.onset is not None:
        condition["onsetDateTime"] = case.onset.isoformat()
    yield condition
    for number, (key, title) in enumerate(case.findings):
        yield {
            "resourceType": "Observation", "id": f"{case.pseudonym}-o{number}", "status": "final",
            "subject": subject, "effectiveDateTime": case.diagnosed_at.isoformat(),
            "code": {"coding": [{"system": FINDING, "code": key}], "text": title},
            "valueBoolean": True,
        }  # fmt: skip


def codings(disease: DiseaseOut) -> list[dict[str, str]]:
    """Every code the disease has."""
    known = ((ICD10, disease.icd10), (ICD11, disease.icd11), (REPORT_CARD, disease.report_code))
    return [{"system": system, "code": code} for system, code in known if code]


def _coded(system: str, code: str) -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code}]}


def value_set(
    cases: Sequence[CaseOut], disease: DiseaseOut, *, days: Sequence[date], at: datetime
) -> dict[str, Any]:
    """A DHIS2 data value set: cases by day of report, place, class and age, codes as identifiers."""
    wanted = frozenset(days)
    counted = Counter(
        (case.reported_at.date(), case.place_code, case.kind, case.age_band)
        for case in cases
        if case.reported_at.date() in wanted
    )
    return {
        "dataSet": "BIHUAN_CASES", "completeDate": at.date().isoformat(),
        "dataElementIdScheme": "CODE", "orgUnitIdScheme": "CODE",
        "categoryOptionComboIdScheme": "CODE",
        "dataValues": [
            {"dataElement": f"{disease.code.upper()}_{kind.upper()}",
             "period": f"{day:%Y%m%d}", "orgUnit": place, "categoryOptionCombo": age,
             "value": str(n)}
            for (day, place, kind, age), n in sorted(counted.items())
        ],
    }  # fmt: skip
