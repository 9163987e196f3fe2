"""Draws the controls of forms. Every list has half a dozen in its filters."""

from typing import Any

from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

SELECT = "django/forms/widgets/select.html"
INPUTS = {f"django/forms/widgets/{kind}.html" for kind in ("text", "input", "number", "hidden")}


class Renderer(TemplatesSetting):
    """Selects and plain inputs as strings, everything else by its template.

    A template includes another for each option: the filters of one list took five milliseconds.
    """

    def render(
        self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None
    ) -> str:
        """The control as HTML."""
        if template_name == SELECT:
            return _select(context["widget"])
        if template_name in INPUTS:
            return _input(context["widget"])
        return super().render(template_name, context, request)


def _input(widget: dict[str, Any]) -> SafeString:
    value = _attrs({"value": widget["value"]}) if widget["value"] is not None else ""
    return format_html(
        '<input type="{}" name="{}"{}{}>',
        widget["type"], widget["name"], value, _attrs(widget["attrs"]),
    )  # fmt: skip


def _select(widget: dict[str, Any]) -> SafeString:
    groups = (_group(name, options) for name, options, _number in widget["optgroups"])
    return format_html(
        '<select name="{}"{}>{}</select>',
        widget["name"], _attrs(widget["attrs"]), mark_safe("".join(groups)),  # noqa: S308
    )  # fmt: skip


def _group(name: Any, options: list[dict[str, Any]]) -> str:
    """The options of a group: escaped here, joined as they are."""
    drawn = "".join(
        f'<option value="{conditional_escape(str(option["value"]))}"{_attrs(option["attrs"])}>'
        f"{conditional_escape(option['label'])}</option>"
        for option in options
    )
    return f'<optgroup label="{conditional_escape(name)}">{drawn}</optgroup>' if name else drawn


def _attrs(attrs: dict[str, Any]) -> SafeString:
    """Attributes as Django's own templates write them: True stands alone, False not at all."""
    said = (
        f" {conditional_escape(name)}"
        + ("" if value is True else f'="{conditional_escape(str(value))}"')
        for name, value in attrs.items()
        if value is not False
    )
    return mark_safe("".join(said))  # noqa: S308
