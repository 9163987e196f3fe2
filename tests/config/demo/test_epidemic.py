"""The epidemic side of the demonstration plays through the product's own services."""

from datetime import timedelta

from bihuan.config.demo.epidemic import load_epidemic
from bihuan.config.demo.targets import load_targets
from bihuan.epidemic.models import Case, Contact, ControlOrder, DefenceCount
from bihuan.sensing.models import Sentinel, Signal


def test_the_demonstration_has_a_signal_cases_contacts_and_an_order_half_past_midnight(loaded):
    at = loaded + timedelta(hours=12, minutes=30)  # what was done two hours ago was yesterday
    load_epidemic(province="99", at=at)
    load_targets(province="99", at=at)
    assert DefenceCount.objects.count() == 3
    assert Sentinel.objects.count() >= 3
    signal = Signal.objects.get(alert="fever.daily")
    assert signal.obligation.closed_at is None
    order = ControlOrder.objects.get()
    cases, contacts = (kind.objects.filter(event=order.event) for kind in (Case, Contact))
    assert (cases.count(), contacts.count()) == (2, 4)
    assert order.signed_at is not None
    assert order.ends_at > at
