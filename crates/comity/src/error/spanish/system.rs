//! What the system says of files and sockets, in Spanish.

use std::io::{self, ErrorKind};

use comity_exchange::ports::{BlobError, CourierError, StoreError};
use comity_pouch::keyfile::KeyFileError;

/// What the system said; in its own words, which are English, where it is nothing common.
pub(crate) fn system(error: &io::Error) -> String {
    sentence(error.kind()).map_or_else(|| error.to_string(), ToOwned::to_owned)
}

fn sentence(kind: ErrorKind) -> Option<&'static str> {
    KINDS.iter().find(|(known, _)| *known == kind).map(|(_, sentence)| *sentence)
}

/// The kinds that people meet.
const KINDS: &[(ErrorKind, &str)] = &[
    (ErrorKind::NotFound, "no existe"),
    (ErrorKind::PermissionDenied, "permiso denegado"),
    (ErrorKind::AlreadyExists, "ya existe"),
    (ErrorKind::IsADirectory, "es una carpeta"),
    (ErrorKind::NotADirectory, "parte de la ruta no es una carpeta"),
    (ErrorKind::DirectoryNotEmpty, "la carpeta no está vacía"),
    (ErrorKind::ReadOnlyFilesystem, "el disco es de solo lectura"),
    (ErrorKind::StorageFull, "no queda espacio en el disco"),
    (ErrorKind::QuotaExceeded, "se agotó la cuota del disco"),
    (ErrorKind::FileTooLarge, "el archivo es demasiado grande"),
    (ErrorKind::ResourceBusy, "está en uso"),
    (ErrorKind::ExecutableFileBusy, "está en uso"),
    (ErrorKind::InvalidFilename, "el nombre no es válido o es demasiado largo"),
    (ErrorKind::InvalidData, "el contenido no es texto UTF-8 o está dañado"),
    (ErrorKind::UnexpectedEof, "el contenido termina antes de tiempo"),
    (ErrorKind::Interrupted, "se interrumpió"),
    (ErrorKind::TimedOut, "se agotó el tiempo"),
    (ErrorKind::OutOfMemory, "no hay memoria suficiente"),
    (ErrorKind::BrokenPipe, "nadie lee ya la salida"),
    (ErrorKind::AddrInUse, "la dirección está en uso"),
    (ErrorKind::AddrNotAvailable, "la dirección no es de este equipo"),
    (ErrorKind::ConnectionRefused, "se rechazó la conexión"),
    (ErrorKind::ConnectionReset, "se cortó la conexión"),
    (ErrorKind::HostUnreachable, "no se alcanza el equipo"),
    (ErrorKind::NetworkUnreachable, "no se alcanza la red"),
];

/// What the store says. `None` where its code says everything.
pub(super) fn store(error: &StoreError) -> Option<String> {
    Some(match error {
        StoreError::Schema { found, expected, .. } => format!(
            "la base de datos tiene el esquema {found} y esta versión lee el {expected}; use la versión del programa que le \
             corresponde, o actualice el nodo"
        ),
        _ => return None,
    })
}

/// What the files of the node say. `None` where the code says everything.
pub(super) fn blob(error: &BlobError) -> Option<String> {
    Some(match error {
        BlobError::Offset { given, have } => format!(
            "el tramo comienza en el byte {given} y la valija está en disco hasta el byte {have}; continúe desde ahí"
        ),
        BlobError::Missing(digest) => {
            format!("en la carpeta de datos falta el archivo `{digest}`; restáurelo de un respaldo")
        }
        BlobError::Io(error) => {
            let said = sentence(error.kind())?;
            format!(
                "falló el disco: {said}; revise el espacio y los permisos de la carpeta de datos"
            )
        }
        BlobError::Digest => return None,
    })
}

/// What the courier says. `None` where the code says everything.
pub(super) fn courier(error: &CourierError) -> Option<String> {
    let CourierError::Refused(code) = error else { return None };
    let why = super::sentence(code)?;
    Some(format!("el nodo de la contraparte no aceptó la valija: {why} (`{code}`)"))
}

/// What a key file says: of which file, where it says so.
pub(super) fn key_file(error: &KeyFileError) -> Option<String> {
    Some(match error {
        KeyFileError::Exists(path) => format!(
            "`{}` ya existe y las claves nunca se sobrescriben; muévalo antes a otro lugar",
            path.display()
        ),
        KeyFileError::NotFound(path) => format!(
            "no existe `{}`; ejecute `comity init` o indique la carpeta de datos correcta",
            path.display()
        ),
        KeyFileError::WrongPassphrase(path) => {
            format!("la frase de contraseña no abre `{}`; escríbala de nuevo", path.display())
        }
        KeyFileError::PassphraseNeeded(path) => format!(
            "`{}` está protegido con una frase de contraseña; proporciónela",
            path.display()
        ),
        KeyFileError::Unprotected(path) => format!(
            "`{}` no tiene frase de contraseña, lo que solo se permite en nodos de ejercicio; genere claves nuevas",
            path.display()
        ),
        KeyFileError::Exposed(path) => format!(
            "otros pueden leer `{}`; genere claves nuevas, pues pueden ser conocidas",
            path.display()
        ),
        KeyFileError::Malformed { path, .. } => {
            format!("`{}` está dañado; restáurelo del respaldo", path.display())
        }
        KeyFileError::Use { path, .. } => {
            format!(
                "`{}` contiene una clave de otro uso; indique el archivo correcto",
                path.display()
            )
        }
        KeyFileError::Io { path, error } => format!(
            "no se puede leer o escribir `{}`; revise el disco y los permisos de la carpeta; detalle: {}",
            path.display(),
            system(error)
        ),
        KeyFileError::WorkFactor | KeyFileError::Keys(_) => return None,
    })
}
