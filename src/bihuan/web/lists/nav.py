"""What this area adds to the rail."""

from django.utils.translation import gettext_lazy as _

from bihuan.web.nav import Entry

NAV = (
    Entry("command", _("三张清单"), "lists:problems", "list-details", duty="loop.read", order=40),
)
