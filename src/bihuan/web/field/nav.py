"""What this area adds to the rail."""

from django.utils.translation import gettext_lazy as _

from bihuan.web.nav import Entry

NAV = (
    Entry("work", _("现场检查"), "field:app", "device-mobile", duty="loop.read", order=24),
    Entry("work", _("检查计划"), "field:plans", "target-arrow", duty="supervise.visit", order=26),
    Entry("admin", _("现场设备"), "field:devices", "lock", duty="people.manage", order=15),
)  # fmt: skip
