//! Files on NTFS (section 6.7.3).

use crate::types::make::{COUNT, may, must, needed};
use crate::types::model::{Choice, Kind, Shape};

const ALTERNATE_DATA_STREAM: Shape = Shape {
    name: "alternate-data-stream-type",
    section: "6.7.3",
    properties: &[
        needed("name", Kind::Text, "what the stream is called", "cómo se llama el flujo"),
        may(
            "hashes",
            Kind::Hashes,
            "hashes of the data in it",
            "resúmenes criptográficos de los datos que contiene",
        ),
        may("size", COUNT, "its size in bytes", "su tamaño en bytes"),
    ],
    rules: &[],
};

pub(super) const SHAPE: Shape = Shape {
    name: "ntfs-ext",
    section: "6.7.3",
    properties: &[
        may(
            "sid",
            Kind::Text,
            "the security identifier of the file",
            "el identificador de seguridad del archivo",
        ),
        may(
            "alternate_data_streams",
            Kind::List(&Kind::Object(&ALTERNATE_DATA_STREAM)),
            "the further streams of data that the file has",
            "los demás flujos de datos que tiene el archivo",
        ),
    ],
    rules: &[must("6.7.3", Choice::SomeBut(&[]))],
};
