"""How the web process is served: `gunicorn bot.web.wsgi:app` in this folder finds this file by its name."""

import gc
import shutil

from bot.allocator import share_one_arena
from bot.config import Settings

_settings = Settings.from_env()
_metrics = _settings.var / "metrics"

bind = f"{'127.0.0.1' if _settings.demo else '0.0.0.0'}:{_settings.port}"  # noqa: S104  (behind a proxy or in a container)
worker_class = "bot.web.buffered.BufferedWorker"  # gthread that gives threads whole requests only, messages together
# SQLite has one writer at a time: more processes would only wait for each other.
workers = 1 if _settings.database_url.startswith("sqlite") else 2
threads = 16  # they wait for the disk and for Redis; messages of one moment share one: see bot.web.buffered
timeout = 30  # for the main loop to show that it is alive; a request may take longer
graceful_timeout = 10
keepalive = 5
worker_connections = 400  # a process: two of them fit into the 1,024 files that most systems allow
limit_request_line, limit_request_fields, limit_request_field_size = 4094, 60, 8190
sendfile = False  # a peer that does not read would hold its thread; all that is sent fits into buffers
max_requests, max_requests_jitter = 20_000, 2_000
preload_app = True  # one copy of the code in memory; building the application connects to nothing
control_socket_disable = True
accesslog = None  # addresses of trips are secrets: /metrics counts requests by route
proc_name = "safiri-web"
# Where the counters of the worker processes meet; prometheus_client reads this when it is imported.
raw_env = [f"PROMETHEUS_MULTIPROC_DIR={_metrics}"]


def on_starting(server):
    """Before there are threads: begin counting anew."""
    share_one_arena()
    shutil.rmtree(_metrics, ignore_errors=True)
    _metrics.mkdir(parents=True, exist_ok=True)


def pre_fork(server, worker):
    """Keep the collector away from what was loaded before: it writes to all it looks at, and that is shared no more."""
    gc.collect()
    gc.freeze()


def child_exit(server, worker):
    """Let go of the live gauges of a worker that ended."""
    from prometheus_client import multiprocess

    multiprocess.mark_process_dead(worker.pid)
