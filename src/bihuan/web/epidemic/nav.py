"""What this area adds to the rail."""

from django.utils.translation import gettext_lazy as _

from bihuan.web.nav import Entry

NAV = (
    Entry("epidemic", _("疫情事件"), "epidemic:events", "virus", duty="epidemic.read", order=40),
    Entry("epidemic", _("报告病例"), "epidemic:where", "stethoscope",
          duty="case.report", order=45, phone=True),
    Entry("epidemic", _("接触者"), "epidemic:contacts", "users", duty="contact.do", order=50,
          phone=True),
    Entry("epidemic", _("控制措施"), "epidemic:orders", "ban", duty="epidemic.read", order=60),
    Entry("epidemic", _("方案换版"), "epidemic:editions", "arrows-exchange", duty="epidemic.read",
          order=70),
    Entry("admin", _("紧急查阅复核"), "epidemic:glass", "shield-lock", duty="vault.review",
          order=60),
)  # fmt: skip
