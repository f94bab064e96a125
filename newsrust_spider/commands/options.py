"""What ``-s name=value`` may say on the command line of a crawl."""

from collections.abc import Iterable, Mapping

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


def check_options(given: Iterable[str], known: Mapping[str, object]) -> None:
    """Raise ValueError, one line with the remedy, for what of ``given`` cannot be meant.

    ``given`` are pairs ``name=value``, ``known`` the settings that there are, with their values.
    Scrapy takes every name in silence, and a value of the wrong kind ends in a stack.

    >>> check_options(["DOWNLOAD_TIMEOUT=5"], {"DOWNLOAD_TIMEOUT": 20})
    >>> check_options(["DOWNLOAD_TIMEOUT=soon"], {"DOWNLOAD_TIMEOUT": 20})
    Traceback (most recent call last):
    ...
    ValueError: -s DOWNLOAD_TIMEOUT=soon: this setting is a number
    """
    for name, equals, value in (pair.partition("=") for pair in given):
        if not equals:
            raise ValueError(f"-s {name}: write it as NAME=VALUE")
        if name not in known:
            raise ValueError(f"-s {name}: there is no such setting")
        _check_option(name, value, known[name])


def _check_option(name: str, value: str, usual: object) -> None:
    if name == "DATABASE_URL":
        # The value stays unsaid: it may be a password.
        raise ValueError("set DATABASE_URL in the environment: every user can read command lines")
    if name == "JOBDIR":
        raise ValueError("-s JOBDIR is not supported: the database is the only state")
    if isinstance(usual, Mapping | list | tuple) or _names_a_class(usual):
        raise ValueError(f"-s {name}: what belongs to the wiring is changed in settings.py only")
    if isinstance(usual, bool):
        if value.lower() not in {"0", "1", "true", "false"}:
            raise ValueError(f"-s {name}={value}: write true or false")
    elif isinstance(usual, int | float):
        _check_number(name, value, usual)


def _names_a_class(usual: object) -> bool:
    return isinstance(usual, str) and "." in usual and usual.replace(".", "").isidentifier()


def _check_number(name: str, value: str, usual: float) -> None:
    try:
        number = float(value) if isinstance(usual, float) else int(value)
    except ValueError:
        whole = "" if isinstance(usual, float) or not _is_number(value) else " whole"
        raise ValueError(f"-s {name}={value}: this setting is a{whole} number") from None
    if not 0 <= number < 1e12:  # noqa: PLR2004 - also refuses nan and inf
        raise ValueError(f"-s {name}={value}: this setting is a number from 0")


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def check_level(level: str) -> None:
    """Raise ValueError unless ``level`` names a level of the log."""
    if level.upper() not in LEVELS:
        raise ValueError(f"LOG_LEVEL={level}: write one of {', '.join(LEVELS)}")
