"""The administrative tree: places with their period of validity, their changes and boundaries."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Level(models.TextChoices):
    """Levels of the tree, from the top down."""

    NATION = "nation", _("全国")
    PROVINCE = "province", _("省")
    CITY = "city", _("市")
    COUNTY = "county", _("县(市、区)")
    TOWNSHIP = "township", _("镇(街)")
    COMMUNITY = "community", _("社区(村)")
    GRID = "grid", _("网格")


class Place(models.Model):
    """One jurisdiction as it stood from `valid_from` until the day before `valid_to`.

    `code` is the shortest official form: GB/T 2260 down to the county (2, 4, 6 digits), the
    statistics codes below it (9, 12 digits), then "-" and a serial for a grid; "00" is the nation.
    `path` repeats the code in fixed-width segments. A code that skips a level (a city without
    counties, a county straight under its province) keeps the segment in its path ("44.19.00.003.")
    but has no row for it: `parent` is the authority that really stands above.
    """

    id = models.BigAutoField(primary_key=True)
    code = models.CharField(max_length=16)
    name = models.CharField(max_length=64)
    short_name = models.CharField(max_length=64)
    level = models.CharField(max_length=12, choices=Level.choices)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    path = models.CharField(max_length=64, db_collation="C")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    pseudo = models.BooleanField(
        default=False,
        help_text="Has a statistics code but no government of its own: a development zone, a farm.",
    )
    pinyin = models.CharField(max_length=160, blank=True)
    households = models.PositiveIntegerField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("code",), condition=Q(valid_to=None), name="place_code_current"
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")),
                name="place_valid_some_day",
            ),
            models.CheckConstraint(
                condition=Q(level=Level.NATION, path="") | Q(path__endswith="."),
                name="place_path_ends_in_dot",
            ),
        )
        indexes = (
            models.Index(fields=("path",), name="place_path"),
            models.Index(fields=("parent", "code"), name="place_parent_code"),
            models.Index(fields=("code", "valid_from"), name="place_code_from"),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class ChangeKind(models.TextChoices):
    """What happened to a place."""

    FOUND = "found", _("设立")
    RENAME = "rename", _("更名")
    RECODE = "recode", _("改码")
    MERGE = "merge", _("合并")
    SPLIT = "split", _("拆分")
    MOVE = "move", _("划转")
    ABOLISH = "abolish", _("撤销")


class PlaceChange(models.Model):
    """One step from an old code to a new one; a split has one row for each successor."""

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=12, choices=ChangeKind.choices)
    on = models.DateField()
    old_code = models.CharField(max_length=16, blank=True)
    old_name = models.CharField(max_length=64, blank=True)
    new_code = models.CharField(max_length=16, blank=True)
    new_name = models.CharField(max_length=64, blank=True)
    source = models.CharField(max_length=200)

    class Meta:
        indexes = (
            models.Index(fields=("old_code", "on"), name="placechange_old"),
            models.Index(fields=("new_code", "on"), name="placechange_new"),
        )

    def __str__(self) -> str:
        return f"{self.on} {self.kind} {self.old_code} → {self.new_code}"


class Boundary(models.Model):
    """The simplified outline of a place, imported by the site or invented for the demo."""

    place = models.OneToOneField(Place, on_delete=models.CASCADE, related_name="boundary")
    geojson = models.JSONField()
    source = models.CharField(max_length=200)
    imported_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.place_id} {self.source}"


class Population(models.Model):
    """How many people live in a place, of a year and by a source: the denominator of rates.

    A corrected figure is another row; what a page said before can be said again.
    """

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="populations")
    year = models.PositiveSmallIntegerField()
    value = models.PositiveBigIntegerField()
    source = models.CharField(max_length=200)
    known_at = models.DateTimeField()
    known_by = models.CharField(max_length=200)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(value__gt=0) & ~Q(source=""), name="population_is_told"
            ),
        )
        indexes = (models.Index(fields=("place", "-year", "-id"), name="population_last"),)

    def __str__(self) -> str:
        return f"{self.place_id} {self.year}: {self.value}"
