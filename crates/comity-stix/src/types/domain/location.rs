//! Location (section 4.10).

use crate::types::common;
use crate::types::make::{NUMBER, both, domain, may, must, should};
use crate::types::model::{Choice, Kind, Property, Shape, Type};
use crate::types::vocabulary::REGION;

const PROPERTIES: &[Property] = &[
    may("name", Kind::Text, common::NAME.en, common::NAME.es),
    common::description(),
    may(
        "latitude",
        Kind::Float(-90.0, 90.0),
        "degrees north of the equator, south of it below zero",
        "grados al norte del ecuador; al sur, bajo cero",
    ),
    may(
        "longitude",
        Kind::Float(-180.0, 180.0),
        "degrees east of Greenwich, west of it below zero",
        "grados al este de Greenwich; al oeste, bajo cero",
    ),
    may(
        "precision",
        NUMBER,
        "how far from that point it may be, in metres",
        "a cuánto de ese punto puede estar, en metros",
    ),
    may("region", Kind::Open(&REGION), "the region of the world", "la región del mundo"),
    may("country", Kind::Country, "the country", "el país"),
    may(
        "administrative_area",
        Kind::Subdivision,
        "the state, the province or the like within the country",
        "el estado, la provincia o la demarcación dentro del país",
    ),
    may("city", Kind::Text, "the city or town", "la ciudad o localidad"),
    may("street_address", Kind::Text, "street and number", "calle y número"),
    may("postal_code", Kind::Text, "the postal code", "el código postal"),
];

pub(super) const TYPE: Type = domain(
    Shape {
        name: "location",
        section: "4.10.1",
        properties: PROPERTIES,
        rules: &[
            must("4.10", Choice::SomeOf(&[&["region"], &["country"], &["latitude", "longitude"]])),
            must("4.10.1", Choice::Needs("latitude", &["longitude"])),
            must("4.10.1", Choice::Needs("longitude", &["latitude"])),
            must("4.10.1", Choice::Needs("precision", &["latitude", "longitude"])),
            should("4.10", Choice::Needs("latitude", &["precision"])),
        ],
    },
    "4.10",
    both(
        "a place on the map: a region, a country, an address or a point",
        "un lugar en el mapa: una región, un país, un domicilio o un punto",
    ),
);
