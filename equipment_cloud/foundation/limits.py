"""Rate limits: per address and account; in memory on one node, in Redis (``REDIS_URL``) on several."""

from __future__ import annotations

from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

limiter = Limiter(key_func=get_remote_address, headers_enabled=True)
