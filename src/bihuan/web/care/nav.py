"""What this area adds to the rail."""

from django.utils.translation import gettext_lazy as _

from bihuan.web.nav import Entry

NAV = (
    Entry("resources", _("隔离与救治"), "care:board", "building-hospital", duty="care.read", order=62),
    Entry("resources", _("后备力量"), "care:reserves", "users-group", duty="care.read", order=66),
    Entry("epidemic", _("发热首诊"), "care:fever", "heart-handshake", duty="fever.do",
          order=44, phone=True),
    Entry("resources", _("机构巡查"), "care:checks", "stethoscope", duty="care.read", order=68),
    Entry("resources", _("交接在住"), "care:mine", "users", duty=("care.take", "care.place"),
          order=64, phone=True),
)  # fmt: skip
