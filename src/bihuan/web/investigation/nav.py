"""What this area adds to the rail."""

from django.utils.translation import gettext_lazy as _

from bihuan.epidemic.selectors.contacts import checks_owed
from bihuan.web.nav import Entry

NAV = (
    Entry("epidemic", _("今日监测"), "investigation:checks", "clipboard-check", duty="contact.do",
          order=51, count=checks_owed),
    Entry("epidemic", _("流调工作量"), "investigation:workload", "users-group", duty="contact.do",
          order=52),
)  # fmt: skip
