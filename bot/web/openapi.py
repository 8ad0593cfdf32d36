"""The REST API described for programs (OpenAPI 3.1), made from the bodies it accepts."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from bot.web.bodies import ChangeBody, SearchBody, Searched, TripBody

Json = dict[str, Any]
PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
ITINERARY = {"application/json": {"schema": {"$ref": "#/components/schemas/Itinerary"}}}
PROBLEM_SCHEMA: Json = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {"type": "object", "properties": {"at": {"type": "string"}, "says": {"type": "string"}}},
        },
        "relaxations": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"change": {"type": "string"}, "total_kes": {"type": "integer"}},
            },
        },
    },
}
ITINERARY_SCHEMA: Json = {
    "type": "object",
    "description": "Times are ISO 8601 with +03:00; money is for the whole party.",
    "required": ["id", "version", "title", "request", "currency", "total_kes", "days", "checks", "unknowns"],
    "properties": {
        "id": {"type": "string"},
        "version": {"type": "integer"},
        "title": {"type": "string"},
        "request": {"type": "object"},
        "currency": {"const": "KES"},
        "total_kes": {"type": "integer"},
        "budget_kes": {"type": ["integer", "null"]},
        "per_person_kes": {"type": "integer"},
        "days": {"type": "array", "items": {"type": "object"}},
        "checks": {"type": "array", "items": {"type": "object"}},
        "unknowns": {"type": "array"},
        "alternatives": {},
        "left_out": {"type": "array"},
    },
}


def describe(public_url: str) -> Json:
    """The document served at `/api/v1/openapi.json`."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Safiri",
            "version": "1",
            "description": "Trips in Kenya: search, plan, change, export. Work that takes longer than a few seconds is "
            "answered with 202 and a Location to ask again; `Prefer: respond-async` asks for that at once.",
        },
        "servers": [{"url": public_url}],
        "security": [{"bearer": []}, {"session": []}],
        "paths": _paths(),
        "components": {
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "session": {"type": "apiKey", "in": "cookie", "name": "safiri"},
            },
            "schemas": {
                **_schemas(SearchBody, TripBody, ChangeBody),
                "Problem": PROBLEM_SCHEMA,
                "Itinerary": ITINERARY_SCHEMA,
            },
        },
    }


def _paths() -> Json:
    trip_id = _parameter("id", "path", {"type": "string"})
    kind = _parameter("kind", "path", {"type": "string", "enum": [str(kind) for kind in Searched]})
    form = _parameter("format", "query", {"type": "string", "enum": ["pdf", "json", "ical"], "default": "json"})
    offers = {"application/json": {"schema": {"type": "object"}}}
    return {
        "/api/v1/search/{kind}": {
            "post": _operation("Search offers", {"200": ("Offers", offers)}, SearchBody, parameters=[kind])
        },
        "/api/v1/searches/{id}": {
            "get": _operation("Result of a search", {"200": ("Offers", offers)}, parameters=[trip_id])
        },
        "/api/v1/itineraries": {"post": _operation("Plan a trip", {"201": ("The trip", ITINERARY)}, TripBody)},
        "/api/v1/itineraries/{id}": {
            "get": _operation("A trip", {"200": ("The trip", ITINERARY)}, parameters=[trip_id]),
            "patch": _operation("Change a trip", {"200": ("The trip", ITINERARY)}, ChangeBody, parameters=[trip_id]),
        },
        "/api/v1/itineraries/{id}/export": {
            "get": _operation(
                "A trip as a file",
                {"200": ("The file", {"application/pdf": {}, "application/json": {}, "text/calendar": {}})},
                parameters=[trip_id, form],
            )
        },
    }


def _operation(
    summary: str,
    answers: dict[str, tuple[str, Json]],
    body: type[BaseModel] | None = None,
    parameters: list[Json] | None = None,
) -> Json:
    responses: Json = {code: {"description": says, "content": content} for code, (says, content) in answers.items()}
    responses["202"] = {"description": "Still working: ask again at Location"}
    responses["default"] = {"description": "A problem", "content": PROBLEM}
    operation: Json = {"summary": summary, "responses": responses, "parameters": parameters or []}
    if body is not None:
        schema = {"$ref": f"#/components/schemas/{body.__name__}"}
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    return operation


def _parameter(name: str, where: str, schema: Json) -> Json:
    return {"name": name, "in": where, "required": where == "path", "schema": schema}


def _schemas(*bodies: type[BaseModel]) -> Json:
    found: Json = {}
    for body in bodies:
        schema = body.model_json_schema(ref_template="#/components/schemas/{model}")
        found |= schema.pop("$defs", {})
        found[body.__name__] = schema
    return found
