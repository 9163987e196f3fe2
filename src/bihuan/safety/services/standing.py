"""An actor that acts for a post without being its holder: the public's letterbox, the clocks."""

from bihuan.core.orgs.models import Post
from bihuan.core.orgs.rules import DUTIES
from bihuan.core.orgs.types import Actor, Role


def standing_for(post: Post, name: str) -> Actor:
    """The product itself in a post's place, named as what it is; nobody's person.

    The post comes with `org` and `place` loaded.
    """
    role = Role(post.role)
    return Actor(
        account_id=0, person_id=0, person_name=name, post_id=post.pk, post_title=post.title,
        org_id=post.org_id, org_name=post.org.name, place_id=post.place_id,
        place_name=post.place.name, scope=post.scope, role=role, duties=DUTIES[role],
    )  # fmt: skip
