"""Addresses of directives, relays, meetings, ledgers and stricter demands."""

from django.urls import path

from bihuan.web.command.views import (
    answer,
    directives,
    gates,
    goals,
    lines,
    meetings,
    plenaries,
    reach,
    stricter,
)

app_name = "command"
urlpatterns = [
    path("directives/", directives.directives, name="directives"),
    path("directives/<int:pk>/", directives.directive, name="directive"),
    path("directives/<int:pk>/read/", directives.read, name="read"),
    path("directives/<int:pk>/nodes/<int:place_id>/", reach.nodes, name="nodes"),
    path("directives/<int:pk>/missing/", reach.missing, name="missing"),
    path("demands/<int:pk>/", directives.demand, name="demand"),
    path("citing/", directives.citing, name="citing"),
    path("relays/<int:pk>/", answer.relay, name="relay"),
    path("relays/<int:pk>/acknowledge/", answer.acknowledge, name="acknowledge"),
    path("relays/<int:pk>/plan/", answer.plan, name="plan"),
    path("relays/<int:pk>/meeting/", answer.meeting, name="relay_meeting"),
    path("relays/<int:pk>/demands/<int:demand_id>/task/", answer.task, name="task"),
    path("relays/<int:pk>/demands/<int:demand_id>/none/", answer.none_here, name="none_here"),
    path("meetings/", meetings.meetings, name="meetings"),
    path("meetings/new/", meetings.new, name="new_meeting"),
    path("meetings/<int:pk>/", meetings.meeting, name="meeting"),
    path("plenaries/", plenaries.plenaries, name="plenaries"),
    path("plenaries/<int:pk>/", plenaries.plenary, name="plenary"),
    path("plenaries/<int:pk>/roll/", plenaries.roll, name="plenary_roll"),
    path("plenaries/<int:pk>/hold/", plenaries.hold, name="plenary_hold"),
    path("plenaries/<int:pk>/explain/", plenaries.explain, name="plenary_explain"),
    path("plenaries/<int:pk>/close/", plenaries.close, name="plenary_close"),
    path("ledgers/", meetings.ledgers, name="ledgers"),
    path("gate/", gates.gate, name="gate"),
    path("gate/entrances/<int:entrance_id>/", gates.watch, name="gate_watch"),
    path("gate/<slug:deed>/", gates.keep, name="gate_keep"),
    path("gates/", gates.gates, name="gates"),
    path("goals/", goals.goals, name="goals"),
    path("goals/new/", goals.new, name="new_goals"),
    path("goals/<int:set_id>/", goals.goal_set, name="goal_set"),
    path("goals/figures/<int:goal_id>/", goals.figure, name="goal_figure"),
    path("lines/", lines.lines, name="lines"),
    path("lines/new/", lines.new_line, name="new_line"),
    path("stricter/", stricter.stricter, name="stricter"),
    path("stricter/<int:pk>/consent/", stricter.consent, name="consent"),
]
