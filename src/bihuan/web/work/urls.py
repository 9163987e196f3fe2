"""Addresses of My work, of loops, of evidence and of responsibility."""

from django.urls import path

from bihuan.web.work.views import desk, evidence, loop, responsibility

app_name = "work"
urlpatterns = [
    path("work/", desk.mine, name="mine"),
    path("work/accept/", desk.to_accept, name="to_accept"),
    path("work/told/", desk.told, name="told"),
    path("work/told/read/", desk.read, name="read"),
    path("work/acknowledge/", desk.acknowledge, name="acknowledge"),
    path("work/acknowledge/undo/", desk.undo, name="undo"),
    path("work/rows/<int:pk>/", desk.row, name="row"),
    path("loops/", desk.loops, name="loops"),
    path("loops/<int:pk>/", loop.loop, name="loop"),
    path("loops/<int:pk>/<slug:name>/", loop.deed, name="deed"),
    path("n/<str:number>/", loop.by_number, name="by_number"),
    path("evidence/<int:pk>/", evidence.original, name="original"),
    path("evidence/<int:pk>/picture/", evidence.picture, name="picture"),
    path("responsibilities/<int:pk>/", responsibility.responsibility, name="responsibility"),
    path("responsibilities/<int:pk>/reply/", responsibility.reply, name="reply"),
    path("responsibilities/<int:pk>/decide/", responsibility.decide, name="decide"),
    path("slots/<int:pk>/sign/", responsibility.sign, name="sign"),
]
