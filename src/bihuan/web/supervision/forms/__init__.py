"""What people fill in for supervision. Forms read; services decide."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q

from bihuan.core.evidence.cells import plain
from bihuan.core.loops.models import Domain
from bihuan.core.orgs.models import Post
from bihuan.core.orgs.types import Actor
from bihuan.core.places.types import within
from bihuan.web.forms import DayInput, WorkForm
from bihuan.web.messages import words

DOMAINS = [("", "—"), *Domain.choices]


def day_field(label: Any, **options: Any) -> forms.DateField:
    """A day, picked or typed."""
    return forms.DateField(label=label, widget=DayInput(), **options)


def lines_of(text: str) -> list[str]:
    """The lines of a text, its signs of one width."""
    return [plain(line) for line in text.splitlines() if line.strip()]


class PostField(forms.CharField):
    """A post by its title, with its body in brackets where several share one, or by its number.

    A datalist suggests titles with their bodies.
    """

    widget = forms.TextInput({"list": "posts", "autocomplete": "off"})
    scope = ""

    def prepare_value(self, value: Any) -> Any:
        """A post that is known already, in the words of the suggestions."""
        if not isinstance(value, int):
            return value
        post = Post.objects.filter(pk=value).select_related("org").first()
        return f"{post.title}({post.org.name})" if post else ""

    def clean(self, value: Any) -> Any:
        """The post's id; None when nothing was typed."""
        text = super().clean(value).strip()
        if not text:
            return None
        posts = Post.objects.filter(within("scope", self.scope), valid_to=None)
        found = list(posts.filter(_meant(text)).values_list("pk", flat=True)[:2])
        if len(found) != 1:
            raise ValidationError(words(f"lists.post_{'ambiguous' if found else 'unknown'}"))
        return found[0]


def _meant(text: str) -> Q:
    if text.isdecimal():
        return Q(pk=int(text))
    title, _bracket, body = plain(text).removesuffix(")").rpartition("(")
    return Q(title=text) | Q(title=title, org__name=body)


class PostsField(forms.CharField):
    """Several posts, a title on each line."""

    widget = forms.Textarea({"rows": 3})
    scope = ""

    def clean(self, value: Any) -> Any:
        """The ids of the posts."""
        one = PostField(required=False)
        one.scope = self.scope
        return tuple(one.clean(line) for line in lines_of(super().clean(value)))


class ScopedForm(WorkForm):
    """A form whose posts are those of the actor's area."""

    def __init__(self, *data: Any, by: Actor, at: datetime, **options: Any) -> None:
        super().__init__(*data, at=at, **options)
        for field in self.fields.values():
            if isinstance(field, PostField | PostsField):
                field.scope = by.scope
