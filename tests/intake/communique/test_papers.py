"""Papers and sentences of our own in many styles: what an expert clerk takes, the reader takes."""

from collections import Counter
from dataclasses import dataclass, field

import pytest
from opencc import OpenCC

from bihuan.intake.communique import Communique, merged, read
from bihuan.intake.communique.width import narrow
from tests.intake.communique.papers import Paper, by_topic, papers, sentences

PAPERS = tuple(papers())
TOLD = [one for one in PAPERS if one.demands]
NONE = [one for one in PAPERS if not one.demands]
plain = OpenCC("t2s").convert


def taken(paper: Paper) -> Communique:
    return merged(read(paper.text))


@dataclass
class Marks:
    """How many labels agree, and what does not."""

    right: Counter[str] = field(default_factory=Counter)
    all: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def note(self, name: str, good: bool, what: str) -> None:
        self.all[name] += 1
        self.right[name] += good
        if not good:
            self.wrong.append(f"{name}: {what}")


@pytest.fixture(scope="module")
def marks() -> Marks:
    found = Marks()
    for paper in TOLD:
        record = taken(paper)
        read_as = {narrow(one.text): one for one in record.directives}
        for one in record.directives:
            wanted = {narrow(plain(w.text)) for w in paper.demands}
            found.note("precision", narrow(one.text) in wanted, f"{paper.ident} {one.text}")
        for want in paper.demands:
            one = read_as.get(narrow(plain(want.text)))
            found.note("recall", one is not None, f"{paper.ident} {want.text}")
            if one is not None:
                found.note("speaker", one.speaker == want.speaker, want.text)
                found.note("domain", one.domain == want.domain, f"{one.domain} {want.text}")
                found.note("actionable", one.actionable == want.actionable, want.text)
    return found


@pytest.mark.parametrize(
    ("name", "least"),
    [("precision", 0.97), ("recall", 0.97), ("speaker", 0.97), ("domain", 0.90), ("actionable", 0.96)],
)  # fmt: skip
def test_the_demands_are_those_of_the_clerk(marks: Marks, name: str, least: float) -> None:
    share = marks.right[name] / marks.all[name]
    assert share >= least, [what for what in marks.wrong if what.startswith(name)]


@pytest.mark.parametrize("paper", TOLD, ids=lambda one: one.ident)
def test_the_head_of_a_paper_is_read(paper: Paper) -> None:
    record = taken(paper)
    assert record.is_communique
    for name, wanted in paper.told.items():
        got = getattr(record, name)
        got = (got,) if isinstance(got, str) else tuple(got or ())
        if name == "meetings":
            assert len(got) == len(wanted), (name, got)
            assert all(any(a in b or b in a for b in wanted) for a in got), (name, got)
        else:
            assert sorted(got) == sorted(wanted), name


@pytest.mark.parametrize("paper", NONE, ids=lambda one: one.ident)
def test_what_is_no_communique_is_refused_with_a_reason(paper: Paper) -> None:
    record = taken(paper)
    assert not record.is_communique
    assert record.reason


def test_a_demand_alone_shows_its_domain_and_whether_it_can_be_done() -> None:
    domain = act = 0
    told = sentences()
    for want in told:
        text = (
            f"全县工作会议召开\n6月8日,全县工作会议召开,县长周朗主持会议。\n周朗强调,{want.text}。"
        )
        first = read(text)[0].directives[0]
        domain += first.domain == want.domain
        act += first.actionable == want.actionable
    assert domain / len(told) >= 0.90
    assert act / len(told) >= 0.95


@pytest.mark.parametrize(
    ("name", "domain", "act"), [("usual", 0.92, 0.95), ("spoken", 0.82, 0.92)]
)  # fmt: skip
def test_a_demand_is_understood_by_the_topic_of_its_meeting(
    name: str, domain: float, act: float
) -> None:
    right = acts = count = 0
    for topic, want in by_topic(name):
        text = (
            f"全县{topic}工作会议召开\n6月8日,全县{topic}工作会议召开,县长周朗主持会议。\n"
            f"周朗强调,{want.text}。"
        )
        read_as = read(text)[0].directives[:1]
        count += 1
        right += [one.domain for one in read_as] == [want.domain]
        acts += [one.actionable for one in read_as] == [want.actionable]
    assert right / count >= domain
    assert acts / count >= act
