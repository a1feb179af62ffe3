//! What verifies and what writes evidence.

const WITHOUT_AGREEMENT: &str = "No incluir el texto del acuerdo; quien compruebe lo indica con --agreement, o la cláusula queda sin comprobar";
const PARTIAL: &str =
    "Escribir lo que haya aunque no hayan llegado el acuse de recibo o un refrendo";
const FORCE: &str = "Escribir sobre un archivo que ya existe";
const BY: &str = "Quién lo escribe, para la bitácora interna (si no, el nombre de la sesión)";

const CONTENT: &str =
    "La carpeta que se escribe; no debe existir. Quien la lea conoce el contenido";

/// Its texts.
pub(super) const TEXTS: &[(&str, &str)] = &[
    (
        "release evidence",
        "Escribir la evidencia de una entrega: un archivo que cualquiera comprueba sin nodo y sin red",
    ),
    (
        "release evidence ID",
        "Una entrega de esta parte por folio o identificador, o una recibida por folio o resumen",
    ),
    ("release evidence --out", "El archivo que se escribe"),
    ("release evidence --without-agreement", WITHOUT_AGREEMENT),
    ("release evidence --partial", PARTIAL),
    ("release evidence --force", FORCE),
    ("release evidence --by", BY),
    (
        "release payload",
        "Escribir en una carpeta las partes de lo enviado, para quien compruebe junto a ellas la evidencia con `verify --with`",
    ),
    (
        "release payload ID",
        "Una entrega de esta parte por folio o identificador, o cualquier declaración suya por folio o resumen",
    ),
    ("release payload --out", CONTENT),
    ("release payload --by", BY),
    (
        "pouch payload",
        "Abrir una valija y escribir sus partes en una carpeta, para quien compruebe junto a ellas la evidencia con `verify --with`",
    ),
    ("pouch payload FILE", "La valija; se selló para este nodo"),
    ("pouch payload --out", CONTENT),
    ("pouch payload --by", BY),
    (
        "inbox contradictions",
        "Enumerar lo que una contraparte firmó dos veces aunque sólo una puede ser, o escribirlo en un archivo",
    ),
    ("inbox contradictions NAME", "Cuál se escribe, con el nombre que da la lista"),
    (
        "inbox contradictions --out",
        "El archivo que se escribe; `comity verify` dice si prueba la responsabilidad de quien firmó",
    ),
    ("inbox contradictions --force", FORCE),
    ("inbox contradictions --by", BY),
    ("verify", "Decir qué prueban unos archivos de evidencia; no necesita ningún nodo"),
    (
        "verify FILE",
        "Los archivos de evidencia; termina con 1 si algo no se sostiene o falta, o si una raíz no se fijó",
    ),
    (
        "verify --root",
        "La raíz de una parte, como usted la conoce con certeza, con un nombre suyo: us=sha256:...; puede repetirse",
    ),
    (
        "verify --with",
        "Partes de la declaración que también se comprueban: archivos con el nombre que tienen en ella (manifest.jsonl, objects.jsonl), o una carpeta con ellos",
    ),
    (
        "verify --agreement",
        "El acuerdo que ambas firmaron, si la evidencia se escribió sin él; se rechaza otro que el del archivo",
    ),
    (
        "verify --descriptor",
        "Un descriptor que no está en el archivo, como lo escribe `party export`, por ejemplo uno posterior que revoca una clave; puede repetirse",
    ),
    ("verify --show", "Imprimir el documento que el archivo contiene y no comprobar nada"),
];
