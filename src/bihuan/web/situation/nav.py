"""What this area adds to the rail."""

from django.utils.translation import gettext_lazy as _

from bihuan.web.nav import Entry
from bihuan.web.situation.rights import SEES

NAV = (
    Entry("situation", _("态势"), "situation:map", "map-2", duty=SEES, order=10, phone=True),
    Entry("situation", _("失控清单"), "situation:board", "alert-triangle", duty=SEES, order=20),
    Entry("situation", _("本地概况"), "situation:here", "map-pin", duty=SEES, order=30),
)
