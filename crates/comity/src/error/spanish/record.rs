//! Sentences about the record, the journal's log, and files of a log.

/// By code: what a use case of the record refuses, and what is wrong in a log that is kept.
pub(super) const SENTENCES: &[(&str, &str)] = &[
    ("record-edge", "el borde derecho del árbol está dañado"),
    ("record-missing", "falta una declaración o una línea"),
    ("record-digest", "una declaración o una línea no es lo que se escribió"),
    ("record-place", "una declaración no es la de ese lugar"),
    ("record-chain", "una declaración no sigue a la anterior"),
    ("record-envelope", "una declaración tiene el sobre de otra"),
    ("record-receipt", "una declaración tiene el acuse de recibo de otra"),
    (
        "record-signer",
        "una declaración no está firmada con una clave de su remitente que fuera válida en ese lugar",
    ),
    ("record-settled", "una declaración consta como concluida sin acuse de recibo o sin refrendo"),
    ("record-node", "un nodo del árbol falta o es otro"),
    ("record-signature", "un corte no puede leerse o no lo firmó quien debe firmarlo"),
    ("record-cosignature", "los refrendos de un corte no son válidos"),
    ("record-root", "el árbol tiene otra raíz que el corte que se firmó; conserve ambos"),
    (
        "record-shorter",
        "se firmó un corte mayor que lo que hay aquí: algo se perdió o se repuso de un respaldo",
    ),
    (
        "no-cosignature",
        "ninguno de los archivos tiene un refrendo de la contraparte sobre el registro de este nodo; solicite allí `comity pouch export --since`, con una fecha anterior a la pérdida, e impórtelo antes",
    ),
    (
        "epoch-taken-up",
        "la contraparte ya asumió toda época que abrió esta parte; `comity record recover --to CLAVE` sin `--anew` le pregunta qué tiene",
    ),
    (
        "nothing-cosigned",
        "aún no se ha refrendado nada de lo que se pueda sortear; indique una semilla con --seed",
    ),
    (
        "purpose-required",
        "este nodo no muestra nada sin una finalidad; diga para qué es con `--purpose TEXTO`",
    ),
    ("purpose-too-long", "la finalidad es demasiado larga; dé una más corta"),
    ("purpose-unknown", "no es una finalidad de este nodo; la configuración dice cuáles lo son"),
    (
        "audit-period",
        "el último día es anterior al primero; indique con --from el primer día del periodo",
    ),
    (
        "audit-too-large",
        "el informe es más largo de lo que se puede firmar; tome un periodo más corto, o una contraparte con --partner",
    ),
    (
        "journal-shorter",
        "la bitácora interna tiene menos líneas que las que se firmaron; se repuso desde una copia anterior: reponga la más reciente o continúe desde esta con `comity record recover --to CLAVE`",
    ),
    (
        "journal-forked",
        "la bitácora interna no continúa la que se firmó por última vez; ejecute `comity record check` y conserve una copia; tras una pérdida, `comity record recover --to CLAVE` continúa desde aquí",
    ),
    (
        "journal-unsigned",
        "ningún corte firmado de la bitácora interna abarca aún esa línea; haga uno con `comity journal sign`",
    ),
];

/// By code: what is wrong with the files of a log.
const FILES: &[(&str, &str)] = &[
    ("tile-missing", "falta un archivo de nodos; tráigalo o exporte de nuevo"),
    ("tile-length", "un archivo de nodos no tiene la longitud que debe tener; tráigalo de nuevo"),
    (
        "tile-root",
        "un archivo de nodos no conduce a la raíz del corte; desconfíe de ambos y consérvelos como prueba",
    ),
    (
        "tiles-root",
        "los archivos dan otra raíz que el corte; desconfíe de ambos y consérvelos como prueba",
    ),
    ("tiles-unreadable", "los archivos no pueden leerse; revise los permisos y el disco"),
    ("entries-missing", "faltan las entradas; tráigalas o exporte de nuevo"),
    (
        "entries-root",
        "las entradas no son las del árbol; desconfíe de ellas y consérvelas como prueba",
    ),
    (
        "entry-bundle-shape",
        "un archivo de entradas está cortado o tiene bytes de más; tráigalo de nuevo",
    ),
    ("note-signature-invalid", "una firma del corte no es válida; rechácelo y pida otro"),
    ("verifier-keys-ambiguous", "dos claves de verificación tienen el mismo nombre; indique una"),
    ("note-too-large", "el corte es más largo de lo que puede ser; tráigalo de nuevo"),
    ("note-not-text", "el corte contiene bytes que no son texto; tráigalo de nuevo"),
    (
        "note-shape",
        "el corte no separa con una línea vacía el texto de las firmas; tráigalo de nuevo",
    ),
    ("note-unsigned", "el corte falta o no lleva firma; tráigalo como se firmó"),
    ("note-too-many-signatures", "el corte lleva demasiadas firmas; tráigalo de nuevo"),
    (
        "note-signature-malformed",
        "una línea de firma del corte está mal escrita; tráigalo de nuevo",
    ),
    ("checkpoint-shape", "el corte no dice origen, tamaño y raíz; tráigalo de nuevo"),
    ("checkpoint-origin", "el corte no dice de qué registro es; tráigalo de nuevo"),
    ("checkpoint-size", "el tamaño del corte no es un número que pueda ser; tráigalo de nuevo"),
    ("checkpoint-root", "la raíz del corte no son 32 bytes en base64; tráigalo de nuevo"),
    ("checkpoint-empty-root", "el corte da otra raíz que la de un árbol sin hojas; rechácelo"),
    ("checkpoint-extension", "el corte lleva una línea que no es texto; tráigalo de nuevo"),
];

/// The sentence for what is wrong with the files of a log.
pub(crate) fn sentence_of_files(code: &str) -> Option<&'static str> {
    FILES.iter().find(|(known, _)| *known == code).map(|(_, sentence)| *sentence)
}
