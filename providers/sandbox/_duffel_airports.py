"""Airports as the simulated Duffel describes them."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from providers.guidebook import haversine

Json = dict[str, object]

_AIRPORTS = {  # name, city, the city's code, country, latitude, longitude, zone
    "NBO": ("Jomo Kenyatta International Airport", "Nairobi", "NBO", "KE", -1.320975, 36.926934, "Africa/Nairobi"),
    "WIL": ("Wilson Airport", "Nairobi", "NBO", "KE", -1.321234, 36.814806, "Africa/Nairobi"),
    "MBA": ("Moi International Airport", "Mombasa", "MBA", "KE", -4.035053, 39.595233, "Africa/Nairobi"),
    "KIS": ("Kisumu International Airport", "Kisumu", "KIS", "KE", -0.086463, 34.728317, "Africa/Nairobi"),
    "EDL": ("Eldoret International Airport", "Eldoret", "EDL", "KE", 0.404423, 35.238705, "Africa/Nairobi"),
    "MYD": ("Malindi Airport", "Malindi", "MYD", "KE", -3.227675, 40.101291, "Africa/Nairobi"),
    "LAU": ("Manda Airport", "Lamu", "LAU", "KE", -2.25232, 40.913078, "Africa/Nairobi"),
    "UKA": ("Ukunda Airport", "Ukunda", "UKA", "KE", -4.294236, 39.571543, "Africa/Nairobi"),
    "KEU": ("Keekorok Airport", "Masai Mara", "MRE", "KE", -1.585896, 35.258238, "Africa/Nairobi"),
    "ADD": (
        "Addis Ababa Bole International Airport",
        "Addis Ababa",
        "ADD",
        "ET",
        8.9779,
        38.7993,
        "Africa/Addis_Ababa",
    ),
    "ZNZ": ("Zanzibar Airport", "Zanzibar", "ZNZ", "TZ", -6.2220, 39.2249, "Africa/Dar_es_Salaam"),
    "DAR": ("Julius Nyerere Airport", "Dar es Salaam", "DAR", "TZ", -6.8781, 39.2026, "Africa/Dar_es_Salaam"),
    "EBB": ("Entebbe International Airport", "Entebbe", "EBB", "UG", 0.0424, 32.4435, "Africa/Kampala"),
    "KGL": ("Kigali International Airport", "Kigali", "KGL", "RW", -1.9686, 30.1395, "Africa/Kigali"),
    "LHR": ("Heathrow Airport", "London", "LON", "GB", 51.4703, -0.4581, "Europe/London"),
    "STN": ("London Stansted Airport", "London", "LON", "GB", 51.8855, 0.2369, "Europe/London"),
    "DXB": ("Dubai International Airport", "Dubai", "DXB", "AE", 25.2528, 55.3644, "Asia/Dubai"),
    "AMS": ("Amsterdam Airport Schiphol", "Amsterdam", "AMS", "NL", 52.3086, 4.7639, "Europe/Amsterdam"),
    "JFK": ("John F. Kennedy International Airport", "New York", "NYC", "US", 40.6398, -73.7789, "America/New_York"),
    "EWR": ("Newark Liberty International Airport", "Newark", "NYC", "US", 40.6925, -74.1687, "America/New_York"),
    "PVD": ("T. F. Green Airport", "Providence", "PVD", "US", 41.7326, -71.4204, "America/New_York"),
    "RAI": ("Nelson Mandela International Airport", "Praia", "RAI", "CV", 14.9245, -23.4935, "Atlantic/Cape_Verde"),
    "BTS": ("M. R. Štefánik Airport", "Bratislava", "BTS", "SK", 48.1702, 17.2127, "Europe/Bratislava"),
    "MRU": ("Sir Seewoosagur Ramgoolam Airport", "Plaine Magnien", "MRU", "MU", -20.4302, 57.6836, "Indian/Mauritius"),
}


def airport(code: str) -> Json:
    """An airport as Duffel describes it. One that is not known here is taken to be in Kenya."""
    name, town, city, country, lat, lon, zone = _known(code)
    here: Json = {
        "time_zone": zone, "name": name, "longitude": lon, "latitude": lat, "icao_code": None,
        "iata_country_code": country, "iata_city_code": city,
    }  # fmt: skip
    nowhere = {"time_zone": None, "name": town, "longitude": None, "latitude": None}
    around = {**here, **nowhere, "type": "city", "id": f"cit_{city}_{country}".lower(), "iata_code": city}
    return {
        "type": "airport",
        **here,
        "id": f"arp_{code}_{country}".lower(),
        "iata_code": code,
        "city_name": town,
        "city": {**around, "city_name": None},
        "airports": None,
    }


def _known(code: str) -> tuple[str, str, str, str, float, float, str]:
    return _AIRPORTS.get(code) or (f"{code} Airport", code, code, "KE", 0.0, 37.0, "Africa/Nairobi")


def zone(code: str) -> ZoneInfo:
    """Whose clocks an airport goes by."""
    return ZoneInfo(_known(code)[6])


def km(a: str, b: str) -> int:
    """How far apart two airports are."""
    return round(haversine(*_known(a)[4:6], *_known(b)[4:6]))
