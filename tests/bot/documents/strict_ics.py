"""A strict reader of iCalendar: RFC 5545 as far as Safiri's files go, and nothing is forgiven."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime

ONCE = {
    "VCALENDAR": {"PRODID", "VERSION", "CALSCALE", "METHOD"},
    "VEVENT": {"UID", "DTSTAMP", "DTSTART", "DTEND", "SEQUENCE", "SUMMARY", "LOCATION", "GEO", "DESCRIPTION", "URL"}
    | {"STATUS", "TRANSP", "DURATION", "CLASS", "PRIORITY"},
    "VTIMEZONE": {"TZID", "LAST-MODIFIED", "TZURL"},
    "STANDARD": {"DTSTART", "TZOFFSETFROM", "TZOFFSETTO"},
}
NEEDED = {
    "VCALENDAR": {"PRODID", "VERSION"},
    "VEVENT": {"UID", "DTSTAMP", "DTSTART"},
    "VTIMEZONE": {"TZID"},
    "STANDARD": {"DTSTART", "TZOFFSETFROM", "TZOFFSETTO"},
}
ALLOWED = {
    "VCALENDAR": ONCE["VCALENDAR"],
    "VEVENT": ONCE["VEVENT"] | {"CATEGORIES", "COMMENT", "RESOURCES"},
    "VTIMEZONE": ONCE["VTIMEZONE"],
    "STANDARD": ONCE["STANDARD"] | {"TZNAME"},
}
INSIDE = {"VCALENDAR": {"VTIMEZONE", "VEVENT"}, "VTIMEZONE": {"STANDARD"}, "VEVENT": set(), "STANDARD": set()}
TEXT = {"SUMMARY", "LOCATION", "DESCRIPTION", "CATEGORIES"}
LINE = re.compile(r'([A-Z0-9-]+)((?:;[A-Z0-9-]+=(?:"[^"]*"|[^";:,]*))*):(.*)', re.DOTALL)
PARAMETER = re.compile(r';([A-Z0-9-]+)=("[^"]*"|[^";:,]*)')


class NotStrict(AssertionError):
    """The file breaks a rule of RFC 5545."""


@dataclass
class Part:
    """One component: its properties as (parameters, value) and the components inside."""

    name: str
    properties: dict[str, list[tuple[dict[str, str], str]]] = field(default_factory=dict)
    parts: list[Part] = field(default_factory=list)

    def value(self, name: str) -> str:
        return self.properties[name][0][1]

    def text(self, name: str) -> str:
        """A TEXT value as read by a person."""
        return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], self.value(name))


def read(content: bytes) -> Part:
    """The calendar in `content`; raises NotStrict for the first broken rule."""
    stack: list[Part] = []
    whole: Part | None = None
    for line in _unfold(content):
        match = LINE.fullmatch(line)
        _must(match is not None, f"not a content line: {line!r}")
        name, parameters, value = match[1], dict(PARAMETER.findall(match[2])), match[3]
        _must(whole is None, "something follows END:VCALENDAR")
        if name == "BEGIN":
            part = Part(value)
            if stack:
                _must(value in INSIDE[stack[-1].name], f"{value} inside {stack[-1].name}")
                stack[-1].parts.append(part)
            else:
                _must(value == "VCALENDAR", f"starts with {value}")
            stack.append(part)
        elif name == "END":
            _must(bool(stack) and stack[-1].name == value, f"END:{value} closes nothing")
            part = stack.pop()
            _check(part)
            whole = whole if stack else part
        else:
            _must(bool(stack), f"{name} outside of a component")
            stack[-1].properties.setdefault(name, []).append((parameters, value))
    _must(whole is not None, "no calendar")
    _check_zones(whole)
    return whole


def _unfold(content: bytes) -> list[str]:
    _must(content.endswith(b"\r\n"), "the last line has no CRLF")
    _must(b"\n" not in content.replace(b"\r\n", b""), "a line feed without a carriage return")
    _must(b"\r" not in content.replace(b"\r\n", b""), "a carriage return without a line feed")
    lines = content.split(b"\r\n")[:-1]
    for line in lines:
        _must(len(line) <= 75, f"a line of {len(line)} octets")
        _must(line != b"", "an empty line")
    text = content.decode("utf-8").replace("\r\n ", "").replace("\r\n\t", "")
    _must(not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", text), "a control character")
    return text.split("\r\n")[:-1]


def _check(part: Part) -> None:
    for name in NEEDED[part.name]:
        _must(name in part.properties, f"{part.name} without {name}")
    for name, values in part.properties.items():
        _must(name in ALLOWED[part.name] or name.startswith("X-"), f"{name} in {part.name}")
        _must(len(values) == 1 or name not in ONCE[part.name], f"{name} twice in {part.name}")
        for _, value in values:
            if name in TEXT:
                _must(not re.search(r"(?<!\\)(?:\\\\)*\\[^\\;,nN]", value), f"bad escape in {name}: {value!r}")
                bare = re.sub(r"\\.", "", value)
                _must(";" not in bare and "\\" not in bare, f"unescaped ; or \\ in {name}: {value!r}")
                _must("," not in bare or name == "CATEGORIES", f"unescaped comma in {name}: {value!r}")
    if part.name == "VEVENT":
        _check_event(part)
    if part.name == "VTIMEZONE":
        _must(bool(part.parts), "a time zone without an observance")
    if part.name == "STANDARD":
        _must(re.fullmatch(r"\d{8}T\d{6}", part.value("DTSTART")) is not None, "an onset is a local time")
        for name in ("TZOFFSETFROM", "TZOFFSETTO"):
            _must(re.fullmatch(r"[+-]\d{4}(\d\d)?", part.value(name)) is not None, f"bad {name}")


def _check_event(event: Part) -> None:
    _must(re.fullmatch(r"\d{8}T\d{6}Z", event.value("DTSTAMP")) is not None, "DTSTAMP is not UTC")
    _must("METHOD" not in event.properties, "METHOD belongs to the calendar")
    if "DTEND" in event.properties:
        _must("DURATION" not in event.properties, "both DTEND and DURATION")
        start, end = event.properties["DTSTART"][0], event.properties["DTEND"][0]
        _must(start[0] == end[0], "DTSTART and DTEND differ in zone or kind")
        _must(end[1] > start[1], "ends no later than it starts")
    if "SEQUENCE" in event.properties:
        _must(event.value("SEQUENCE").isdecimal(), "SEQUENCE is not a number")
    if "GEO" in event.properties:
        _must(re.fullmatch(r"-?\d+(\.\d+)?;-?\d+(\.\d+)?", event.value("GEO")) is not None, "bad GEO")
    if "TRANSP" in event.properties:
        _must(event.value("TRANSP") in ("OPAQUE", "TRANSPARENT"), "bad TRANSP")
    if "STATUS" in event.properties:
        _must(event.value("STATUS") in ("TENTATIVE", "CONFIRMED", "CANCELLED"), "bad STATUS")
    if "URL" in event.properties:
        _must(re.fullmatch(r"https?://[\x21-\x7e]+", event.value("URL")) is not None, "URL is not a URI")


def _check_zones(calendar: Part) -> None:
    zones = {part.value("TZID") for part in calendar.parts if part.name == "VTIMEZONE"}
    events = [part for part in calendar.parts if part.name == "VEVENT"]
    _must(bool(zones or events), "a calendar without components")
    for event in events:
        for name in ("DTSTART", "DTEND"):
            for parameters, value in event.properties.get(name, []):
                _must(value.endswith("Z") or parameters.get("TZID") in zones, f"{name} in an unknown zone")
                datetime.strptime(value.rstrip("Z"), "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    uids = [event.value("UID") for event in events]
    _must(len(uids) == len(set(uids)), "two events share a UID")


def _must(holds: bool, problem: str) -> None:
    if not holds:
        raise NotStrict(problem)
