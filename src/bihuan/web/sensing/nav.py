"""What this area adds to the rail."""

from django.utils.translation import gettext_lazy as _

from bihuan.web.nav import Entry

NAV = (
    Entry("situation", _("监测信号"), "sensing:signals", "activity", duty="sensing.read", order=10),
    Entry("work", _("每日报数"), "sensing:report", "clipboard-data", duty="sensing.report",
          order=20, phone=True),
    Entry("situation", _("哨点"), "sensing:sentinels", "radar", duty="sensing.read", order=30),
    Entry("resources", _("重点时段"), "sensing:periods", "calendar-event", duty="period.read", order=70),
    Entry("resources", _("人流高峰"), "sensing:flows", "arrows-split", duty="flow.read", order=72),
)  # fmt: skip
