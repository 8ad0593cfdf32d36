"""Alembic's entry: on the program's connection, or `alembic -x url=… revision --autogenerate -m "…"`."""

from alembic import context
from sqlalchemy import Connection

from storage.db import connect
from storage.tables import Base


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    url = context.get_x_argument(as_dictionary=True).get("url", "sqlite:///var/safiri.db")
    with connect(str(url)).begin() as own:
        run(own)
