"""Addresses of the situation of a place."""

from django.urls import path

from bihuan.web.situation import views

app_name = "situation"
urlpatterns = [
    path("situation/", views.map_here, name="map"),
    path("situation/<int:pk>/", views.below, name="below"),
    path("situation/<int:pk>/drawing/", views.drawing, name="drawing"),
    path("board/", views.board, name="board"),
    path("places/here/", views.here, name="here"),
    path("places/acts/", views.act, name="act"),
    path("places/<int:pk>/", views.node, name="node"),
    path("places/<int:pk>/duties/", views.duties, name="duties"),
    path("places/<int:pk>/repeats/", views.repeats, name="repeats"),
    path("venues/<int:pk>/slot/", views.slot, name="slot"),
]
