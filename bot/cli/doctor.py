"""What ``evenkeel doctor`` finds: each part that Evenkeel depends on, with the cure where it does not work."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import aiohttp
import msgspec
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.cli.doctor_channels import channels
from bot.cli.doctor_people import on_call
from bot.cli.doctor_silences import silences
from bot.cli.doctor_sources import senders
from bot.config import Settings, require_slack
from bot.config.files import read_runbooks, read_settings, runbook_folder
from bot.connectors import Connectors
from bot.errors import ConfigurationError, EvenkeelError
from bot.runbooks.loading import load_library
from bot.slack.manifest import MORE_SCOPES, SCOPES
from bot.store import open_store
from bot.store.address import address, sqlite_file

#: Slack refuses signatures whose time is five minutes off
MOST_SKEW = 60.0
#: a night's alerts are less, in bytes
LEAST_FREE = 64 * 1024**2
#: how long Slack may take to say who we are, in seconds
PATIENCE = 10.0


class Finding(msgspec.Struct, frozen=True):
    """One line: what was looked at, whether it works, and the cure if it does not."""

    name: str
    ok: bool
    text: str


async def examine(environment: Mapping[str, str]) -> list[Finding]:
    """All findings; whatever is broken does not keep the others from being looked at."""
    try:
        settings = read_settings(environment)
    except ConfigurationError as error:
        return [Finding("config", False, problem) for problem in error.problems]
    findings = [Finding("config", True, "evenkeel.yaml and the environment can be read")]
    slack = await _slack(settings)
    findings += slack
    if all(found.ok for found in slack if found.name in ("token", "slack")):
        findings += [Finding(*told) for told in await channels(settings)]
    findings.append(await asyncio.to_thread(_database, settings))
    findings += await _connectors(settings)
    if not settings.connectors:
        findings.append(Finding("connectors", False, "none: add connectors and services to evenkeel.yaml"))
    findings += [Finding(*told) for told in await on_call(settings)]
    findings += _runbooks(environment)
    findings += [Finding(*told) for told in senders(settings)]
    return findings


async def _slack(settings: Settings) -> list[Finding]:
    try:
        require_slack(settings)
    except ConfigurationError as error:
        return [Finding("slack", False, problem) for problem in error.problems]
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(token=settings.bot_token, base_url=settings.slack_api_url, session=session)
        try:
            async with asyncio.timeout(PATIENCE):
                answer = await client.auth_test()
        except SlackApiError as error:
            said = error.response.get("error", "an error")
            return [Finding("token", False, f"Slack says {said}: reinstall the app and set SLACK_BOT_TOKEN anew")]
        except TimeoutError:
            return [Finding("slack", False, f"{settings.slack_api_url} does not answer within {PATIENCE:g} s")]
        except (aiohttp.ClientError, OSError) as error:
            return [Finding("slack", False, f"{settings.slack_api_url} does not answer: {error}")]
    headers = {name.lower(): value for name, value in answer.headers.items()}
    return [
        Finding("token", True, f"the bot is {answer.get('user')} in {answer.get('team')}"),
        _scopes(headers.get("x-oauth-scopes", "")),
        _clock(headers.get("date", "")),
    ]


def _scopes(granted: str) -> Finding:
    have = {scope.strip() for scope in granted.split(",") if scope.strip()}
    if not have:
        return Finding("scopes", True, "Slack does not say which are granted")
    missing = [f"{scope} ({why})" for scope, why in SCOPES.items() if scope not in have]
    if missing:
        return Finding("scopes", False, f"missing: {'; '.join(missing)}. Add them and reinstall the app")
    less = [scope for scope in MORE_SCOPES if scope not in have]
    return Finding("scopes", True, f"all that is needed; without {', '.join(less)}" if less else "all")


def _clock(date: str) -> Finding:
    if not date:
        return Finding("clock", True, "Slack does not say the time")
    skew = abs((datetime.now(UTC) - parsedate_to_datetime(date)).total_seconds())
    cure = f"{skew:.0f} s away from Slack's: set this machine's clock, or signed requests are refused"
    return Finding("clock", skew <= MOST_SKEW, "agrees with Slack's" if skew <= MOST_SKEW else cure)


def _database(settings: Settings) -> Finding:
    try:
        store = open_store(settings.database_url, read_only=True)
    except EvenkeelError as error:
        return Finding("database", "yet" in str(error), str(error))
    store.close()
    file = sqlite_file(address(settings.database_url))
    free = shutil.disk_usage(file.absolute().parent).free if file is not None else LEAST_FREE
    if free < LEAST_FREE:
        left = f"{free / 1024**2:.0f} MiB are free where {file} lies"
        return Finding("database", False, f"{left}: make room, on a full disk alerts are answered 503")
    return Finding("database", True, f"{store.kind} answers and is up to date")


async def _connectors(settings: Settings) -> list[Finding]:
    connectors = Connectors(settings.connectors)
    try:
        found = [Finding(name, found.ok, found.text) for name, found in (await connectors.probe()).items()]
        return found + [Finding(*told) for told in await silences(settings, connectors)]
    finally:
        await connectors.close()


def _runbooks(environment: Mapping[str, str]) -> list[Finding]:
    try:
        library = load_library(read_runbooks(runbook_folder(environment)))
    except ConfigurationError as error:
        return [Finding("runbooks", False, problem) for problem in error.problems]
    broken = [Finding("runbooks", False, problem) for problem in library.problems]
    return broken or [Finding("runbooks", True, f"{len(library.runbooks)} loaded")]
