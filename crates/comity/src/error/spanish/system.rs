//! What the system says of files and sockets, in Spanish.

use std::io::{self, ErrorKind};

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
