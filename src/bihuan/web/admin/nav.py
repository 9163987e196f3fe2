"""What this area adds to the rail."""

from django.utils.translation import gettext_lazy as _

from bihuan.web.nav import Entry

NAV = (
    Entry("admin", _("岗位与人员"), "admin:posts", "users-group", duty="people.manage", order=10),
    Entry("admin", _("机构"), "admin:orgs", "building-bank", duty="people.manage", order=20),
    Entry("admin", _("行政区划"), "admin:places", "sitemap", order=30),
    Entry("admin", _("现行规则"), "admin:rules", "book", duty="rules.read", order=40),
    Entry("admin", _("审计"), "admin:audit", "history", duty="audit.read", order=50),
    Entry(
        "admin", _("全库核对"), "admin:invariants", "shield-check", duty="invariants.read", order=60
    ),
)
