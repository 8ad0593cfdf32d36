"""What else answers on Telegram, as small as it can be: a bot of python-telegram-bot, and a job of RQ.

python -m tests.bench.echoes bot PORT ORIGIN      a plain bot, its webhook on this port
python -m tests.bench.echoes forking|simple       a worker of RQ that runs `echo`
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from functools import cache

import httpx
from redis import Redis
from rq import Queue, SimpleWorker, Worker
from telegram import Update
from telegram.ext import ApplicationBuilder, ContextTypes, MessageHandler, filters

from tests.bench.chatapp import TOKEN
from tests.bench.lean import Answer, Asked, listen


@cache
def _client() -> httpx.Client:
    return httpx.Client()


def echo(chat_id: int, text: str) -> None:
    """The job of an RQ worker."""
    origin = os.environ["TELEGRAM_API_URL"]
    _client().post(f"{origin}/bot{TOKEN}/sendMessage", data={"chat_id": chat_id, "text": text}).raise_for_status()


async def _repeat(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.message is not None
    await update.message.reply_text(update.message.text or "")


async def _bot(port: int, origin: str) -> None:
    """Takes updates as the library's own webhook does: into its queue, and the next one after the one before."""
    application = ApplicationBuilder().token(TOKEN).base_url(f"{origin}/bot").updater(None).build()
    application.add_handler(MessageHandler(filters.ALL, _repeat))

    def take(asked: Asked) -> Answer:
        if asked.method == "POST":
            application.update_queue.put_nowait(Update.de_json(json.loads(asked.body), application.bot))
        return Answer(b"")

    async with application:
        await application.start()
        async with await listen(take, port) as server:
            await server.serve_forever()


def main() -> None:
    what, *rest = sys.argv[1:]
    if what == "bot":
        asyncio.run(_bot(int(rest[0]), rest[1]))
        return
    connection = Redis.from_url(os.environ["REDIS_URL"])
    kind = {"forking": Worker, "simple": SimpleWorker}[what]
    kind([Queue("echo", connection=connection)], connection=connection).work(logging_level="WARNING")


if __name__ == "__main__":
    main()
