"""Alembic runs this to migrate; the connection is handed in by ``desk.database`` so that one transaction covers it all."""

from alembic import context

from desk.tables import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=connection.dialect.name == "sqlite")
context.run_migrations()
