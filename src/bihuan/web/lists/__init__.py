"""Pages of the three lists: problems, tasks, responsibilities; export and import."""
