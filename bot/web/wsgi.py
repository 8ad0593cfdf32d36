"""What gunicorn serves: `gunicorn bot.web.wsgi:app`."""

from __future__ import annotations

from bot import logs
from bot.config import Settings
from bot.web.app import create_app
from bot.wiring import App

_parts = App(Settings.from_env())
logs.configure(_parts.settings)
_parts.queue  # noqa: B018  (without a way to the workers it must not start)
_parts.channels  # noqa: B018  (their libraries take a moment to import: here, not during the first message)
app = create_app(_parts, metrics_dir=_parts.settings.var / "metrics")
