//! Directory (section 6.3).

use crate::types::make::{both, may, needed, observable, to};
use crate::types::model::{Kind, Shape, Type};

pub(super) const TYPE: Type = Type {
    contributing: &["path"],
    ..observable(
        Shape {
            name: "directory",
            section: "6.3.1",
            properties: &[
                needed(
                    "path",
                    Kind::Text,
                    "its path, as it was seen",
                    "su ruta, tal como se observó",
                ),
                may(
                    "path_enc",
                    Kind::Charset,
                    "the character set the path was written in",
                    "el juego de caracteres en que estaba escrita la ruta",
                ),
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
                    "contains_refs",
                    Kind::List(&to(&["file", "directory"])),
                    "the files and directories in it",
                    "los archivos y directorios que contiene",
                ),
            ],
            rules: &[],
        },
        "6.3",
        both("a directory of a file system", "un directorio de un sistema de archivos"),
    )
};
