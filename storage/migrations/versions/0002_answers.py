"""Answers of sources, remembered; links whose price is looked at again before they are handed out."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "answers",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_answers"),
    )
    op.create_index("ix_answers_until", "answers", ["until"])
    with op.batch_alter_table("links") as links:
        links.add_column(sa.Column("asks", sa.Text(), nullable=True))
        links.add_column(sa.Column("kes", sa.BigInteger(), nullable=True))
        links.add_column(sa.Column("due_at", sa.DateTime(timezone=True), nullable=True))
        links.add_column(sa.Column("verdict", sa.Text(), nullable=True))
        links.add_column(sa.Column("verdict_at", sa.DateTime(timezone=True), nullable=True))
