"""What this area adds to the rail."""

from django.utils.translation import gettext_lazy as _

from bihuan.web.nav import Entry

# Those who meet, inspect or accept; an enterprise or a clinic has no meeting here.
MEETS = ("relay.answer", "supervise.visit", "task.accept")

NAV = (
    Entry("work", _("看好自己的门"), "command:gate", "home", duty="gate.keep", order=60),
    Entry("command", _("指令"), "command:directives", "speakerphone", duty="loop.read", order=10),
    Entry("command", _("会议"), "command:meetings", "presentation", duty=MEETS, order=30),
    Entry("command", _("机构台账"), "command:ledgers", "book", duty=MEETS, order=40),
    Entry("command", _("上下直通"), "command:lines", "arrows-exchange", duty="relay.answer", order=45),
    Entry("command", _("从严措施"), "command:stricter", "scale",
          duty=("stricter.consent", "directive.issue"), order=50),
)  # fmt: skip
