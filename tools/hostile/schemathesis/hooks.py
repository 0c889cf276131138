"""What a schema cannot tell Schemathesis about this API."""

import os
import re
import zlib

import requests
import schemathesis
from schemathesis import GenerationMode

SEEN = re.compile(r"[A-Za-z0-9]")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
LINK = re.compile(r"(?i)^https?:")
ETAG = re.compile(r'"(0|[1-9]\d{0,15})"')
PAST = "2026-01-31T12:00:00.000Z"


@schemathesis.serializer("application/x-ndjson")
def ndjson(_context, value):
    """Its schema is a text: what else is generated for it is sent as the text that it has."""
    return value if isinstance(value, bytes) else str(value).encode("utf-8", errors="replace")


@schemathesis.hook
def before_call(_context, case, _kwargs):
    """Makes what is meant to be valid so, where only the service knows what is: what is meant to be wrong stays as it is."""
    if case.meta is None or case.meta.generation.mode != GenerationMode.POSITIVE:
        return
    if case.query:
        # Only the service can make a cursor.
        case.query = {name: _visible(value) for name, value in case.query.items() if name != "cursor"}
    if isinstance(case.body, (dict, list)):
        case.body = _visible(case.body)
        _as_reports_are(case.body)
        _as_bulks_are(case.body)
    if case.path_parameters:
        case.path_parameters = {name: _visible(value) for name, value in case.path_parameters.items()}
    _see_the_case(case)


def _visible(value, name=""):
    """Texts have something to see in them, no control characters and no spaces around them."""
    if isinstance(value, dict):
        return {CONTROL.sub("_", key): _visible(child, key) for key, child in value.items()}
    if isinstance(value, list):
        return [_visible(child, name) for child in value]
    if not isinstance(value, str) or value == "":
        return value
    if LINK.match(value):
        return "https://replays.example/match"
    text = CONTROL.sub("_", value)
    if text[0].isspace():
        text = "x" + text[1:]
    if text[-1].isspace() or not SEEN.search(text):
        text = text[:-1] + "x"
    return text


def _as_reports_are(body):
    """A report is not from the future, and some reasons need a description."""
    if not isinstance(body, dict) or "reporterId" not in body:
        return
    if "occurredAt" in body:
        body["occurredAt"] = PAST
    body.setdefault("description", "Seen again.")


def _as_bulks_are(body):
    """The cases of a bulk are named or found, not both; and only the kind of its command knows its fields."""
    if not isinstance(body, dict) or "command" not in body:
        return
    body["command"] = {"kind": "note", "text": "Part of the raid of the 31st."}
    if body.get("caseIds"):
        body.pop("filter", None)
    else:
        body.pop("caseIds", None)
        body["filter"] = body.get("filter") or {}


def _see_the_case(case):
    """Every other command is for the version that the case has now, so that some get past the comparison of versions."""
    case_id = (case.path_parameters or {}).get("caseId")
    headers = case.headers if case.headers is not None else {}
    # An optional header is tried with the shortest value of any kind, whatever its pattern is.
    if "If-Match" in headers and not ETAG.fullmatch(str(headers["If-Match"])):
        headers["If-Match"] = '"0"'
    if case_id is None or "If-Match" not in headers or not re.fullmatch(r"[A-Za-z0-9_-]{22}", str(case_id)):
        return
    if zlib.crc32(str(headers["If-Match"]).encode()) % 2 == 0:
        return
    seen = requests.get(
        f"{os.environ['HOSTILE_URL']}/v1/cases/{case_id}",
        headers={"Authorization": f"Bearer {os.environ['HOSTILE_TOKEN']}"},
        timeout=10,
    )
    if seen.headers.get("ETag"):
        headers["If-Match"] = seen.headers["ETag"]
