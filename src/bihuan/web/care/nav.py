"""What this area adds to the rail."""

from django.utils.translation import gettext_lazy as _

from bihuan.web.nav import Entry

NAV = (
    Entry("resources", _("隔离与救治"), "care:board", "building-hospital", duty="care.read", order=62),
    Entry("resources", _("后备力量"), "care:reserves", "users-group", duty="care.read", order=66),
    Entry("resources", _("交接在住"), "care:mine", "users", duty=("care.take", "care.place"),
          order=64, phone=True),
)  # fmt: skip
