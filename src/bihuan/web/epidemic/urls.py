"""Addresses of the epidemic side."""

from django.urls import path

from bihuan.web.epidemic.views import cases, contacts, early, events, orders, people, spills

app_name = "epidemic"
urlpatterns = [
    path("epidemic/", events.events, name="events"),
    path("epidemic/new/", events.new_event, name="new_event"),
    path("epidemic/report/", cases.where, name="where"),
    path("epidemic/early/", early.early, name="early"),
    path("epidemic/editions/", events.editions, name="editions"),
    path("epidemic/events/<int:outbreak_id>/", events.event, name="event"),
    path("epidemic/events/<int:outbreak_id>/report/", cases.report_card, name="report_card"),
    path("epidemic/events/<int:outbreak_id>/areas/", orders.areas, name="areas"),
    path("epidemic/events/<int:outbreak_id>/order/", orders.new_order, name="new_order"),
    path("epidemic/events/<int:outbreak_id>/spills/", spills.of_event, name="event_spills"),
    path("epidemic/spills/", spills.spills, name="spills"),
    path("epidemic/spills/<int:spill_id>/", spills.spill, name="spill"),
    path("epidemic/spills/<int:spill_id>/<slug:deed>/", spills.deed, name="spill_deed"),
    path("epidemic/cases/<int:case_id>/", cases.case, name="case"),
    path("epidemic/cases/<int:case_id>/contact/", contacts.new_contact, name="new_contact"),
    path("epidemic/cases/<int:case_id>/<slug:deed>/", cases.deed, name="case_deed"),
    path("epidemic/contacts/", contacts.contacts, name="contacts"),
    path("epidemic/contacts/<int:contact_id>/", contacts.contact, name="contact"),
    path("epidemic/contacts/<int:contact_id>/ill/", contacts.ill, name="contact_ill"),
    path("epidemic/contacts/<int:contact_id>/<slug:deed>/", contacts.deed, name="contact_deed"),
    path("epidemic/orders/", orders.orders, name="orders"),
    path("epidemic/orders/<int:order_id>/", orders.order, name="order"),
    path("epidemic/orders/<int:order_id>/outline/", orders.outline, name="outline"),
    path("epidemic/orders/<int:order_id>/<slug:deed>/", orders.deed, name="order_deed"),
    path("epidemic/appeals/<int:appeal_id>/", orders.answer, name="answer"),
    path("epidemic/glass/", people.glass, name="glass"),
    path("measures/", orders.in_force, name="in_force"),
    path("measures/judge/", orders.judge, name="judge"),
    path("measures/answer/", orders.appeal_answer, name="appeal_answer"),
    path("measures/appeal/", orders.appeal, name="appeal"),
    path("my-record/", people.my_record, name="my_record"),
]
