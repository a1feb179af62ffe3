//! The fixed marking definitions, copied from the sources that [`Family`] names.

use super::{Definition, Family};

const fn tlp1(id: &'static str, level: &'static str, name: &'static str) -> Definition {
    Definition { id, created: "2017-01-20T00:00:00.000Z", name, family: Family::Tlp1, level }
}

const fn tlp2(id: &'static str, level: &'static str, name: &'static str) -> Definition {
    Definition { id, created: "2022-10-01T00:00:00.000Z", name, family: Family::Tlp2, level }
}

const fn pap(
    id: &'static str,
    created: &'static str,
    level: &'static str,
    name: &'static str,
) -> Definition {
    Definition { id, created, name, family: Family::Pap, level }
}

pub(super) const DEFINITIONS: [Definition; 14] = [
    tlp1("marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9", "white", "TLP:WHITE"),
    tlp1("marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da", "green", "TLP:GREEN"),
    tlp1("marking-definition--f88d31f6-486f-44da-b317-01333bde0b82", "amber", "TLP:AMBER"),
    tlp1("marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed", "red", "TLP:RED"),
    tlp2("marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487", "clear", "TLP:CLEAR"),
    tlp2("marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb", "green", "TLP:GREEN"),
    tlp2("marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421", "amber", "TLP:AMBER"),
    tlp2(
        "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003",
        "amber+strict",
        "TLP:AMBER+STRICT",
    ),
    tlp2("marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1", "red", "TLP:RED"),
    pap(
        "marking-definition--ad15a0cd-55b6-4588-a14c-a66105329b92",
        "2022-10-01T00:00:00.000Z",
        "clear",
        "PAP:CLEAR",
    ),
    pap(
        "marking-definition--a3bea94c-b469-41dc-9cfe-d6e7daba7730",
        "2022-10-01T00:00:00.000Z",
        "white",
        "PAP:WHITE",
    ),
    pap(
        "marking-definition--c43594d1-4b11-4c59-93ab-1c9b14d53ce9",
        "2022-10-09T00:00:00.000Z",
        "green",
        "PAP:GREEN",
    ),
    pap(
        "marking-definition--60f8932b-e51e-4458-b265-a2e8be9a80ab",
        "2022-10-02T00:00:00.000Z",
        "amber",
        "PAP:AMBER",
    ),
    pap(
        "marking-definition--740d36e5-7714-4c30-961a-3ae632ceee0e",
        "2022-10-06T00:00:00.000Z",
        "red",
        "PAP:RED",
    ),
];
