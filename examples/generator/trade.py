"""Ports, firms and consignments, which both authorities keep in the same way."""

from .draw import Draw
from .numbers import container
from .stix import moment
from .tables import CONTAINER_OWNERS, SHIPS, SUBSTANCES

MARKINGS = ("amber", "amber", "green", "amber", "amber+strict", "amber", "green", "amber", "amber", "green")
STATUSES = ("declared", "arrived", "arrived", "inspected", "released", "held", "announced")


def port(holdings, row):
    """Adds a port and gives its id."""
    title = {"en": "Port of", "es": "Puerto de"}[holdings.lang]
    specific = {"name": f"{title} {row.name}"}
    if row.place:
        specific |= {"latitude": row.place[0], "longitude": row.place[1], "precision": 5000.0}
    specific |= {"country": row.country, "administrative_area": row.subdivision, "city": row.name}
    references = [{"source_name": "UN/LOCODE", "external_id": row.locode}]
    return holdings.add("location", row.locode, 0, tlp="green", grade="A1", references=references, **specific)


def firm(holdings, name, sectors):
    """Adds a firm and gives its id."""
    specific = {"name": name, "identity_class": "organization", "sectors": list(sectors)}
    return holdings.add("identity", name, 1, tlp="amber", **specific)


def consignment(holdings, number, *, exporters, importers, notified, loading, discharge, **given):
    """Adds a consignment: drawn, but for what is given. Gives its id.

    `exporters`, `importers`, `notified`, `loading` and `discharge` are lists of ids to choose from.
    """
    draw = Draw(f"{holdings.handle}/consignment/{number}")
    day = given.pop("day", None)
    day = draw.between(4, 130) if day is None else day
    substance = given.pop("substance", None) or draw.pick(SUBSTANCES)
    quantity = given.pop("quantity_kg", None) or float(draw.between(substance.low, substance.high))
    ship, ship_number = draw.pick(SHIPS)
    prefix = {"us": "US-EXM", "mx": "26 16"}[holdings.handle]
    declaration = f"{prefix} {draw.between(3000, 3999)} {draw.between(6000000, 6999999)}"
    text = {
        "en": f"{substance.en}, {quantity:,.0f} kg, declaration {declaration}",
        "es": f"{substance.es}, {quantity:,.0f} kg, pedimento {declaration}",
    }[holdings.lang]
    boxes = max(1, round(quantity / 22000))
    specific = {
        "name": text,
        "declaration_number": declaration,
        "declared_at": moment(day, draw),
        "substance": substance.en if holdings.lang == "en" else substance.es,
        "declared_description": draw.pick(substance.written),
        "cas_number": substance.cas,
        "hs_code": substance.hs,
        "quantity_kg": quantity,
        "packages": max(1, round(quantity / 200)),
        "package_type": "drum" if quantity > 3000 else "bag",
        "consignor_ref": draw.pick(exporters),
        "consignee_ref": draw.pick(importers),
        "notify_party_ref": draw.pick(notified),
        "port_of_loading_ref": draw.pick(loading),
        "port_of_discharge_ref": draw.pick(discharge),
        "container_numbers": [container(draw, draw.pick(CONTAINER_OWNERS)) for _ in range(boxes)],
        "bill_of_lading": f"EXM{draw.between(10000000, 99999999)}",
        "vessel_name": ship,
        "vessel_imo": ship_number,
        "voyage": f"{draw.between(10, 99)}{draw.pick('EW')}",
    }
    if draw.below(3):
        reference = f"PEN-{draw.between(10000, 99999)}"
        specific["pre_export_notification"] = {
            "reference": reference,
            "notified_at": moment(day - draw.between(2, 20), draw),
        }
    specific["status"] = draw.pick(STATUSES)
    specific |= given
    tlp = specific.pop("tlp", MARKINGS[number % len(MARKINGS)])
    return holdings.add("consignment", number, day + 1, tlp=tlp, **specific)
