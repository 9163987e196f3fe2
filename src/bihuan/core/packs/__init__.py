"""Rule packs: law, plans and limits as versioned data, with their source and validity.

`bihuan.core.packs.registry` loads them, `rules` answers questions about them.
"""
