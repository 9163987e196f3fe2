"""Machine-made requests against the OpenAPI document: what it promises is what comes back.

Schemathesis reads the document and asks every operation with good and with broken input, signed
in as the province's office. The same requests every time.
"""

from datetime import timedelta

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from django.db import connection
from hypothesis import HealthCheck, Phase, settings
from ninja import Schema
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from bihuan.core.orgs.services import make_token
from tests.conftest import NOON
from tests.factories import build_world, task

EXAMPLES = 8  # of each operation
CHECKS = [  # what is well formed may still be refused by a rule: that is no fault of the document
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())


@pytest.fixture
def secret(db, monkeypatch):
    """A token of the province's office, in a province where somebody owes something."""
    # At the end of a request Django closes a connection that is in a transaction.
    monkeypatch.setattr(connection, "close_if_unusable_or_obsolete", lambda: None)
    world = build_world(NOON)
    task(world)
    _token, secret = make_token(
        name="试",
        scopes=("read", "write"),
        expires_at=NOON + timedelta(days=1),
        by=world.head,
        at=NOON,
    )
    return secret


@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
def test_what_the_document_promises_is_what_comes_back(case, secret):
    case.call_and_validate(headers={"Authorization": f"Bearer {secret}"}, checks=CHECKS)


def test_no_two_answers_share_a_name_for_the_document_would_show_one_of_them():
    seen, left = [], [Schema]
    while left:
        below = left.pop().__subclasses__()
        left += below
        seen += [kind.__name__ for kind in below if kind.__module__.startswith("bihuan.")]
    assert sorted(seen) == sorted(set(seen))
