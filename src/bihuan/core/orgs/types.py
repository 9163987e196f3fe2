"""Who acts: the frozen record that every service and selector takes."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a post is for. Duties follow from it (`rules.DUTIES`)."""

    COMMANDER = "commander"  # 总指挥、第一组长: the principal of a node
    DEPUTY = "deputy"  # 分管领导: leads by portfolio
    OFFICE = "office"  # 指挥部办公室、安委办
    DEPARTMENT = "department"  # a competent department
    NODE = "node"  # a township's or community's desk: receives, hands down, proves
    INSPECTOR = "inspector"  # supervision teams
    EPIDEMIOLOGY = "epidemiology"  # 疾控机构: signals, cases, contacts, identities
    SENTINEL = "sentinel"  # a clinic, pharmacy or school that reports counts and cards
    CARE = "care"  # an isolation site or hospital: those who stay with it, by room
    UNIT = "unit"  # an enterprise, school, hospital: sees itself alone
    AUDITOR = "auditor"  # reads the audit
    ADMIN = "admin"  # people, places; no business data


@dataclass(frozen=True, slots=True)
class Actor:
    """One person acting in one post at one moment.

    `scope` is the path of the place the post answers for; `sectors` narrows a
    department's sight to its own business and is empty for posts that see all of it.
    """

    account_id: int
    person_id: int
    person_name: str
    post_id: int
    post_title: str
    org_id: int
    org_name: str
    place_id: int
    place_name: str
    scope: str
    role: Role
    duties: frozenset[str]
    sectors: frozenset[str] = frozenset()
    acts_for_post_id: int | None = None  # set while standing in for an absent holder

    @property
    def name(self) -> str:
        """How the audit names the act's author: person and post."""
        return f"{self.person_name}({self.post_title})"

    def has(self, duty: str) -> bool:
        """Whether the post carries a duty."""
        return duty in self.duties
