"""Addresses of documents and drafts."""

from django.urls import path

from bihuan.web.intake.views import drafts, review, send, upload

app_name = "intake"
urlpatterns = [
    path("documents/", upload.documents, name="documents"),
    path("documents/new/", upload.new, name="new"),
    path("documents/accuracy/", upload.accuracy, name="accuracy"),
    path("documents/<int:pk>/", review.document, name="document"),
    path("documents/<int:pk>/original/", review.original, name="original"),
    path("documents/<int:pk>/compare/", review.compare, name="compare"),
    path("documents/<int:pk>/model/", review.model, name="model"),
    path("documents/<int:pk>/anyway/", review.anyway, name="anyway"),
    path("documents/<int:pk>/minutes/", review.minutes, name="minutes"),
    path("documents/<int:pk>/add/", drafts.add, name="add"),
    path("documents/<int:pk>/keep/", drafts.keep_all, name="keep_all"),
    path("documents/<int:pk>/undo/", drafts.undo, name="undo"),
    path("documents/<int:pk>/send/", send.send, name="send"),
    path("drafts/<int:pk>/", drafts.edit, name="draft"),
    path("drafts/<int:pk>/split/", drafts.split, name="split"),
    path("drafts/<int:pk>/merge/", drafts.merge, name="merge"),
    path("drafts/<int:pk>/status/", drafts.status, name="status"),
    path("drafts/<int:pk>/owe/", drafts.owe, name="owe"),
    path("drafts/<int:pk>/link/", drafts.link, name="link"),
]
