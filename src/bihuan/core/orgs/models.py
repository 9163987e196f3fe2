"""Bodies, posts, people and their tenures; sectors and their departments; four-party slots."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from bihuan.core.orgs.types import Role
from bihuan.core.places.models import Place


class OrgKind(models.TextChoices):
    """What an organisation is."""

    GOVERNMENT = "government", _("党委政府")
    HEADQUARTERS = "headquarters", _("领导小组(指挥部)")
    SAFETY_COMMITTEE = "safety_committee", _("安全生产委员会")
    DEPARTMENT = "department", _("部门")
    CENTRAL = "central", _("中直驻地单位")
    NODE = "node", _("镇街社区")
    UNIT = "unit", _("企事业单位")


class Org(models.Model):
    """An organisation of one place. A leading group that is also the headquarters has two names.

    A central unit stationed in the province is `attached`: it takes coordination from the
    province and no city commands it (M019).
    """

    kind = models.CharField(max_length=20, choices=OrgKind.choices)
    name = models.CharField(max_length=120)
    second_name = models.CharField(max_length=120, blank=True)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="orgs")
    scope = models.CharField(max_length=64, db_collation="C")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True)
    sectors = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    attached = models.BooleanField(default=False)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("place", "kind"),
                condition=Q(valid_to=None, kind__in=("headquarters", "safety_committee")),
                name="org_one_body_per_place",
            ),
        )
        indexes = (
            models.Index(fields=("scope", "kind"), name="org_scope_kind"),
            models.Index(fields=("place", "kind"), name="org_place_kind"),
        )

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """A post, apart from whoever holds it. Duties follow from `role`.

    `leader` is the next step of the portfolio chain: overdue work climbs along it.
    `order` is the place in the line of succession within the organisation, 0 first.
    """

    org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="posts")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="posts")
    scope = models.CharField(max_length=64, db_collation="C")
    title = models.CharField(max_length=80)
    role = models.CharField(max_length=16, choices=[(role.value, role.value) for role in Role])
    order = models.SmallIntegerField(default=0)
    leader = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True)
    sectors = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    desk = models.BooleanField(default=False)  # where demands to the place arrive
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("place",), condition=Q(desk=True, valid_to=None), name="post_one_desk"
            ),
        )
        indexes = (
            models.Index(fields=("scope", "role"), name="post_scope_role"),
            models.Index(fields=("org", "order"), name="post_org_order"),
        )

    def __str__(self) -> str:
        return self.title


class Person(models.Model):
    """An official or a member of staff. Members of the public are never here."""

    name = models.CharField(max_length=50)
    pinyin = models.CharField(max_length=120, blank=True)

    def __str__(self) -> str:
        return self.name


class TsTzRange(Func):
    """Half-open period of two timestamps."""

    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


class Tenure(models.Model):
    """A person in a post from `starts` until `ends`. One holder at a time."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="tenures")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="tenures")
    starts = models.DateTimeField()
    ends = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            ExclusionConstraint(
                name="tenure_one_holder",
                expressions=[
                    ("post", RangeOperators.EQUAL),
                    (TsTzRange("starts", "ends"), RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                condition=Q(ends=None) | Q(ends__gt=F("starts")), name="tenure_ends_after_start"
            ),
        )
        indexes = (models.Index(fields=("person", "starts"), name="tenure_person"),)

    def __str__(self) -> str:
        return f"{self.person_id} in {self.post_id}"


class Absence(models.Model):
    """A holder is away; the next in the line of succession stands in."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="absences")
    starts = models.DateTimeField()
    ends = models.DateTimeField()
    reason = models.CharField(max_length=120)

    class Meta:
        indexes = (models.Index(fields=("post", "starts"), name="absence_post"),)

    def __str__(self) -> str:
        return f"{self.post_id} {self.starts:%F}–{self.ends:%F}"


class AccountManager(BaseUserManager["Account"]):
    """Accounts by their user name, whatever its case."""

    def get_by_natural_key(self, username: str | None) -> "Account":
        return self.get(username=(username or "").lower())


class Account(AbstractBaseUser):
    """How a person signs in. Rights come from the post in force, never from here."""

    username = models.CharField(max_length=60, unique=True)
    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="account")
    is_active = models.BooleanField(default=True)
    language = models.CharField(max_length=10, blank=True)
    second_factor = models.BinaryField(blank=True, default=b"")  # encrypted; empty: none set up
    recovery_hashes = ArrayField(models.CharField(max_length=128), default=list, blank=True)

    objects = AccountManager()
    USERNAME_FIELD = "username"

    def __str__(self) -> str:
        return self.username


class Token(models.Model):
    """A personal API token: acts in one post, with the scopes it was given, until it expires."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="tokens")
    post = models.ForeignKey(Post, on_delete=models.CASCADE)
    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=40), default=list)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class Sector(models.Model):
    """A line of business, as data: adding one touches no code."""

    code = models.CharField(max_length=40, primary_key=True)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80)

    def __str__(self) -> str:
        return self.name


class SectorOwner(models.Model):
    """Which department of a place runs a sector, for epidemic control and for safety alike.

    One row serves both domains, so that no department can have a sector and only one of them.
    """

    sector = models.ForeignKey(Sector, on_delete=models.PROTECT)
    place = models.ForeignKey(Place, on_delete=models.PROTECT)
    org = models.ForeignKey(Org, on_delete=models.PROTECT)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("sector", "place"), name="sectorowner_one"),)

    def __str__(self) -> str:
        return f"{self.sector_id} {self.place_id}"


class Venue(models.Model):
    """A key place or unit that four parties answer for."""

    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=40)
    # The keys of venues and slots are checked by sets: core/keys.py.
    sector = models.ForeignKey(
        Sector, on_delete=models.PROTECT, null=True, blank=True, db_index=False,
        db_constraint=False,
    )  # fmt: skip
    place = models.ForeignKey(
        Place, on_delete=models.PROTECT, related_name="venues", db_constraint=False
    )
    scope = models.CharField(max_length=64, db_collation="C")
    unit = models.ForeignKey(
        Org, on_delete=models.PROTECT, null=True, blank=True, db_index=False, db_constraint=False
    )
    lon = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    covered = models.BooleanField(default=False)

    class Meta:
        indexes = (  # few: imports write them by the hundred thousand
            models.Index(fields=("scope", "kind"), name="venue_scope_kind"),
            models.Index(fields=("sector",), name="venue_sector"),
            models.Index(
                fields=("unit",), name="venue_unit", condition=models.Q(unit__isnull=False)
            ),
        )

    def __str__(self) -> str:
        return self.name


class Party(models.TextChoices):
    """The four parties of responsibility."""

    TERRITORY = "territory", _("属地")
    DEPARTMENT = "department", _("部门")
    UNIT = "unit", _("单位")
    PERSON = "person", _("个人")


class Slot(models.Model):
    """One of the four parties of a duty or a venue: who, and whether they signed.

    `subject` names the thing ("venue:12", "obligation:34"). For members of the public the
    fourth slot is a published duty: `text` without a post.
    """

    subject = models.CharField(max_length=60)
    scope = models.CharField(max_length=64, db_collation="C")
    party = models.CharField(max_length=12, choices=Party.choices)
    post = models.ForeignKey(
        Post, on_delete=models.PROTECT, null=True, blank=True, db_index=False, db_constraint=False
    )
    org = models.ForeignKey(
        Org, on_delete=models.PROTECT, null=True, blank=True, db_index=False, db_constraint=False
    )
    text = models.CharField(max_length=200, blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_by = models.CharField(max_length=200, blank=True)
    valid_to = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("subject", "party"), name="slot_one_per_party"),
        )
        indexes = (
            models.Index(fields=("scope", "party"), name="slot_scope"),
            models.Index(fields=("post",), name="slot_post"),
            models.Index(fields=("org",), name="slot_org", condition=models.Q(org__isnull=False)),
        )

    @property
    def filled(self) -> bool:
        """Whether somebody, or a published duty, stands in the slot."""
        return bool(self.post_id or self.org_id or self.text)

    def __str__(self) -> str:
        return f"{self.subject} {self.party}"


class PersonalAct(models.Model):
    """An act that counts only when the principal did it in person (M014)."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT)
    place = models.ForeignKey(Place, on_delete=models.PROTECT)
    scope = models.CharField(max_length=64, db_collation="C")
    kind = models.CharField(max_length=40)
    by = models.CharField(max_length=200)
    by_principal = models.BooleanField()
    at = models.DateTimeField()
    note = models.CharField(max_length=400, blank=True)

    class Meta:
        indexes = (models.Index(fields=("scope", "at"), name="personalact_scope"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%F}"


class DutyLine(models.Model):
    """The duty matrix: for a function of a place, one organisation leads, others support (M019)."""

    class Part(models.TextChoices):
        LEAD = "lead", _("牵头")
        SUPPORT = "support", _("配合")

    place = models.ForeignKey(Place, on_delete=models.PROTECT)
    function = models.CharField(max_length=80)
    org = models.ForeignKey(Org, on_delete=models.PROTECT)
    part = models.CharField(max_length=8, choices=Part.choices)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("place", "function"), condition=Q(part="lead"), name="dutyline_one_lead"
            ),
            models.UniqueConstraint(fields=("place", "function", "org"), name="dutyline_once"),
        )

    def __str__(self) -> str:
        return f"{self.function} {self.part}"


class SavedView(models.Model):
    """A list narrowed and sorted as somebody wants to see it again; `shared` with their body."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="saved_views")
    org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="+")
    page = models.CharField(max_length=120)  # the path of the list
    query = models.CharField(max_length=1000, blank=True)
    name = models.CharField(max_length=80)
    shared = models.BooleanField(default=False)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("account", "page", "name"), name="savedview_once"),
        )
        indexes = (models.Index(fields=("org", "page"), name="savedview_org"),)

    def __str__(self) -> str:
        return self.name
