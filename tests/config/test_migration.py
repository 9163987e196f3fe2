"""Migrations with light states: the same classes as Django's own, at every step."""

import pytest
from django.db import models
from django.db.migrations import AddConstraint, AddField, AddIndex, AlterField, CreateModel
from django.db.migrations.state import ProjectState

from bihuan.config.migration import light_states

KEY = ("id", models.BigAutoField(primary_key=True))
STEPS = (
    CreateModel("Land", [KEY, ("name", models.CharField(max_length=9))]),
    CreateModel("House", [KEY, ("land", models.ForeignKey("x.Land", models.CASCADE))]),
    AddIndex("Land", models.Index(fields=["name"], name="by_name")),
    AddConstraint("Land", models.UniqueConstraint(fields=["name"], name="one")),
    AddField("House", "beside", models.ForeignKey("x.House", models.CASCADE, null=True)),
    CreateModel("Road", [KEY, ("houses", models.ManyToManyField("x.House"))]),
    AlterField("Land", "id", models.CharField(max_length=9, primary_key=True)),
    AddIndex("House", models.Index(fields=["beside"], name="by_beside")),
    AddField("House", "roof", models.CharField(max_length=2, default="x")),
)


def picture(state: ProjectState) -> dict[str, object]:
    """What a step may read of the classes; each points to the class that is now in use."""
    told: dict[str, object] = {}
    for model in state.apps.get_models(include_auto_created=True):
        for field in model._meta.local_fields:
            if target := field.related_model:
                assert target is state.apps.get_model(target._meta.label)
            told[f"{model.__name__}.{field.name}"] = (field.column, target and target.__name__)
        told[model.__name__] = (
            [index.name for index in model._meta.indexes],
            [constraint.name for constraint in model._meta.constraints],
            sorted(field.name for field in model._meta.get_fields(include_hidden=True)),
        )
    return told


def walk() -> list[dict[str, object]]:
    state = ProjectState()
    assert state.apps.all_models == {}
    seen = []
    for step in STEPS:
        state.clone()  # before each step, as Django does to have the old state
        step.state_forwards("x", state)
        seen.append(picture(state))
    return seen


@pytest.mark.filterwarnings("ignore:Model 'x:RuntimeWarning")
def test_light_states_show_the_steps_of_a_migration_what_whole_ones_do():
    whole = walk()
    with light_states():
        assert walk() == whole
    assert len(whole) == len(STEPS)
