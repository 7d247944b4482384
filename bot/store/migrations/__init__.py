"""Alembic's migrations of the schema, oldest first. They only expand: an older release keeps working beside."""
