"""Addresses of sensing."""

from django.urls import path

from bihuan.web.sensing import imports, views

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
]
