"""The objects that both authorities hold alike: TLP 2.0 and the definitions of the extensions."""

from .draw import Draw
from .stix import CONSIGNMENT, GRADING, LABORATORY, NEW_TYPES, OVERDOSE, TLP, TLP_EXTENSION

PUBLISHED = "2026-01-05T00:00:00.000Z"
TLP_PUBLISHED = "2022-10-01T00:00:00.000Z"
PROJECT = f"identity--{Draw('shared/identity/project').uuid4()}"

DEFINITIONS = (
    (
        CONSIGNMENT,
        "consignment",
        "Goods declared to a customs authority, from the consignor to the notify party.",
        "Type `consignment`, with all common properties of a STIX domain object. Required: "
        "declaration_number (string), declared_at (timestamp), substance (string), hs_code (string: four digits, "
        "a full stop, two digits). Optional: name, description, declared_description (string, as the declarant "
        "wrote it), cas_number (string, CAS registry number), quantity_kg (float, kilograms), packages (integer), "
        "package_type (string), consignor_ref, consignee_ref, notify_party_ref (identifier of an identity), "
        "port_of_loading_ref, port_of_discharge_ref (identifier of a location), container_numbers (list of "
        "string, ISO 6346), bill_of_lading (string), vessel_name (string), vessel_imo (string, seven digits), "
        "voyage (string), pre_export_notification (dictionary of reference (string) and notified_at "
        "(timestamp)), status (one of announced, declared, arrived, inspected, released, held, not-arrived).",
    ),
    (
        LABORATORY,
        "suspected-laboratory",
        "A place reported as a suspected clandestine laboratory.",
        "Type `suspected-laboratory`, with all common properties of a STIX domain object. Required: location_ref "
        "(identifier of a location), first_reported (timestamp), status (one of reported, corroborated, "
        "put-out-of-use, discarded). Optional: name, description, last_reported (timestamp), process (string), "
        "substances (list of string), reports (integer, how many reports speak of the place).",
    ),
    (
        OVERDOSE,
        "overdose-alert",
        "A count of overdoses in an area and a period, beside what was expected.",
        "Type `overdose-alert`, with all common properties of a STIX domain object. Required: area_ref "
        "(identifier of a location), period_start, period_end (timestamp; the end is not part of the period), "
        "count (integer). Optional: name, description, expected (float), substances (list of string), fatal "
        "(integer, how many of the count died).",
    ),
    (
        GRADING,
        "grading",
        "The Admiralty grade of the source and of the information of any object.",
        "Properties of the extension: source_reliability (string, one letter A to F) and "
        "information_credibility (string, one digit 1 to 6). Both required.",
    ),
)


def shared_objects():
    """The project's identity, the five TLP 2.0 markings and the four extension definitions."""
    project = {
        "type": "identity",
        "spec_version": "2.1",
        "id": PROJECT,
        "created": PUBLISHED,
        "modified": PUBLISHED,
        "name": "The Comity authors",
        "identity_class": "organization",
        "object_marking_refs": [TLP["clear"]],
    }
    return [project, *(marking(label) for label in TLP), *(definition(*row) for row in DEFINITIONS)]


def marking(label):
    """The published object of one TLP 2.0 label."""
    return {
        "type": "marking-definition",
        "spec_version": "2.1",
        "id": TLP[label],
        "created": TLP_PUBLISHED,
        "name": f"TLP:{label.upper()}",
        "extensions": {TLP_EXTENSION: {"extension_type": "property-extension", "tlp_2_0": label}},
    }


def definition(identifier, name, description, schema):
    """The extension definition of a domain type, or of the grading extension."""
    return {
        "type": "extension-definition",
        "spec_version": "2.1",
        "id": identifier,
        "created_by_ref": PROJECT,
        "created": PUBLISHED,
        "modified": PUBLISHED,
        "name": name,
        "description": description,
        "schema": schema,
        "version": "1.0.0",
        "extension_types": ["new-sdo" if name in NEW_TYPES else "property-extension"],
        "object_marking_refs": [TLP["clear"]],
    }
