"""What gunicorn serves: `gunicorn bot.web.wsgi:app`."""

from __future__ import annotations

from bot.config import Settings
from bot.web.app import create_app
from bot.wiring import App

settings = Settings.from_env()
app = create_app(App(settings), metrics_dir=settings.var / "metrics")
