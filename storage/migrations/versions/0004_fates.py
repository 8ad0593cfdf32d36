"""Replies go out part by part, and what becomes of each is kept where the app tells."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("outbox") as outbox:
        outbox.add_column(sa.Column("taken", sa.Integer(), nullable=False, server_default="0"))
        outbox.add_column(sa.Column("begun", sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "fates",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("chat_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("reply_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("fate", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("settles_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["chat_id"], ["chats.id"], name="fk_fates_chat_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["reply_id"], ["outbox.id"], name="fk_fates_reply_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_fates"),
        sa.UniqueConstraint("channel", "message_id", name="uq_fates_channel"),
    )
    op.create_index("ix_fates_chat_id", "fates", ["chat_id", "settles_at"])
    op.create_index("ix_fates_reply_id", "fates", ["reply_id"])
    op.create_index("ix_fates_changed_at", "fates", ["changed_at"])
