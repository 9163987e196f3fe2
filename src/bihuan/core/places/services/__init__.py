"""Write places: load a tree, reform it, give it boundaries."""

from bihuan.core.places.services.boundaries import import_boundaries, store_boundaries
from bihuan.core.places.services.communities import load_communities
from bihuan.core.places.services.insert import insert_places
from bihuan.core.places.services.load import load_real_province
from bihuan.core.places.services.population import set_population
from bihuan.core.places.services.reform import merge_places, move_place, rename_place

__all__ = [
    "import_boundaries",
    "insert_places",
    "load_communities",
    "load_real_province",
    "merge_places",
    "move_place",
    "rename_place",
    "set_population",
    "store_boundaries",
]
