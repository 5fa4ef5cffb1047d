"""Front-end files are installed once, served under names of their content, and name no host."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
from pathlib import Path

import pytest
from flask import Flask

from equipment_cloud.foundation import assets

SOURCE = b"let a = 1;\n//# sourceMappingURL=a.js.map\n"


@pytest.fixture
def workshop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A root of our own with a tiny npm folder; npm itself is the edge and does nothing."""
    static = tmp_path / "static"
    (tmp_path / "node_modules" / "one").mkdir(parents=True)
    (tmp_path / "node_modules" / "one" / "a.js").write_bytes(SOURCE)
    (tmp_path / "package-lock.json").write_text("{}")
    monkeypatch.setattr(assets, "ROOT", tmp_path)
    monkeypatch.setattr(assets, "STATIC", static)
    monkeypatch.setattr(assets, "VENDOR", static / "vendor")
    monkeypatch.setattr(assets, "MANIFEST", static / "vendor" / "manifest.json")
    monkeypatch.setattr(assets, "MODULES", tmp_path / "node_modules")
    monkeypatch.setattr(assets, "SERVED", {"a.js": "one/a.js"})
    monkeypatch.setattr(assets, "_install", lambda: None)
    return tmp_path


@pytest.fixture
def page(workshop: Path) -> Flask:
    return Flask("page", static_folder=str(workshop / "static"))


def served(workshop: Path) -> Path:
    manifest = json.loads((workshop / "static" / "vendor" / "manifest.json").read_text())
    return workshop / "static" / str(manifest["files"]["a.js"])


def test_a_served_file_loses_its_source_map_and_has_a_gzip_copy_beside_it(workshop: Path) -> None:
    assert assets.prepare()
    file = served(workshop)
    assert file.read_bytes() == b"let a = 1;\n"
    assert gzip.decompress(Path(f"{file}.gz").read_bytes()) == file.read_bytes()


def test_a_second_run_does_nothing(workshop: Path) -> None:
    assert assets.prepare()
    assert not assets.prepare()


def test_a_changed_lock_file_installs_anew(workshop: Path) -> None:
    assets.prepare()
    (workshop / "package-lock.json").write_text('{"changed": true}')
    assert assets.prepare()


def test_a_lost_file_is_brought_back(workshop: Path) -> None:
    assets.prepare()
    served(workshop).unlink()
    assert assets.prepare()
    assert served(workshop).exists()


def test_the_address_of_a_served_file_names_its_content(workshop: Path, page: Flask) -> None:
    assets.prepare()
    with page.test_request_context():
        before = assets.asset_url("a.js")
        (workshop / "node_modules" / "one" / "a.js").write_bytes(b"let a = 2;\n")
        assets.prepare(force=True)
        assert re.fullmatch(r"/static/vendor/a\.[0-9a-f]{10}\.js", before)
        assert assets.asset_url("a.js") != before


def test_the_address_of_a_file_of_ours_changes_with_its_content(workshop: Path, page: Flask) -> None:
    own = workshop / "static" / "css" / "own.css"
    own.parent.mkdir(parents=True)
    with page.test_request_context():
        own.write_text("a{}")
        before = assets.asset_url("css/own.css")
        own.write_text("b{}b{}")
        assert re.fullmatch(r"/static/css/own\.css\?v=[0-9a-f]{10}", before)
        assert assets.asset_url("css/own.css") != before


def test_a_page_still_renders_where_the_files_were_never_installed(workshop: Path, page: Flask) -> None:
    with page.test_request_context():
        assert assets.asset_url("a.js") == "/static/a.js?v=missing"


def test_a_failing_npm_is_told_with_its_reason(
    workshop: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> None:
        raise subprocess.CalledProcessError(1, ["npm", "ci"])

    monkeypatch.setattr(assets, "_install", fail)
    assert assets.main([]) == 1
    assert "could not be installed" in capsys.readouterr().err


def test_an_unknown_argument_is_wrong_usage(workshop: Path) -> None:
    assert assets.main(["--what"]) == 2


def test_the_lock_file_names_no_address_and_every_package_has_its_checksum() -> None:
    text = Path("package-lock.json").read_text(encoding="utf-8")
    packages = {name: entry for name, entry in json.loads(text)["packages"].items() if name}
    assert "://" not in text
    assert all(entry["integrity"].startswith("sha512-") for entry in packages.values())
