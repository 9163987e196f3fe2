"""Addresses of isolation and care."""

from django.urls import path

from bihuan.web.care.views import (
    board,
    control,
    facilities,
    fever,
    institutions,
    own,
    people,
    reserves,
    staff,
    support,
    zones,
)

app_name = "care"
urlpatterns = [
    path("care/", board.board, name="board"),
    path("care/reserves/", reserves.roll, name="reserves"),
    path("care/reserves/<int:reserve_id>/", reserves.mark, name="reserve_mark"),
    path("care/fever/", fever.visits, name="fever"),
    path("care/fever/<int:visit_id>/", fever.visit, name="fever_visit"),
    path("care/fever/<int:visit_id>/<slug:deed>/", fever.deed, name="fever_deed"),
    path("care/fever-handovers/<int:handover_id>/", fever.sign, name="fever_sign"),
    path("care/checks/", institutions.plan, name="checks"),
    path("care/checks/<int:institution_id>/", institutions.institution, name="institution"),
    path("care/mine/", people.mine, name="mine"),
    path("care/releases/", people.releases, name="releases"),
    path("care/facilities/new/", facilities.new_facility, name="new_facility"),
    path("care/facilities/<int:facility_id>/", facilities.facility, name="facility"),
    path("care/facilities/<int:facility_id>/control/", control.control, name="control"),
    path("care/facilities/<int:facility_id>/round/", control.walk, name="round"),
    path("care/facilities/<int:facility_id>/zones/", zones.zones, name="zones"),
    path("care/facilities/<int:facility_id>/staff/", staff.staff, name="staff"),
    path("care/facilities/<int:facility_id>/support/", support.support, name="support"),
    path("care/facilities/<int:facility_id>/<slug:deed>/", facilities.deed, name="facility_deed"),
    path("care/charges/new/", people.new_charge, name="new_charge"),
    path("care/charges/<int:charge_id>/", people.charge, name="charge"),
    path("care/charges/<int:charge_id>/certificate/", people.certificate, name="certificate"),
    path("care/charges/<int:charge_id>/<slug:deed>/", people.deed, name="charge_deed"),
    path("care/handovers/<int:handover_id>/", people.sign, name="sign"),
    path("care/needs/<int:need_id>/", people.answer, name="answer"),
    path("my-stay/", own.my_stay, name="my_stay"),
]
