"""Each shipped kind works in all four places: form, list, import template and API."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from python_calamine import CalamineWorkbook

from bihuan.core.audit.services import SYSTEM
from bihuan.core.packs import registry
from bihuan.safety.models import Establishment, Upload
from bihuan.safety.rules.fields import fields_of
from bihuan.safety.services.catalogue import load_catalogue
from tests.api.test_calls import Caller
from tests.conftest import NOON
from tests.web.safety.test_registers import read

KINDS = registry.table("safety_kind", NOON)


def value(field):
    """Something that fits a field."""
    if field.choices:
        return field.choices[0][0]
    plain = {"boolean": True, "date": "2027-01-01", "string": "好"}
    return plain.get(field.type, int(field.least or 0) + 1)


@pytest.mark.parametrize("kind", KINDS, ids=[row["code"] for row in KINDS])
def test_a_kind_is_registered_listed_imported_and_asked_for(enter, world, edges, kind):
    load_catalogue(by=SYSTEM, at=NOON)
    county, code = enter("county"), kind["code"]
    fields = fields_of(kind["schema"])
    told = {f"own_{field.key}": str(value(field)) for field in fields}
    told |= {f"own_{field.key}": "true" for field in fields if field.type == "boolean"}
    county.post(f"/safety/establishments/new/{code}/", {"name": "甲", "place": "码头镇"} | told)
    row = Establishment.objects.get()
    assert row.fields == {field.key: value(field) for field in fields}
    page = read(county, f"/safety/establishments/?kind={code}")
    assert "甲" in page
    template = county.get(f"/safety/catalogue/kinds/{code}/template/?format=xlsx").content
    heads = CalamineWorkbook.from_filelike(io.BytesIO(template)).get_sheet_by_index(0).to_python()
    titles = [field.words("zh") for field in fields]
    assert set(titles) <= set(heads[0])
    cells = ["乙", "990101001", *(str(value(field)) for field in fields)]
    table = "\n".join((",".join(["名称", "地方代码", *titles]), ",".join(cells)))
    file = SimpleUploadedFile("a.csv", table.replace("True", "是").encode())
    county.post("/safety/import/", {"kind": code, "file": file})
    preview = f"/safety/import/{Upload.objects.get().pk}/"
    assert county.get(preview).status_code == 200  # looked at before it is confirmed
    county.post(preview)
    assert Establishment.objects.get(venue__name="乙").fields == row.fields
    rows = Caller(world.county).get(f"/safety/establishments?kind={code}").json()["rows"]
    assert {one["name"]: one["fields"] for one in rows} == {"甲": row.fields, "乙": row.fields}
