"""What this area adds to the rail."""

from django.utils.translation import gettext_lazy as _

from bihuan.web.nav import Entry

READ, PLAN = "loop.read", "supervise.plan"
OFFICES = ("relay.answer", "supervise.visit", "task.accept")  # not those who are only inspected
NAV = (
    Entry("supervision", _("督导计划"), "supervision:plans", "layout-grid", duty=READ, order=10),
    Entry("supervision", _("督查走访"), "supervision:visits", "report-search", duty=READ, order=20,
          phone=True),
    Entry("supervision", _("交叉检查"), "supervision:rounds", "arrows-exchange", duty=OFFICES,
          order=30),
    Entry("supervision", _("外部反馈"), "supervision:external", "file-import", duty=OFFICES,
          order=40),
    Entry("supervision", _("盲区比对"), "supervision:registers", "radar", duty=PLAN, order=50),
    Entry("supervision", _("薄弱环节"), "supervision:weak", "target-arrow", duty=READ, order=60),
    Entry("supervision", _("基层减负"), "supervision:burden", "clock", duty=READ, order=70),
)  # fmt: skip
