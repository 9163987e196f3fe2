"""A newcomer of the demonstration finds questions of every kind, asked through the services."""

import json

from bihuan.config.demo.care import load_care
from bihuan.config.demo.epidemic import load_epidemic
from bihuan.config.demo.inquiries import load_inquiries
from bihuan.config.demo.situation import load_situation
from bihuan.config.demo.spills import load_spills
from bihuan.config.demo.targets import load_targets
from bihuan.core.orgs.models import Account
from bihuan.core.orgs.selectors import actors_of
from bihuan.epidemic.models import InMessage, Leak, NodePlan, OutMessage, Peer, Question, Transfer
from bihuan.epidemic.selectors.questions import may_answer, question_rows
from bihuan.epidemic.selectors.spills import spills_in, spills_out


def _actor(name, at):
    (first, *_) = actors_of(account_id=Account.objects.get(username=name).pk, at=at)
    return first


def test_every_side_finds_what_is_put_to_it_and_nothing_waits_on_the_line(loaded):
    for part in (load_epidemic, load_situation, load_care, load_inquiries):
        part(province="99", at=loaded)
    for name in ("990101-cdc", "990101-security"):
        by = _actor(name, loaded)
        assert any(may_answer(row, by) for row in question_rows(by=by, at=loaded)), name
    assert question_rows(by=_actor("990102-cdc", loaded), at=loaded) == []
    chief = _actor("990101-commander", loaded)
    assert any(row.subject_count == 2 and row.sent_at is None
               for row in question_rows(by=chief, at=loaded))  # fmt: skip
    assert Question.objects.filter(peer__isnull=False, outcome="answered").exists()
    assert Transfer.objects.get().incoming
    assert not OutMessage.objects.filter(acknowledged_at=None).exists()
    assert InMessage.objects.count() == 3
    assert Peer.objects.filter(confirmed_at=None).count() == 1
    told = json.dumps([m.envelope for m in OutMessage.objects.all()], ensure_ascii=False)
    assert "何志远" not in told
    load_spills(province="99", at=loaded)
    states = {row.standing.state for row in spills_out(by=_actor("990101-cdc", loaded), at=loaded)}
    assert states == {"received", "late", "owed"}
    (seen,) = spills_in(by=_actor("990102-cdc", loaded), at=loaded)
    assert (len(seen.cases), seen.spill.told) == (1, 3)
    load_targets(province="99", at=loaded)
    assert sorted(NodePlan.objects.values_list("state", flat=True)) == ["accepted", "returned"]
    assert Leak.objects.count() == 2
