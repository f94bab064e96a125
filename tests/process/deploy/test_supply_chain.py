"""What is installed is what was chosen: pinned, hashed, listed with its licence, and audited."""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from deploy.audit_lock import find_faults, main, normal, read_lock
from deploy.list_licences import list_licences

ROOT = Path(__file__).parents[3]
LOCKS = {name: (ROOT / name).read_text() for name in ("requirements.lock", "requirements-dev.lock")}
RUNTIME = read_lock(LOCKS["requirements.lock"])
DEVELOPMENT = read_lock(LOCKS["requirements-dev.lock"])
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
LICENCES = (ROOT / "docs" / "licences.md").read_text()

NAMED = {
    "psycopg2-binary": "LGPL: used as a library, unchanged, and replaceable by its source package",
    "tld": "may be had under the MPL, which is taken; the GPL and the LGPL are other choices",
}
"""Licences that ask for more than to be named, each with the reason why it may be used."""
FREE = re.compile(r"MIT|BSD|Apache|Python Software Foundation|PSF|Mozilla|ISC|ZPL|CNRI")


def requirements(lock: str) -> list[str]:
    """Return the logical lines of a lock, without comments."""
    lines = [line for line in lock.splitlines() if not line.strip().startswith("#")]
    return [line for line in "\n".join(lines).replace("\\\n", " ").splitlines() if line.strip()]


@pytest.mark.parametrize("name", LOCKS)
def test_every_line_of_a_lock_is_one_pinned_version_with_hashes(name: str) -> None:
    lines = requirements(LOCKS[name])
    pattern = re.compile(
        r"[a-z0-9][a-z0-9.-]*(\[[a-z,]+\])?==[0-9][\w.+!-]*( ; [^;]+?)?"
        r"(\s+--hash=sha256:[0-9a-f]{64})+\s*"
    )
    assert [line for line in lines if not pattern.fullmatch(line)] == []
    assert len(lines) == len(read_lock(LOCKS[name])) > 50


def test_the_lock_for_development_holds_the_other_in_the_same_versions() -> None:
    assert {n: v for n, v in RUNTIME.items() if DEVELOPMENT.get(n) != v} == {}
    assert len(DEVELOPMENT) > len(RUNTIME)


def test_everything_that_the_project_asks_for_is_locked() -> None:
    def names(asked: list[str]) -> set[str]:
        return {normal(re.split(r"[<>=!~\[ ;]", one)[0]) for one in asked}

    assert names(PROJECT["project"]["dependencies"]) - set(RUNTIME) == set()
    assert names(PROJECT["dependency-groups"]["dev"]) - set(DEVELOPMENT) == set()


def test_an_installer_refuses_a_lock_whose_hash_is_not_the_one_of_the_package(
    tmp_path: Path,
) -> None:
    # A source package of our own: its hash is known here, and nothing is fetched for it.
    package = tmp_path / "tampered-1.0-py3-none-any.whl"
    with ZipFile(package, "w") as wheel:
        told = "tampered-1.0.dist-info"
        wheel.writestr(f"{told}/METADATA", "Metadata-Version: 2.1\nName: tampered\nVersion: 1.0\n")
        wheel.writestr(f"{told}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        wheel.writestr(f"{told}/RECORD", "")
    lock = tmp_path / "lock"
    lock.write_text(f"tampered==1.0 --hash=sha256:{'0' * 64}\n")
    command = ["install", "--no-index", "--find-links", str(tmp_path), "--no-cache"]
    command += ["--no-deps", "--target", str(tmp_path / "installed")]
    ended = subprocess.run(
        [sys.executable, "-m", "uv", "pip", *command, "--require-hashes", "-r", str(lock)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode != 0
    assert "Hash mismatch" in ended.stderr


# --- The audit -------------------------------------------------------------------------------


def report_on(packages: dict[str, str], **changes: dict[str, Any]) -> dict[str, Any]:
    """Write a report as ``pip-audit --format json`` does; ``changes`` are for single packages."""
    told = [
        {"name": n, "version": v, "vulns": []} | changes.get(n, {}) for n, v in packages.items()
    ]
    return {"dependencies": told, "fixes": []}


def test_an_audit_of_all_that_is_locked_without_findings_is_passed() -> None:
    assert list(find_faults(report_on(RUNTIME), RUNTIME)) == []


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"vulns": [{"id": "PYSEC-2026-1", "fix_versions": ["9"]}]}, "PYSEC-2026-1"),
        ({"skip_reason": "not found on the index"}, "skipped (not found on the index)"),
        ({"version": "0.1"}, "audited as 0.1"),
        ({"name": "another"}, "not audited"),
    ],
)
def test_an_audit_fails_for_a_single_package(change: dict[str, Any], fault: str) -> None:
    report = report_on(RUNTIME, scrapy=change)
    assert list(find_faults(report, RUNTIME)) == [f"scrapy {RUNTIME['scrapy']}: {fault}"]


def test_an_audit_of_fewer_packages_than_are_locked_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = report_on(RUNTIME)
    saved = tmp_path / "report.json"
    saved.write_text(json.dumps(report))
    arguments = [str(ROOT / "requirements.lock"), str(saved)]
    assert main(arguments) == 0
    left_out = report["dependencies"].pop()["name"]
    saved.write_text(json.dumps(report))
    assert main(arguments) == 1
    assert f"{left_out} {RUNTIME[left_out]}: not audited" in capsys.readouterr().out


def test_an_audit_of_nothing_fails() -> None:
    assert len(list(find_faults({}, RUNTIME))) == len(RUNTIME)
    assert list(find_faults({}, {})) == ["the lock pins nothing"]


# --- The licences ----------------------------------------------------------------------------


def listed() -> dict[str, tuple[str, str]]:
    rows = re.findall(r"^\| (\S+) \| (\d\S*) \| (.+) \|$", LICENCES, re.MULTILINE)
    return {name: (version, licence) for name, version, licence in rows}


def test_the_licence_of_every_locked_package_is_listed() -> None:
    assert {name: version for name, (version, _) in listed().items()} == RUNTIME


def test_the_list_is_what_the_installed_packages_say() -> None:
    assert list_licences(ROOT / "requirements.lock") == LICENCES


def test_no_licence_asks_for_more_than_a_name_unless_the_reason_is_given() -> None:
    asking = {
        name
        for name, (_, licence) in listed().items()
        if re.search(r"GPL|General Public", licence) or not FREE.search(licence)
    }
    assert asking == set(NAMED)
    assert all(NAMED.values())
