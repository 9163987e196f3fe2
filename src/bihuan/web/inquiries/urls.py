"""Addresses of co-investigation and of peers."""

from django.urls import path

from bihuan.web.inquiries import peers, views

app_name = "inquiries"
urlpatterns = [
    path("epidemic/questions/", views.questions, name="questions"),
    path("admin/questions/", views.review, name="review"),
    path("epidemic/questions/<int:question_id>/", views.question, name="question"),
    path("epidemic/questions/<int:question_id>/<slug:deed>/", views.deed, name="question_deed"),
    path("epidemic/ask/<int:case_id>/", views.ask, name="ask"),
    path("epidemic/offer/<int:contact_id>/", views.offer, name="offer"),
    path("epidemic/transfers/<int:transfer_id>/<slug:deed>/", views.decide, name="decide"),
    path("admin/peers/", peers.peers, name="peers"),
    path("admin/peers/key/", peers.change_key, name="change_key"),
    path("admin/peers/<int:peer_id>/<slug:deed>/", peers.deed, name="peer_deed"),
]
