"""Kinds with their own fields, establishments, statements of responsibility, counts, uploads."""

from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Left

from bihuan.core.orgs.models import Org, Party, Post, Sector, Venue
from bihuan.core.places.types import CITY, COUNTY
from bihuan.safety.types import Colour


class Kind(models.Model):
    """What an establishment is, with its own fields as a JSON Schema. Data: no code knows a kind.

    `limits` says what such a place counts and against which field.
    """

    code = models.CharField(max_length=40, primary_key=True)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80)
    sector = models.ForeignKey(Sector, on_delete=models.PROTECT, null=True, blank=True)
    schema = models.JSONField(default=dict)
    limits = models.JSONField(default=list)
    version = models.IntegerField(default=1)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=200)

    def __str__(self) -> str:
        return self.name


class Establishment(models.Model):
    """A supervised place: a key place of the kernel with what safety must know of it.

    `owner_org` runs it, `issuer_org` registered it: the common rule of visibility reads them.
    `registered_in` is where the enterprise has its seat; the territory is where the place lies.
    """

    venue = models.OneToOneField(Venue, on_delete=models.PROTECT, related_name="establishment")
    # Kind and bodies are checked by sets: core/keys.py.
    kind = models.ForeignKey(Kind, on_delete=models.PROTECT, db_index=False, db_constraint=False)
    sector = models.CharField(max_length=40, blank=True)
    scope = models.CharField(max_length=64, db_collation="C")
    owner_org = models.ForeignKey(
        Org, on_delete=models.PROTECT, null=True, db_index=False, db_constraint=False,
        related_name="+",
    )  # fmt: skip
    issuer_org = models.ForeignKey(
        Org, on_delete=models.PROTECT, db_constraint=False, related_name="+"
    )
    code = models.CharField(max_length=40, blank=True)  # of its licence or its registration
    address = models.CharField(max_length=200, blank=True)
    registered_in = models.CharField(max_length=80, blank=True)
    head = models.CharField(max_length=50, blank=True)  # its legal representative
    fields = models.JSONField(default=dict)
    kind_version = models.IntegerField(default=1)
    surveyed_at = models.DateTimeField(null=True)  # when its risks were last surveyed
    colour = models.CharField(max_length=8, choices=Colour.choices, blank=True)
    token = models.UUIDField(default=uuid4, unique=True)  # in the QR code at its gate
    closed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("kind", "code"), condition=~Q(code=""), name="establishment_code_once"
            ),
        )
        # Each index is written for each row of an import. What is rare of kinds and sectors has an
        # order of its own; what is frequent is soon met in the order of the place.
        indexes = (
            models.Index(fields=("scope", "-id"), name="establishment_scope"),
            models.Index(fields=("kind", "-id"), name="establishment_of_kind"),
            models.Index(fields=("sector", "-id"), name="establishment_of_sector"),
            models.Index(fields=("owner_org",), name="establishment_owned",
                         condition=Q(owner_org__isnull=False)),
            # The two levels whose rows are kept in an order of their own.
            *(models.Index(Left("scope", n), F("id").desc(), name=f"establishment_{level}")
              for level, n in (("city", CITY), ("county", COUNTY))),
            models.Index(fields=("colour", "-id"), name="establishment_colour",
                         condition=~Q(colour="") & Q(closed_at__isnull=True)),
            models.Index(Left("scope", CITY), "colour", F("id").desc(),
                         name="establishment_city_colour",
                         condition=~Q(colour="") & Q(closed_at__isnull=True)),
        )  # fmt: skip

    @property
    def subject(self) -> str:
        """How audit and evidence name it."""
        return f"establishment:{self.pk}"

    def __str__(self) -> str:
        return f"establishment {self.pk}"


class Statement(models.Model):
    """A yearly statement of responsibility of one of three parties for one establishment (M125)."""

    establishment = models.ForeignKey(
        Establishment, on_delete=models.PROTECT, related_name="statements"
    )
    party = models.CharField(max_length=12, choices=Party.choices)
    scope = models.CharField(max_length=64, db_collation="C")
    duties = models.TextField()
    head = models.CharField(max_length=50, blank=True)  # in whose time it was drawn up
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField()
    signed_at = models.DateTimeField(null=True)
    signed_by = models.CharField(max_length=200, blank=True)
    valid_to = models.DateField(null=True)
    voided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("establishment", "party"), condition=Q(voided_at=None),
                name="statement_one_in_force",
            ),
        )  # fmt: skip
        indexes = (models.Index(fields=("scope", "party"), name="statement_scope"),)

    def __str__(self) -> str:
        return f"{self.party} of {self.establishment_id}"


class Count(models.Model):
    """A number counted on the spot, and what it led to. Lines are added, never changed."""

    establishment = models.ForeignKey(
        Establishment, on_delete=models.PROTECT, related_name="counts"
    )
    measure = models.CharField(max_length=20)
    value = models.FloatField()
    bound = models.FloatField(null=True)
    verdict = models.CharField(max_length=8)
    at = models.DateTimeField()
    by = models.CharField(max_length=200)

    class Meta:
        indexes = (models.Index(fields=("establishment", "measure", "-at"), name="count_last"),)

    def __str__(self) -> str:
        return f"{self.measure} {self.value}"
