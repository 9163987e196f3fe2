"""Addresses of work safety."""

from django.urls import path

from bihuan.web.safety.views import catalogue, establishments

app_name = "safety"
urlpatterns = [
    path("safety/establishments/", establishments.establishments, name="establishments"),
    path("safety/establishments/new/<slug:kind>/", establishments.register, name="register"),
    path("safety/establishments/<int:establishment_id>/", establishments.establishment,
         name="establishment"),
    path("safety/establishments/<int:establishment_id>/change/", establishments.change,
         name="change"),
    path("safety/establishments/<int:establishment_id>/survey/", establishments.survey,
         name="survey"),
    path("safety/establishments/<int:establishment_id>/count/", establishments.count,
         name="count"),
    path("safety/establishments/<int:establishment_id>/statement/", establishments.statement,
         name="statement"),
    path("safety/statements/<int:statement_id>/sign/", establishments.sign, name="sign"),
    path("safety/import/", catalogue.upload, name="import"),
    path("safety/import/<int:upload_id>/", catalogue.preview, name="import_preview"),
    path("safety/base/", catalogue.base, name="base"),
    path("safety/catalogue/", catalogue.catalogue, name="catalogue"),
    path("safety/catalogue/load/", catalogue.load, name="load"),
    path("safety/catalogue/sectors/new/", catalogue.sector, name="new_sector"),
    path("safety/catalogue/kinds/new/", catalogue.kind, name="new_kind"),
    path("safety/catalogue/kinds/<slug:code>/", catalogue.kind, name="kind"),
    path("safety/catalogue/kinds/<slug:code>/template/", catalogue.template, name="template"),
]  # fmt: skip
