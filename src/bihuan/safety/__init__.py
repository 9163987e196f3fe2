"""Work safety: establishments, risks, inspections, hazards, accidents."""
