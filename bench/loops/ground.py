"""The ground of the benchmarks: a province of 27,000 communities, each with its desk.

20 cities x 5 counties x 15 townships x 18 communities, one body and one held post at each place.
"""

from datetime import UTC, date, datetime

from django.contrib.auth.hashers import make_password
from django.db import connection

from bihuan.core.orgs.models import Account, Person, Tenure
from bihuan.core.orgs.selectors import actor_for
from bihuan.core.orgs.types import Actor
from bihuan.core.places.services import insert_places
from bihuan.core.places.types import NewPlace

DAY_ONE = date(2000, 1, 1)
BEGUN = datetime(2020, 1, 1, tzinfo=UTC)
NOON = datetime(2026, 3, 10, 4, tzinfo=UTC)
SHAPE = (20, 5, 15, 18)
PASSWORD = "bench-bench-bench"

_ORGS = """
INSERT INTO orgs_org (kind, name, second_name, place_id, scope, sectors, attached, valid_from)
SELECT CASE WHEN level IN ('township', 'community') THEN 'node' ELSE 'headquarters' END,
       name || '指挥部', '', id, path, '{}', false, '2000-01-01' FROM places_place;
INSERT INTO orgs_post (org_id, place_id, scope, title, role, "order", sectors, desk, valid_from)
SELECT o.id, o.place_id, o.scope, o.name || '办公室',
       CASE WHEN o.kind = 'node' THEN 'node' ELSE 'office' END, 0, '{}', true, '2000-01-01'
FROM orgs_org o;
"""


def lay() -> None:
    """Fill an empty database with the province, and analyse it."""
    cities, counties, townships, communities = SHAPE
    codes = ["99"]
    for city in range(1, cities + 1):
        codes.append(f"99{city:02}")
        for county in range(1, counties + 1):
            codes.append(f"99{city:02}{county:02}")
            for township in range(1, townships + 1):
                stem = f"99{city:02}{county:02}{township:03}"
                codes.append(stem)
                codes += [f"{stem}{serial:03}" for serial in range(1, communities + 1)]
    insert_places([NewPlace(code, f"地{code}", DAY_ONE) for code in codes])
    with connection.cursor() as cursor:
        cursor.execute(_ORGS)
        cursor.execute("ANALYZE")


def holder(code: str) -> Actor:
    """A person with an account at the desk of a place, made at the first call."""
    known = Account.objects.filter(username=f"b{code}").values_list("pk", flat=True).first()
    if known is not None:
        return actor_for(account_id=known, post_id=None, at=NOON)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.id FROM orgs_post p JOIN places_place l ON l.id = p.place_id"
            " WHERE l.code = %s AND p.desk",
            [code],
        )
        (post,) = cursor.fetchone()
    person = Person.objects.create(name=f"人{code}")
    Tenure.objects.create(person=person, post_id=post, starts=BEGUN)
    account = Account.objects.create(
        username=f"b{code}", person=person, password=make_password(PASSWORD)
    )
    return actor_for(account_id=account.pk, post_id=None, at=NOON)
