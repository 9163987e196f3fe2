"""What this area adds to the rail."""

from django.utils.translation import gettext_lazy as _

from bihuan.web.nav import Entry

READ = "loop.read"
NAV = (
    Entry("safety", _("企业场所"), "safety:establishments", "building-factory-2", duty=READ,
          order=20, phone=True),
    Entry("safety", _("行业与类别"), "safety:catalogue", "template", duty=READ, order=70),
)  # fmt: skip
