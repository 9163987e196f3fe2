"""Addresses of the investigation."""

from django.urls import path

from bihuan.web.investigation.views import chains, clusters, interview, lists, screening, work

app_name = "investigation"
urlpatterns = [
    path("epidemic/events/<int:outbreak_id>/lists/", lists.lists, name="lists"),
    path("epidemic/events/<int:outbreak_id>/package/", lists.package, name="package"),
    path("epidemic/lists/<int:list_id>/", lists.line_list, name="line_list"),
    path("epidemic/lists/<int:list_id>/<slug:deed>/", lists.deed, name="list_deed"),
    path("epidemic/events/<int:outbreak_id>/chains/", chains.chains, name="chains"),
    path("epidemic/events/<int:outbreak_id>/chains/map/", chains.chain_map, name="chain_map"),
    path("epidemic/events/<int:outbreak_id>/clusters/", clusters.new_cluster, name="new_cluster"),
    path("epidemic/clusters/<int:cluster_id>/", clusters.cluster, name="cluster"),
    path("epidemic/clusters/<int:cluster_id>/<slug:deed>/", clusters.deed, name="cluster_deed"),
    path("epidemic/interviews/<int:case_id>/", interview.interview, name="interview"),
    path("epidemic/screening/", screening.lists, name="screening"),
    path("epidemic/screening/<int:screening_id>/", screening.screening, name="screening_list"),
    path("epidemic/screening-lines/<int:line_id>/", screening.note, name="screening_line"),
    path("epidemic/checks/", work.checks, name="checks"),
    path("epidemic/workload/", work.workload, name="workload"),
]
