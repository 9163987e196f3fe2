"""The epidemic side of the demonstration plays through the product's own services."""

from bihuan.config.demo.epidemic import load_epidemic
from bihuan.epidemic.models import Case, Contact, ControlOrder
from bihuan.sensing.models import Sentinel, Signal


def test_the_demonstration_has_a_signal_cases_contacts_and_an_order(loaded):
    load_epidemic(province="99", at=loaded)
    assert Sentinel.objects.count() >= 3
    signal = Signal.objects.get(alert="fever.daily")
    assert signal.obligation.closed_at is None
    order = ControlOrder.objects.get()
    cases, contacts = (kind.objects.filter(event=order.event) for kind in (Case, Contact))
    assert (cases.count(), contacts.count()) == (2, 4)
    assert order.signed_at is not None
    assert order.ends_at > loaded
