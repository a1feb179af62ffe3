//! Images made of pixels (section 6.7.5).

use crate::types::make::{WHOLE, may, must};
use crate::types::model::{Choice, Kind, Shape};

pub(super) const SHAPE: Shape = Shape {
    name: "raster-image-ext",
    section: "6.7.5",
    properties: &[
        may("image_height", WHOLE, "its height in pixels", "su altura en píxeles"),
        may("image_width", WHOLE, "its width in pixels", "su anchura en píxeles"),
        may(
            "bits_per_pixel",
            WHOLE,
            "how many bits the colour of a pixel takes",
            "cuántos bits ocupa el color de un píxel",
        ),
        may(
            "exif_tags",
            Kind::Names(&Kind::Either(&[WHOLE, Kind::Text])),
            "its EXIF tags, which may tell place, time and camera",
            "sus etiquetas EXIF, que pueden revelar lugar, hora y cámara",
        ),
    ],
    rules: &[must("6.7.5", Choice::SomeBut(&[]))],
};
