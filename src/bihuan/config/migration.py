"""Whether the tables are those of this version, and making them so."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ProjectState


def is_migrated() -> bool:
    """Whether no migration is missing. A few queries."""
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def migrate(*, verbosity: int) -> None:
    """Apply the missing migrations; safe when two do it at once, for the second waits."""
    with connection.cursor() as cursor, light_states():
        cursor.execute("SELECT pg_advisory_lock(hashtext('bihuan.migrate'))")
        try:
            call_command("migrate", interactive=False, verbosity=verbosity)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(hashtext('bihuan.migrate'))")


@contextmanager
def light_states() -> Iterator[None]:
    """Let steps of migrations make the classes of models anew only where one has changed.

    Before every step Django makes anew the classes of all models that are related to the changed
    one, and of those related to these: of ours that is nearly every model, 700 times, and nearly
    all the time an empty database takes. But a new model changes no other class, and an index or
    a constraint not even its own columns: after these two, five steps in six, the rest stays.
    """
    state: Any = ProjectState
    known = state.reload_model, state.add_index, state.add_constraint
    state.reload_model = _add_alone(state.reload_model)
    state.add_index, state.add_constraint = _append_to("indexes"), _append_to("constraints")
    try:
        yield
    finally:
        state.reload_model, state.add_index, state.add_constraint = known


def _add_alone(reload: Callable[..., None]) -> Callable[..., None]:
    def reload_model(state: Any, app_label: str, model_name: str, **how: Any) -> None:
        if "apps" in state.__dict__ and model_name not in state.apps.all_models[app_label]:
            state.apps.render_multiple([state.models[app_label, model_name]])
        else:
            reload(state, app_label, model_name, **how)

    return reload_model


def _append_to(kind: str) -> Callable[..., None]:
    def append(state: Any, app_label: str, model_name: str, added: Any) -> None:
        options = state.models[app_label, model_name].options
        options[kind] = [*options[kind], added]
        if "apps" in state.__dict__:
            meta = state.apps.get_model(app_label, model_name)._meta  # noqa: SLF001
            setattr(meta, kind, [*getattr(meta, kind), added.clone()])

    return append
