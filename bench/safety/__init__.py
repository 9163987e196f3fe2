"""Work safety under load: sensors, and lists over millions of rows."""
