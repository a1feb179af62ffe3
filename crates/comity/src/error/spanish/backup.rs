//! What is wrong with a backup, in Spanish.

use comity_store::backup::BackupError;

/// What is refused after a loss, by code: what happened and what to do.
pub(super) const SENTENCES: &[(&str, &str)] = &[
    (
        "partner-ahead",
        "la contraparte tiene declaraciones que este nodo no recuerda; no se sella nada hasta que `comity record recover --to CLAVE` abra \
         una nueva época, o se restituya la base de datos más reciente",
    ),
    (
        "record-unchecked",
        "este nodo se restituyó desde un respaldo y aún no pregunta a la contraparte qué tiene; ejecute `comity serve` hasta \
         que la alcance, o abra una nueva época con `comity record recover --to CLAVE`",
    ),
    (
        "record-rolled-back",
        "la base de datos es anterior a lo que este nodo ya firmó para la contraparte; no se sella nada hasta que `comity \
         record recover --to CLAVE` abra una nueva época, o se restituya la base de datos más reciente",
    ),
];

/// The sentence.
pub(super) fn of(error: &BackupError) -> String {
    match error {
        BackupError::Exists(path) => {
            format!("`{}` ya existe; muévalo o indique otra carpeta", path.display())
        }
        BackupError::InABackup(path) => format!(
            "`{}` es un respaldo; indique una carpeta que no esté dentro de uno, para que se conserve como se escribió",
            path.display()
        ),
        BackupError::NotThere(path) => {
            format!(
                "`{}` no existe; indique la carpeta que escribió `comity backup`",
                path.display()
            )
        }
        BackupError::NotABackup(path) => format!(
            "`{}` no es la lista de archivos de un respaldo; indique la carpeta que escribió `comity backup`",
            path.display()
        ),
        BackupError::Gone(name) => format!("al respaldo le falta `{name}`; haga otro respaldo"),
        BackupError::Differs(name) => {
            format!("`{name}` no está en el respaldo como se escribió; haga otro respaldo")
        }
        BackupError::NotListed(name) => format!(
            "el respaldo contiene `{name}`, que su lista no nombra; quítelo o haga otro respaldo"
        ),
        BackupError::Missing(path) => {
            format!("`{}` no está y pertenece al respaldo; ejecute `comity doctor`", path.display())
        }
        BackupError::Source(path) => format!(
            "`{}` está dañado y no se escribe ningún respaldo; ejecute `comity doctor`",
            path.display()
        ),
        BackupError::Strange(path) => {
            format!("`{}` no es un archivo que quepa en un respaldo; quítelo", path.display())
        }
        BackupError::NotEmpty(path) => format!(
            "`{}` está ahí; restituya en una carpeta vacía, en la que solo pueden estar las constancias de eliminación y los \
             últimos cortes firmados",
            path.display()
        ),
        BackupError::Store(error) => error.to_string(),
        BackupError::Io { path, error } => format!(
            "no se puede leer o escribir `{}`; revise la carpeta, sus permisos y el disco; detalle: {}",
            path.display(),
            super::system(error)
        ),
    }
}
