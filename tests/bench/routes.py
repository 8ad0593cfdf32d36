"""Two routes to measure the webhook against: one that only answers, one that does a single enqueue of RQ."""

from __future__ import annotations

import os

from flask import Flask, request
from redis import Redis
from rq import Queue

app = Flask(__name__)
_queue = Queue("echo", connection=Redis.from_url(os.environ["REDIS_URL"]))


@app.post("/plain")
def plain() -> str:
    request.get_data()
    return ""


@app.post("/rq")
def enqueue() -> str:
    update = request.get_json()
    _queue.enqueue("tests.bench.echoes.echo", update["message"]["chat"]["id"], update["message"]["text"])
    return ""
