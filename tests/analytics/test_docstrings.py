"""Every public function says what it takes, what it gives, how it refuses."""

import ast
import importlib
import inspect

import pytest

AREAS = (
    "agents", "allocation", "cluster", "contacts", "early_warning", "nowcast", "reproduction",
    "scenario", "screening",
)  # fmt: skip


def public_functions():
    for area in AREAS:
        module = importlib.import_module(f"bihuan_analytics.{area}")
        for name in module.__all__:
            if inspect.isfunction(getattr(module, name)):
                yield pytest.param(getattr(module, name), id=f"{area}.{name}")


def arguments(function):
    return [
        name
        for name, each in inspect.signature(function).parameters.items()
        if each.kind is not inspect.Parameter.VAR_KEYWORD
    ]


def refuses(function):
    """Whether the body raises by itself."""
    tree = ast.parse(inspect.getsource(function).lstrip())
    return any(isinstance(node, ast.Raise) and node.exc for node in ast.walk(tree))


@pytest.mark.parametrize("function", list(public_functions()))
def test_a_public_function_is_documented(function):
    told = function.__doc__ or ""
    first = told.strip().splitlines()[0] if told.strip() else ""
    assert len(first) > 15
    if len(arguments(function)) > 2:
        assert "Args" in told or all(f"{name}" in told for name in arguments(function))
    if refuses(function):
        assert "Raises" in told


@pytest.mark.parametrize(
    "area", ["agents", "allocation", "early_warning", "nowcast", "reproduction", "scenario"]
)
def test_every_method_of_an_area_names_its_source(area):
    module = importlib.import_module(f"bihuan_analytics.{area}")
    told = " ".join(
        getattr(module, name).__doc__ or ""
        for name in module.__all__
        if inspect.isfunction(getattr(module, name))
    )
    assert "doi:10." in told
