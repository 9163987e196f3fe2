"""Closed lists and frozen records of work safety that leave the domain."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Colour(models.TextChoices):
    """The four statutory colours of risk, the gravest first; never without the word."""

    RED = "red", _("重大风险 红")
    ORANGE = "orange", _("较大风险 橙")
    YELLOW = "yellow", _("一般风险 黄")
    BLUE = "blue", _("低风险 蓝")
