"""What this area adds to the rail."""

from django.utils.translation import gettext_lazy as _

from bihuan.web.nav import Entry

NAV = (
    Entry("command", _("文稿与草稿"), "intake:documents", "file-search",
          duty="directive.draft", order=20),
)  # fmt: skip
