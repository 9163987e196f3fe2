"""Words of situations and reports."""

from django.utils.translation import gettext_lazy as _

ACTS = {
    "judgement.write": _("撰写研判"),
    "judgement.sign": _("签发研判"),
    "sitreport.make": _("生成报告"),
    "interchange.fhir": _("导出 FHIR"),
    "interchange.dhis2": _("导出 DHIS2"),
}
LACKING = {
    "few": _("病例太少,不作估计"),
    "early": _("时间太短,不作估计"),
}
LIGHTS = {"red": _("红灯:达到规模性反弹阈值"), "amber": _("黄灯:接近阈值"), "": _("未触及阈值")}
