"""Addresses of field work."""

from django.urls import path

from bihuan.web.field.views import (
    app,
    checklists,
    devices,
    entries,
    heat,
    joint,
    plans,
    programmes,
    routes,
)

app_name = "field"
urlpatterns = [
    path("safety/field/", app.shell, name="app"),
    path("safety/field/worker.js", app.worker, name="worker"),
    path("safety/field/manifest.webmanifest", app.manifest, name="manifest"),
    path("safety/field/hello/", app.hello, name="hello"),
    path("safety/field/device/", app.enrol, name="enrol"),
    path("safety/field/pack/", app.pack, name="pack"),
    path("safety/field/photos/<str:sha256>/", app.photo, name="part"),
    path("safety/field/entries/", app.entries, name="send"),
    path("safety/entries/", entries.entries, name="entries"),
    path("safety/entries/<int:entry_id>/", entries.entry, name="entry"),
    path("safety/photos/<int:item_id>/", entries.photo, name="photo"),
    path("safety/establishments/<int:establishment_id>/route/", routes.assign, name="assign"),
    path("safety/checklists/import/", checklists.upload, name="form_upload"),
    path("safety/checklists/import/<int:upload_id>/", checklists.preview, name="form_preview"),
    path("safety/checklists/v/<str:ref>/", checklists.checklist, name="checklist"),
    path("safety/checklists/v/<str:ref>/xlsform/", checklists.export, name="xlsform"),
    path("safety/plans/", plans.plans, name="plans"),
    path("safety/plans/new/", plans.draw, name="new_plan"),
    path("safety/plans/heat/", heat.heat, name="heat"),
    path("safety/plans/heat/results/", heat.tell, name="heat_tell"),
    path("safety/plans/heat/import/", heat.upload, name="heat_import"),
    path("safety/plans/heat/import/<int:upload_id>/", heat.preview, name="heat_preview"),
    path("safety/plans/<int:plan_id>/", plans.plan, name="plan"),
    path("safety/joint/", joint.joint, name="joint"),
    path("safety/joint/offer/", joint.offer, name="joint_offer"),
    path("safety/joint/<int:visit_id>/<slug:deed>/", joint.deed, name="joint_deed"),
    path("safety/staffing/", plans.load, name="load"),
    path("safety/staffing/<int:place_id>/", plans.staffing, name="staffing"),
    path("safety/campaigns/<int:campaign_id>/<slug:deed>/", programmes.deed, name="programme"),
    path("safety/devices/", devices.devices, name="devices"),
    path("safety/devices/<int:device_id>/revoke/", devices.revoke, name="revoke"),
]  # fmt: skip
