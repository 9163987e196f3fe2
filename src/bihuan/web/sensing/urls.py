"""Addresses of sensing."""

from django.urls import path

from bihuan.web.sensing import flows, imports, periods, views

app_name = "sensing"
urlpatterns = [
    path("sensing/", views.signals, name="signals"),
    path("sensing/signals/<int:signal_id>/", views.signal, name="signal"),
    path("sensing/report/", views.report, name="report"),
    path("sensing/import/", imports.bring, name="import"),
    path("sensing/import/<int:file_id>/", imports.preview, name="import_preview"),
    path("sensing/sentinels/", views.sentinels, name="sentinels"),
    path("sensing/sentinels/new/", views.new_sentinel, name="new_sentinel"),
    path("sensing/sentinels/<int:sentinel_id>/", views.sentinel, name="sentinel"),
    path("periods/", periods.periods, name="periods"),
    path("periods/new/", periods.new_period, name="new_period"),
    path("periods/<int:period_id>/", periods.period, name="period"),
    path("periods/<int:period_id>/measure/", periods.measure, name="period_measure"),
    path("periods/<int:period_id>/set/", periods.set_plan, name="period_set"),
    path("periods/<int:period_id>/end/", periods.end_plan, name="period_end"),
    path("flows/", flows.flows, name="flows"),
    path("flows/fill/", flows.fill, name="flow_fill"),
    path("flows/gates/new/", flows.new_gate, name="new_gate"),
    path("flows/gates/<int:gate_id>/", flows.gate, name="gate"),
    path("flows/gates/<int:gate_id>/ask/", flows.ask, name="flow_ask"),
]
