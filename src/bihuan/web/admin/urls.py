"""Addresses of the administration."""

from django.urls import path

from bihuan.web.admin import audit, bodies, people, places, rules, venues

app_name = "admin"
urlpatterns = [
    path("admin/posts/", people.posts, name="posts"),
    path("admin/posts/new/<int:org_id>/", people.new_post, name="new_post"),
    path("admin/posts/<int:post_id>/", people.post, name="post"),
    path("admin/posts/<int:post_id>/<slug:act>/", people.act, name="act"),
    path("admin/orgs/", bodies.orgs, name="orgs"),
    path("admin/orgs/new/", bodies.new_org, name="new_org"),
    path("admin/orgs/<int:org_id>/sectors/", bodies.sectors, name="sectors"),
    path("admin/places/", places.browse, name="places"),
    path("admin/places/boundaries/", places.boundaries, name="boundaries"),
    path("admin/places/boundaries/import/", places.import_now, name="boundaries_import"),
    path("admin/places/<str:code>/", places.browse, name="place"),
    path("admin/places/<str:code>/population/", places.population, name="population"),
    path("venues/import/", venues.upload, name="venues"),
    path("venues/import/<int:upload_id>/", venues.preview, name="venues_preview"),
    path("rules/", rules.rules, name="rules"),
    path("rules/<str:ref>/", rules.pack, name="pack"),
    path("admin/audit/", audit.audit, name="audit"),
    path("admin/audit/verify/", audit.verify, name="verify"),
    path("admin/invariants/", audit.invariants, name="invariants"),
    path("admin/invariants/run/", audit.run_invariants, name="run_invariants"),
]
