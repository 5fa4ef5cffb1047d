# gunicorn for production: threads for short requests; its control socket would lie in the home folder, so it is off.

import os

bind = os.environ.get("WEB_BIND") or f"127.0.0.1:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = 4
timeout = 60
graceful_timeout = 20
keepalive = 15
# A worker is renewed now and then, not all of them at once.
max_requests = 20_000
max_requests_jitter = 2_000
# gunicorn would else open a control socket in the home folder.
control_socket_disable = True
# Requests are logged by the application, with their names and without what people typed.
accesslog = None
