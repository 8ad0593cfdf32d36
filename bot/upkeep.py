"""What an operator asks of a running installation: is it well, how much waits, bring the tables up to date."""

from __future__ import annotations

from contextlib import closing

from sqlalchemy import func, select

from bot.config import Settings
from bot.queue import connect
from storage.store import Store
from storage.tables import Chat, InboxMessage, OutboxReply, Task, Trip
from storage.vault import Vault


def open_store(settings: Settings) -> Store:
    """The store of these settings, with nothing else of the application."""
    redis = connect(settings.redis_url) if settings.redis_url else None
    return Store(settings.database_url, Vault(settings.secret_keys), redis)


def migrate(settings: Settings) -> None:
    """Bring the tables up to date."""
    with closing(open_store(settings)) as store:
        store.migrate()


def rotate(settings: Settings) -> dict[str, int]:
    """Bring everything under the newest secret; how many rows were rewritten, by table.

    Safe while serving, and to repeat: what is done is done. Raises storage.vault.Unreadable,
    sqlalchemy.exc.SQLAlchemyError.
    """
    with closing(open_store(settings)) as store:
        return store.reencrypt()


def troubles(settings: Settings) -> list[str]:
    """What of database, its tables and Redis is not as it should be, one sentence each."""
    with closing(open_store(settings)) as store:
        found = [f"{name}: {problem}" for name, problem in sorted(store.ping().items())]
    if not settings.redis_url:
        found.append("redis: REDIS_URL is not set, so no worker can run")
    return found


def counts(settings: Settings) -> dict[str, int]:
    """How many rows of each kind there are, by name. Raises sqlalchemy.exc.SQLAlchemyError without tables."""
    with closing(open_store(settings)) as store, store.reading() as s:
        found = {
            "chats": s.scalar(select(func.count()).select_from(Chat)) or 0,
            "trips": s.scalar(select(func.count()).select_from(Trip)) or 0,
        }
        for name, table in (("inbox", InboxMessage), ("outbox", OutboxReply), ("tasks", Task)):
            rows = s.execute(select(table.status, func.count()).group_by(table.status)).all()
            by_status = {str(status): count for status, count in rows}
            found |= {f"{name} {status}": by_status.get(status, 0) for status in ("owed", "done", "dead")}
    return found
