"""What this area adds to the rail."""

from django.utils.translation import gettext_lazy as _

from bihuan.web.nav import Entry

NAV = (
    Entry("epidemic", _("协查"), "inquiries:questions", "messages", duty="question.answer",
          order=55),
    Entry("admin", _("协查复核"), "inquiries:review", "shield-check", duty="vault.review", order=65),
    Entry("epidemic", _("对接单位"), "inquiries:peers", "link", duty="peer.manage", order=70),
)  # fmt: skip
