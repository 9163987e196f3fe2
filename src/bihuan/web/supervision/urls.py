"""Addresses of supervision."""

from django.urls import path

from bihuan.web.supervision.views import (
    burden,
    checklists,
    external,
    plans,
    problems,
    registers,
    rounds,
    visits,
)

app_name = "supervision"
urlpatterns = [
    path("supervision/problems/new/", problems.enter, name="enter"),
    path("supervision/problems/<int:problem_id>/sweep/", problems.sweep, name="sweep"),
    path("supervision/weak/", problems.weak, name="weak"),
    path("supervision/plans/", plans.plans, name="plans"),
    path("supervision/plans/new/", plans.draw_up, name="draw_up"),
    path("supervision/plans/<int:plan_id>/", plans.cube, name="plan"),
    path("supervision/plans/<int:plan_id>/sites/<int:site_id>/", plans.site, name="site"),
    path("supervision/second/", plans.second, name="second"),
    path("supervision/visits/", visits.visits, name="visits"),
    path("supervision/teams/new/", visits.form_team, name="form_team"),
    path("supervision/teams/<int:team_id>/visit/", visits.plan_visit, name="plan_visit"),
    path("supervision/visits/<int:visit_id>/", visits.visit, name="visit"),
    path("supervision/visits/<int:visit_id>/find/", visits.find, name="find"),
    path("supervision/visits/<int:visit_id>/<slug:deed>/", visits.deed, name="visit_deed"),
    path("supervision/rounds/", rounds.rounds, name="rounds"),
    path("supervision/rounds/new/", rounds.draw, name="draw"),
    path("supervision/external/", external.external, name="external"),
    path("supervision/external/new/", external.upload, name="external_upload"),
    path(
        "supervision/external/uploads/<int:upload_id>/", external.preview,
        name="external_preview",
    ),
    path("supervision/external/<int:list_id>/", external.findings, name="findings"),
    path("supervision/external/items/<int:item_id>/<slug:deed>/", external.deed, name="item_deed"),
    path("supervision/registers/", registers.registers, name="registers"),
    path("supervision/registers/new/", registers.upload, name="register_upload"),
    path(
        "supervision/registers/uploads/<int:upload_id>/", registers.preview,
        name="register_preview",
    ),
    path("supervision/registers/<int:register_id>/", registers.register, name="register"),
    path("supervision/candidates/<int:candidate_id>/", registers.decide, name="decide"),
    path("supervision/burden/", burden.burden, name="burden"),
    path("supervision/burden/forms/new/", burden.write, name="write_form"),
    path("supervision/burden/asks/", burden.asks, name="asks"),
    path("supervision/burden/asks/new/", burden.ask, name="ask"),
    path("supervision/burden/asks/<int:ask_id>/", burden.fill, name="fill"),
    path("supervision/checklists/<int:task_id>/", checklists.checklist, name="checklist"),
    path("supervision/checklists/<int:task_id>/steps/", checklists.set_steps, name="set_steps"),
    path("supervision/steps/<int:step_id>/<slug:deed>/", checklists.deed, name="step_deed"),
]  # fmt: skip
