"""What this area adds to the rail."""

from django.utils.translation import gettext_lazy as _

from bihuan.web.nav import Entry
from bihuan.web.work.desk import owed_count

NAV = (
    Entry("work", _("待办"), "work:mine", "list-check", order=10, phone=True, count=owed_count),
    Entry("work", _("待我验收"), "work:to_accept", "clipboard-check", duty="task.accept", order=20),
    Entry("work", _("告知"), "work:told", "bell", order=30),
    Entry("work", _("全部事项"), "work:loops", "list-details", duty="loop.read", order=40),
)
