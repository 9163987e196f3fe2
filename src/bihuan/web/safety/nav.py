"""What this area adds to the rail."""

from django.utils.translation import gettext_lazy as _

from bihuan.web.nav import Entry

READ = "loop.read"
NAV = (
    Entry("safety", _("隐患"), "safety:hazards", "shield-exclamation", duty=READ, order=10,
          phone=True),
    Entry("safety", _("企业场所"), "safety:establishments", "building-factory-2", duty=READ,
          order=20),
    Entry("safety", _("安全检查"), "safety:inspections", "checklist", duty=READ, order=25),
    Entry("safety", _("四色风险"), "safety:colours", "gauge", duty=READ, order=30),
    Entry("situation", _("监测报警"), "safety:alarms", "bell-ringing", duty=READ, order=45),
    Entry("safety", _("事故"), "safety:accidents", "urgent", duty=READ, order=40, phone=True),
    Entry("situation", _("警觉度"), "safety:attention", "activity", duty=READ, order=48),
    Entry("safety", _("群众举报"), "safety:tips", "message-2", duty="task.do", order=60),
    Entry("safety", _("行业与类别"), "safety:catalogue", "template",
          duty=(READ, "people.manage"), order=70),
)  # fmt: skip
