"""Addresses of situations and reports."""

from django.urls import path

from bihuan.web.briefing import views

app_name = "briefing"
urlpatterns = [
    path("epidemic/events/<int:outbreak_id>/situation/", views.situation, name="situation"),
    path("epidemic/events/<int:outbreak_id>/judge/", views.judge, name="judge"),
    path("epidemic/judgements/<int:judgement_id>/sign/", views.sign, name="sign"),
    path("epidemic/events/<int:outbreak_id>/reports/", views.reports, name="reports"),
    path("epidemic/events/<int:outbreak_id>/export/<slug:deed>/", views.export, name="export"),
    path("epidemic/reports/<int:report_id>/", views.report, name="report"),
    path("measures/figures/", views.figures, name="figures"),
]
