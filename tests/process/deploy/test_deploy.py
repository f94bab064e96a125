"""What is deployed, as far as it can be checked without root and without a daemon."""

import ast
import fcntl
import math
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from newsrust_spider.database.engine import read_database_url

ROOT = Path(__file__).parents[3]
HOME = "/opt/newsrust"
CRAWL = "scrapy crawl newsrust"
SECONDS_TO_END = 30

CRONTAB = (ROOT / "deploy/crontab").read_text()
SERVICE = (ROOT / "deploy/newsrust.service").read_text()
DOCKERFILE = (ROOT / "deploy/Dockerfile").read_text()
COMPOSE_TEXT = (ROOT / "deploy/compose.yaml").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load(COMPOSE_TEXT)
EXAMPLE = (ROOT / ".env.example").read_text()
SETTINGS = ast.parse((ROOT / "newsrust_spider/settings.py").read_text())

NOT_OURS = {
    *("SHELL", "PATH", "MAILTO"),  # cron's and the shell's
    *("POSTGRES_USER", "POSTGRES_PASSWORD", "POSTGRES_DB"),  # the Postgres image's
    "PGPASSWORD",  # libpq's
}
ASSIGNED = re.compile(r"^#?([A-Z_]+)=(.*)$", re.MULTILINE)

needs_systemd = pytest.mark.skipif(
    not shutil.which("systemd-analyze"), reason="systemd-analyze is not here"
)


def read_by_settings() -> set[str]:
    """Return the names in ``os.environ.get("NAME")`` and ``_read_number("NAME")``."""
    calls = (node for node in ast.walk(SETTINGS) if isinstance(node, ast.Call) and node.args)
    return {
        call.args[0].value
        for call in calls
        if ast.unparse(call.func) in ("os.environ.get", "_read_number")
        and isinstance(call.args[0], ast.Constant)
        and isinstance(call.args[0].value, str)
    }


def default_of(name: str) -> float:
    """Return the default in ``_read_number("NAME", default)``."""
    source = ast.unparse(SETTINGS)
    found = re.search(rf"_read_number\('{name}', ([\d. *]+)\)", source)
    assert found
    return math.prod(float(factor) for factor in found[1].split("*"))


def cron_lines() -> list[str]:
    lines = (line.strip() for line in CRONTAB.splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def cron_environment() -> dict[str, str]:
    return dict(line.split("=", 1) for line in cron_lines() if ASSIGNED.match(line))


def cron_job() -> tuple[list[str], str]:
    """Return the five fields and the command of the one job."""
    (job,) = (line for line in cron_lines() if not ASSIGNED.match(line))
    *fields, command = job.split(maxsplit=5)
    return fields, command


def service_values(key: str) -> list[str]:
    return re.findall(rf"^{key}=(.*)$", SERVICE, re.MULTILINE)


def docker_stages() -> list[list[list[str]]]:
    """Return the words of the instructions of each stage."""
    lines = DOCKERFILE.replace("\\\n", " ").splitlines()
    words = [line.split() for line in lines if line and not line.startswith("#")]
    starts = [number for number, line in enumerate(words) if line[0] == "FROM"]
    return [words[a:b] for a, b in zip(starts, [*starts[1:], None], strict=True)]


def copied_from_context(stage: list[list[str]]) -> list[str]:
    copies = [line[1:-1] for line in stage if line[0] == "COPY"]
    return [path for paths in copies if not paths[0].startswith("--from=") for path in paths]


# --- The environment -------------------------------------------------------------------------


def test_the_example_names_every_variable_that_the_settings_read() -> None:
    assert read_by_settings() <= {name for name, _ in ASSIGNED.findall(EXAMPLE)}


@pytest.mark.parametrize(
    ("place", "names"),
    [
        ("example", {name for name, _ in ASSIGNED.findall(EXAMPLE)}),
        ("crontab", {name for name, _ in ASSIGNED.findall(CRONTAB)}),
        ("service", {value.partition("=")[0] for value in service_values("Environment")}),
        ("compose", set(re.findall(r"\$\{(\w+)", COMPOSE_TEXT))),
        *(
            (f"compose: {name}", set(service.get("environment", ())))
            for name, service in COMPOSE["services"].items()
        ),
    ],
)
def test_no_variable_is_named_that_nothing_reads(place: str, names: set[str]) -> None:
    assert names, place
    assert names - NOT_OURS <= read_by_settings()


def test_each_variable_of_the_example_has_a_sentence_and_no_value_that_acts() -> None:
    for block in EXAMPLE.strip().split("\n\n")[1:]:
        *sentences, variable = block.splitlines()
        assert sentences
        assert all(line.startswith("# ") for line in sentences)
        # Unset, not empty: an empty DATABASE_URL would undo the one of the service.
        assert re.match(r"#[A-Z_]+=", variable)


def test_the_compose_file_takes_from_the_example_only() -> None:
    taken = set(re.findall(r"\$\{(\w+)", COMPOSE_TEXT))
    assert taken <= {name for name, _ in ASSIGNED.findall(EXAMPLE)}


@pytest.mark.parametrize(
    "url",
    [
        *re.findall(r"DATABASE_URL[=:]\s*'?(postgres[^'\s]+)", EXAMPLE),
        *re.findall(r"DATABASE_URL[=:]\s*'?(postgres[^'\s]+)", CRONTAB),
        *re.findall(r"DATABASE_URL[=:]\s*'?(postgres[^'\s]+)", SERVICE),
        *re.findall(r"DATABASE_URL[=:]\s*'?(postgres[^'\s]+)", COMPOSE_TEXT),
    ],
)
def test_every_database_url_is_accepted_and_holds_no_password(url: str) -> None:
    assert read_database_url(url).password is None


# --- cron ------------------------------------------------------------------------------------


def test_the_crontab_starts_one_crawl_every_hour() -> None:
    (minute, *others), command = cron_job()
    assert 0 < int(minute) < 60
    assert others == ["*"] * 4
    assert CRAWL in command
    assert "%" not in command  # to cron a line end
    assert CRONTAB.endswith("\n")  # without it cron ignores the last line


def test_cron_kills_only_what_outlived_its_own_limit() -> None:
    limits = re.search(r"timeout -k (\d+) (\d+) ", cron_job()[1])
    assert limits
    assert int(limits[1]) >= SECONDS_TO_END
    assert int(limits[2]) > default_of("NEWSRUST_TIME_LIMIT") + SECONDS_TO_END


def run_cron_job(home: Path) -> subprocess.CompletedProcess[str]:
    """Run the job as cron would, with ``home`` in the place of /opt/newsrust."""
    program = home / ".venv/bin/scrapy"
    program.parent.mkdir(parents=True)
    program.write_text('#!/bin/sh\necho "$PWD: $@"\nexit 1\n')
    program.chmod(0o755)
    environment = {key: value.replace(HOME, str(home)) for key, value in cron_environment().items()}
    return subprocess.run(
        [environment["SHELL"], "-c", cron_job()[1].replace(HOME, str(home))],
        env=environment,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )


def test_cron_finds_the_program_and_the_project_in_its_bare_environment(tmp_path: Path) -> None:
    ended = run_cron_job(tmp_path)
    assert ended.stdout.startswith(f"{tmp_path}: crawl newsrust")
    assert (ended.returncode, ended.stderr) == (1, "")


def test_a_second_run_ends_at_once_with_75_and_sends_no_mail(tmp_path: Path) -> None:
    folder = os.open(tmp_path, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        ended = run_cron_job(tmp_path)
    finally:
        os.close(folder)
    assert (ended.returncode, ended.stdout, ended.stderr) == (75, "", "")


# --- systemd ---------------------------------------------------------------------------------


def installed_units(tmp_path: Path) -> list[str]:
    """Copy the units as if the project were installed in ``tmp_path``; nothing else changes."""
    program = tmp_path / ".venv/bin/scrapy"
    program.parent.mkdir(parents=True)
    program.touch(mode=0o755)
    units = [tmp_path / "newsrust.service", tmp_path / "newsrust.timer"]
    for unit in units:
        text = (ROOT / "deploy" / unit.name).read_text()
        unit.write_text(text.replace(HOME, str(tmp_path)))
    return [str(unit) for unit in units]


@needs_systemd
def test_systemd_understands_both_units_without_a_word(tmp_path: Path) -> None:
    command = ["systemd-analyze", "verify", "--man=no", *installed_units(tmp_path)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    # Words about units of this machine, which verify loads too, are none of ours.
    said = [line for line in (ended.stdout + ended.stderr).splitlines() if "newsrust" in line]
    assert (ended.returncode, said) == (0, [])


@needs_systemd
def test_systemd_finds_the_service_hardly_exposed(tmp_path: Path) -> None:
    service, _ = installed_units(tmp_path)
    # Of 100; a service that says nothing of all this has 96.
    command = ["systemd-analyze", "security", "--offline=true", "--threshold=20", service]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 0, ended.stdout


def test_the_service_runs_the_same_crawl_in_the_same_place_as_cron() -> None:
    assert service_values("ExecStart") == [f"{HOME}/.venv/bin/{CRAWL}"]
    assert service_values("WorkingDirectory") == [HOME]


def test_the_service_may_use_a_socket_and_make_callbacks() -> None:
    assert "AF_UNIX" in service_values("RestrictAddressFamilies")[0].split()
    # Measured: with it, pyOpenSSL dies of a MemoryError at the first https request.
    assert service_values("MemoryDenyWriteExecute") == []


def test_systemd_kills_only_what_outlived_its_own_limit() -> None:
    assert service_values("Type") == ["oneshot"]
    assert service_values("RuntimeMaxSec") == []  # without effect on a oneshot
    (limit,), (patience,) = service_values("TimeoutStartSec"), service_values("TimeoutStopSec")
    assert int(limit) > default_of("NEWSRUST_TIME_LIMIT") + SECONDS_TO_END
    assert int(patience) >= SECONDS_TO_END


# --- The image -------------------------------------------------------------------------------


def test_the_image_does_not_run_as_root() -> None:
    users = [line[1] for line in docker_stages()[-1] if line[0] == "USER"]
    assert int(users[-1]) > 0


def test_the_image_installs_only_what_the_lock_file_has_hashes_for() -> None:
    installs = re.findall(r"pip\b.*\binstall\b.*", DOCKERFILE.replace("\\\n", " "))
    assert installs
    assert all("--require-hashes -r requirements.lock" in line for line in installs)


def test_everything_that_the_image_copies_is_there_and_nothing_else_reaches_the_build() -> None:
    copied = {path for stage in docker_stages() for path in copied_from_context(stage)}
    assert [path for path in sorted(copied) if not (ROOT / path).exists()] == []
    rules = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line[:1] != "#"]
    assert rules[0] == "*"
    assert {rule[1:] for rule in rules if rule.startswith("!")} == copied


def test_what_the_image_copies_is_enough_to_start(tmp_path: Path) -> None:
    for name in copied_from_context(docker_stages()[-1]):
        source = ROOT / name
        if source.is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(source, tmp_path / name, ignore=ignored)
        else:
            shutil.copy(source, tmp_path)
    load = (
        "from scrapy.utils.misc import load_object\n"
        "from scrapy.utils.project import get_project_settings as settings\n"
        "names = ('ITEM_PIPELINES', 'EXTENSIONS', 'DOWNLOADER_MIDDLEWARES')\n"
        "print(*(load_object(path).__module__ for name in names for path in settings()[name]))"
    )
    for command in (["-m", "scrapy", "list"], ["-c", load]):
        ended = subprocess.run(
            [sys.executable, *command],
            cwd=tmp_path,
            env={"PATH": os.defpath},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert ended.returncode == 0, ended.stderr
        assert "newsrust" in ended.stdout


# --- Compose ---------------------------------------------------------------------------------


def test_the_crawl_waits_for_the_tables_and_the_tables_for_the_server() -> None:
    services = COMPOSE["services"]
    assert set(services) == {"database", "migrate", "crawl"}
    assert "pg_isready" in services["database"]["healthcheck"]["test"]
    healthy = {"database": {"condition": "service_healthy"}}
    assert services["migrate"]["depends_on"] == healthy
    assert services["migrate"]["command"] == ["database", "migrate"]
    migrated = {"migrate": {"condition": "service_completed_successfully"}}
    assert services["crawl"]["depends_on"] == migrated
    assert "command" not in services["crawl"]  # the image's own


def test_the_password_is_asked_for_and_has_no_default() -> None:
    environments = [service["environment"] for service in COMPOSE["services"].values()]
    passwords = [v for e in environments for k, v in e.items() if "PASSWORD" in k]
    assert passwords == ["${POSTGRES_PASSWORD:?set it in .env}"] * 3


@pytest.mark.parametrize("name", COMPOSE["services"])
def test_every_container_is_confined(name: str) -> None:
    service = COMPOSE["services"][name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "/tmp" in service["tmpfs"]  # noqa: S108 - a memory file system in a container
    assert int(service["stop_grace_period"].removesuffix("s")) > SECONDS_TO_END
    assert not {"privileged", "cap_add", "ports", "network_mode", "pid"} & set(service)


def test_only_the_crawl_reaches_out() -> None:
    reach = {name: service["networks"] for name, service in COMPOSE["services"].items()}
    assert [name for name, networks in reach.items() if "outside" in networks] == ["crawl"]
    assert COMPOSE["networks"]["inside"] == {"internal": True}


def test_the_data_of_the_database_is_kept_where_its_image_writes() -> None:
    database = COMPOSE["services"]["database"]
    assert database["image"] == "postgres:18"
    assert database["volumes"] == ["database:/var/lib/postgresql"]
