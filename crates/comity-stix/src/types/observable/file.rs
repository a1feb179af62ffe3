//! File (section 6.7).

mod archive;
mod ntfs;
mod pdf;
mod raster_image;
mod windows_pe;

use crate::types::make::{COUNT, both, extension, may, must, observable, to, to_class};
use crate::types::model::{Choice, Class, Kind, Shape, Type};

pub(super) const TYPE: Type = Type {
    contributing: &["hashes", "name", "extensions", "parent_directory_ref"],
    extensions: &[
        extension(
            &archive::SHAPE,
            "what there is to say about an archive",
            "lo que hay que decir de un archivo comprimido o de paquete",
        ),
        extension(
            &ntfs::SHAPE,
            "what the NTFS file system knows about the file",
            "lo que el sistema de archivos NTFS sabe del archivo",
        ),
        extension(
            &pdf::SHAPE,
            "what there is to say about a PDF document",
            "lo que hay que decir de un documento PDF",
        ),
        extension(
            &raster_image::SHAPE,
            "what there is to say about an image made of pixels",
            "lo que hay que decir de una imagen de píxeles",
        ),
        extension(
            &windows_pe::SHAPE,
            "the headers and sections of a Windows executable",
            "los encabezados y secciones de un ejecutable de Windows",
        ),
    ],
    ..observable(
        Shape {
            name: "file",
            section: "6.7.1",
            properties: &[
                may(
                    "hashes",
                    Kind::Hashes,
                    "hashes of the whole file",
                    "resúmenes criptográficos del archivo completo",
                ),
                may("size", COUNT, "its size in bytes", "su tamaño en bytes"),
                may("name", Kind::Text, "its name, without the path", "su nombre, sin la ruta"),
                may(
                    "name_enc",
                    Kind::Charset,
                    "the character set the name was written in",
                    "el juego de caracteres en que estaba escrito el nombre",
                ),
                may(
                    "magic_number_hex",
                    Kind::Hex,
                    "the bytes by which its format is known",
                    "los bytes por los que se reconoce su formato",
                ),
                may("mime_type", Kind::MediaType, "its media type", "su tipo de medio"),
                may("ctime", Kind::Timestamp, "when it was created", "cuándo se creó"),
                may(
                    "mtime",
                    Kind::Timestamp,
                    "when it was last written to",
                    "cuándo se escribió en él por última vez",
                ),
                may(
                    "atime",
                    Kind::Timestamp,
                    "when it was last accessed",
                    "cuándo se accedió a él por última vez",
                ),
                may(
                    "parent_directory_ref",
                    to(&["directory"]),
                    "the directory it lies in",
                    "el directorio en que se encuentra",
                ),
                may(
                    "contains_refs",
                    Kind::List(&to_class(&[Class::Observable])),
                    "other observables found in it, such as addresses",
                    "otros observables que se hallaron en él, como direcciones",
                ),
                may(
                    "content_ref",
                    to(&["artifact"]),
                    "its content, as an artifact",
                    "su contenido, como artefacto",
                ),
            ],
            rules: &[
                must("6.7", Choice::SomeOf(&[&["hashes"], &["name"]])),
                must("3.1", Choice::Needs("name_enc", &["name"])),
            ],
        },
        "6.7",
        both("a file, by its hashes or its name", "un archivo, por sus resúmenes o su nombre"),
    )
};
