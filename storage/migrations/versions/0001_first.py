"""The first tables: chats, messages in and out, tasks, trips, links."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def _big() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _time() -> sa.DateTime:
    return sa.DateTime(timezone=True)


def upgrade() -> None:
    _messages()
    _trips()
    _links()


def _messages() -> None:
    op.create_table(
        "chats",
        sa.Column("id", _big(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("address_hash", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("blocked", sa.Boolean(), nullable=False),
        sa.Column("created_at", _time(), nullable=False),
        sa.Column("seen_at", _time(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_chats"),
        sa.UniqueConstraint("channel", "address_hash", name="uq_chats_channel"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_chats_seen_at", "chats", ["seen_at"])

    op.create_table(
        "conversations",
        sa.Column("chat_id", _big(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("updated_at", _time(), nullable=False),
        sa.ForeignKeyConstraint(["chat_id"], ["chats.id"], name="fk_conversations_chat_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("chat_id", name="pk_conversations"),
    )
    op.create_table(
        "inbox",
        sa.Column("id", _big(), nullable=False),
        sa.Column("chat_id", _big(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("received_at", _time(), nullable=False),
        sa.Column("due_at", _time(), nullable=False),
        sa.ForeignKeyConstraint(["chat_id"], ["chats.id"], name="fk_inbox_chat_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_inbox"),
        sa.UniqueConstraint("channel", "external_id", name="uq_inbox_channel"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_inbox_chat_id", "inbox", ["chat_id", "status"])
    op.create_index("ix_inbox_due_at", "inbox", ["status", "due_at"])

    op.create_table(
        "outbox",
        sa.Column("id", _big(), nullable=False),
        sa.Column("chat_id", _big(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("progress", sa.Text(), nullable=True),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", _time(), nullable=False),
        sa.Column("due_at", _time(), nullable=False),
        sa.Column("sent_at", _time(), nullable=True),
        sa.ForeignKeyConstraint(["chat_id"], ["chats.id"], name="fk_outbox_chat_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_outbox_chat_id", "outbox", ["chat_id", "status"])
    op.create_index("ix_outbox_due_at", "outbox", ["status", "due_at"])

    op.create_table(
        "sent_ids",
        sa.Column("chat_id", _big(), autoincrement=False, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("sent_at", _time(), nullable=False),
        sa.ForeignKeyConstraint(["chat_id"], ["chats.id"], name="fk_sent_ids_chat_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("chat_id", "key", name="pk_sent_ids"),
    )
    op.create_index("ix_sent_ids_sent_at", "sent_ids", ["sent_at"])

    op.create_table(
        "tasks",
        sa.Column("id", _big(), nullable=False),
        sa.Column("chat_id", _big(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", _time(), nullable=False),
        sa.Column("due_at", _time(), nullable=False),
        sa.ForeignKeyConstraint(["chat_id"], ["chats.id"], name="fk_tasks_chat_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_tasks"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_tasks_chat_id", "tasks", ["chat_id"])
    op.create_index("ix_tasks_due_at", "tasks", ["status", "due_at"])


def _trips() -> None:
    op.create_table(
        "trips",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("chat_id", _big(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=True),
        sa.Column("token", sa.Text(), nullable=True),
        sa.Column("created_at", _time(), nullable=False),
        sa.ForeignKeyConstraint(["chat_id"], ["chats.id"], name="fk_trips_chat_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_trips"),
        sa.UniqueConstraint("token_hash", name="uq_trips_token_hash"),
    )
    op.create_index("ix_trips_chat_id", "trips", ["chat_id"])

    op.create_table(
        "documents",
        sa.Column("trip_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", _time(), nullable=False),
        sa.ForeignKeyConstraint(["trip_id"], ["trips.id"], name="fk_documents_trip_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("trip_id", "version", "kind", name="pk_documents"),
    )
    op.create_table(
        "items",
        sa.Column("trip_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(16), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("starts_at", _time(), nullable=False),
        sa.Column("ends_at", _time(), nullable=False),
        sa.Column("price_kes", sa.BigInteger(), nullable=True),
        sa.Column("basis", sa.String(16), nullable=True),
        sa.ForeignKeyConstraint(["trip_id"], ["trips.id"], name="fk_items_trip_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("trip_id", "version", "item_id", name="pk_items"),
    )
    op.create_table(
        "itineraries",
        sa.Column("trip_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("total_kes", sa.BigInteger(), nullable=False),
        sa.Column("created_at", _time(), nullable=False),
        sa.ForeignKeyConstraint(["trip_id"], ["trips.id"], name="fk_itineraries_trip_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("trip_id", "version", name="pk_itineraries"),
    )
    op.create_index("ix_itineraries_last_day", "itineraries", ["last_day"])


def _links() -> None:
    op.create_table(
        "links",
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("trip_id", sa.Text(), nullable=True),
        sa.Column("item_id", sa.Text(), nullable=True),
        sa.Column("created_at", _time(), nullable=False),
        sa.ForeignKeyConstraint(["trip_id"], ["trips.id"], name="fk_links_trip_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("token", name="pk_links"),
        sa.UniqueConstraint("fingerprint", name="uq_links_fingerprint"),
    )
    op.create_index("ix_links_trip_id", "links", ["trip_id"])

    op.create_table(
        "clicks",
        sa.Column("id", _big(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("clicked_at", _time(), nullable=False),
        sa.ForeignKeyConstraint(["token"], ["links.token"], name="fk_clicks_token", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_clicks"),
    )
    op.create_index("ix_clicks_token", "clicks", ["token"])
