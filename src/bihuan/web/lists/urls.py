"""Addresses of the three lists."""

from django.urls import path

from bihuan.web.lists import views

app_name = "lists"
urlpatterns = [
    path("lists/problems/", views.problems, name="problems"),
    path("lists/tasks/", views.tasks, name="tasks"),
    path("lists/responsibilities/", views.responsibilities, name="responsibilities"),
    path("lists/workbook/", views.workbook, name="workbook"),
    path("lists/import/", views.upload, name="upload"),
    path("lists/import/<int:upload_id>/", views.preview, name="preview"),
]
