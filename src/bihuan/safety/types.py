"""Closed lists and frozen records of work safety that leave the domain."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Colour(models.TextChoices):
    """The four statutory colours of risk, the gravest first; never without the word."""

    RED = "red", _("重大风险 红")
    ORANGE = "orange", _("较大风险 橙")
    YELLOW = "yellow", _("一般风险 黄")
    BLUE = "blue", _("低风险 蓝")


class Category(models.TextChoices):
    """What a report from the public is about: dangers, never people."""

    FIRE = "fire", _("火灾隐患")
    EXIT = "exit", _("通道、出口堵塞或锁闭")
    GAS = "gas", _("燃气")
    CHEMICAL = "chemical", _("危险化学品")
    CONSTRUCTION = "construction", _("建筑施工")
    TRAFFIC = "traffic", _("道路或水上交通")
    MINE = "mine", _("矿山")
    ILLEGAL = "illegal", _("非法生产经营")
    OTHER = "other", _("其他隐患")


class Defence(models.TextChoices):
    """人防、物防、技防."""

    HUMAN = "human", _("人防")
    PHYSICAL = "physical", _("物防")
    TECHNICAL = "technical", _("技防")


class AccidentClass(models.TextChoices):
    """The four statutory classes, the mildest first."""

    GENERAL = "general", _("一般事故")
    LARGER = "larger", _("较大事故")
    MAJOR = "major", _("重大事故")
    EXTRAORDINARY = "extraordinary", _("特别重大事故")


class AccidentKind(models.TextChoices):
    """What kind of accident: road traffic and fire have a shorter window."""

    PRODUCTION = "production", _("生产安全事故")
    TRAFFIC = "traffic", _("道路交通事故")
    FIRE = "fire", _("火灾事故")


class WritKind(models.TextChoices):
    """The documents that an authority hands to an establishment."""

    RECTIFY = "rectify", _("责令限期整改指令书")
    RECHECK = "recheck", _("整改复查意见书")
    STOP = "stop", _("停产停业指令书")
    RESTART = "restart", _("恢复生产经营通知书")


class AlarmKind(models.TextChoices):
    """What a sensor warns of."""

    HIGH = "high", _("超上限")
    LOW = "low", _("低于下限")
    SILENCE = "silence", _("失去信号")


class PermitKind(models.TextChoices):
    """What an establishment asks leave for."""

    RESTART = "restart", _("复工复产")
    CONVERT = "convert", _("场所改用")


class PerilFamily(models.TextChoices):
    """The families of risk that meet on one day and compete for the same staff (M054)."""

    EPIDEMIC = "epidemic", _("疫情")
    TRAFFIC = "traffic", _("交通")
    FIRE = "fire", _("森林火险")
    FLOOD = "flood", _("洪涝台风")
    CROWD = "crowd", _("人员聚集")


class DayLevel(models.TextChoices):
    """How high a family of risk stands on a day."""

    LOW = "low", _("低")
    MEDIUM = "medium", _("中")
    HIGH = "high", _("高")
