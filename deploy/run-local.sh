#!/bin/sh
# The example city on this machine: web and scheduler side by side until Ctrl-C. `make run` prepares and calls it.
set -eu
cd "$(dirname "$0")/.."
bin=.venv/bin
export PORT="${PORT:-8000}"

if [ ! -f instance/local.env ]; then
    mkdir -p instance
    (umask 077 && printf 'SECRET_KEY=%s\nDEMO=1\n' "$($bin/python -c 'import secrets; print(secrets.token_hex(32))')" \
        > instance/local.env)
fi

$bin/flask db upgrade
$bin/flask demo load --if-empty

cat <<SIGN_INS

  Equipment cloud (大型科研仪器共享平台): http://127.0.0.1:$PORT      Ctrl-C stops it.

  Sign in with the password equipment-cloud-demo as
    enterprise (企业)            researcher@sme.example  owner@sme.example  accountant@sme.example
    institution (科研机构)       manager@institute.example  operator@institute.example  finance@institute.example
    bureau (科技局)              township@bureau.example  surveyor@bureau.example  policy@bureau.example
                                 reviewer@bureau.example  approver@bureau.example  leader@bureau.example
                                 finance@bureau.example  auditor@bureau.example  admin@bureau.example

SIGN_INS

$bin/gunicorn --config deploy/gunicorn.conf.py wsgi:app &
web=$!
$bin/flask scheduler &
clock=$!

stop() {
    trap - INT TERM EXIT
    kill "$web" "$clock" 2>/dev/null || true
    wait "$web" "$clock" 2>/dev/null || true
}
trap 'stop; exit 0' INT TERM
trap stop EXIT
# Should the scheduler stop alone, the pages go on and /jobs says that the clock stands still.
wait "$web"
