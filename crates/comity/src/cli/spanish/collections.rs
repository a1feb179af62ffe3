//! The help of accounts, tokens and collections.

use super::BY;

const ACCOUNT: &str = "La cuenta";
const COLLECTION: &str = "La colección, por nombre corto o identificador";

/// Every text.
pub(super) const TEXTS: &[(&str, &str)] = &[
    (
        "user",
        "Cuentas de las instancias nacionales y los programas de esta parte, que leen y escriben colecciones",
    ),
    ("user add", "Agregar una cuenta; no ve nada hasta que `comity collection grant` lo permite"),
    ("user add NAME", "Su nombre: letras minúsculas, dígitos, guiones y puntos"),
    (
        "user add --role",
        "Quién la usa: una instancia nacional, o un programa de las áreas de la propia parte",
    ),
    ("user add --unit", "La instancia nacional a la que pertenece (si no, la que tiene su nombre)"),
    (
        "user add --password-stdin",
        "Leer su contraseña de la entrada estándar, un renglón (si no, no tiene ninguna y la abre un token o un certificado)",
    ),
    ("user add --certificate", "El certificado de cliente, PEM, cuya clave la abre"),
    ("user add --per-minute", "Peticiones por minuto, a lo más"),
    ("user add --by", BY),
    ("user list", "Enumerar las cuentas"),
    ("user disable", "Cerrar de inmediato una cuenta y sus tokens"),
    ("user disable NAME", ACCOUNT),
    ("user disable --by", BY),
    ("user enable", "Abrir de nuevo una cuenta cerrada"),
    ("user enable NAME", ACCOUNT),
    ("user enable --by", BY),
    (
        "user limit",
        "Decir cuántas peticiones por minuto puede hacer una cuenta, desde la siguiente",
    ),
    ("user limit NAME", ACCOUNT),
    ("user limit --per-minute", "Peticiones por minuto, a lo más"),
    ("user limit --by", BY),
    ("user password", "Dar a una cuenta otra contraseña; la anterior deja de valer"),
    ("user password NAME", ACCOUNT),
    (
        "user password --password-stdin",
        "Leer la contraseña de la entrada estándar, un renglón (si no, se pide)",
    ),
    ("user password --by", BY),
    ("token", "Tokens, que los programas muestran en lugar de una contraseña"),
    ("token new", "Crear un token para una cuenta e imprimirlo, esta única vez"),
    ("token new ACCOUNT", ACCOUNT),
    (
        "token new --collection",
        "Solo estas colecciones de las que tiene la cuenta, separadas por comas (si no, todas)",
    ),
    ("token new --expires", "Cuánto tiempo es válido, como `90d` o `12h`; un año a lo más"),
    ("token new --note", "Para qué es; no sale de este nodo"),
    ("token new --by", BY),
    (
        "token list",
        "Enumerar los tokens, de una cuenta o de todas; lo que dicen no se muestra de nuevo",
    ),
    ("token list ACCOUNT", ACCOUNT),
    ("token revoke", "Revocar de inmediato un token"),
    ("token revoke N", "Su número"),
    ("token revoke --by", BY),
    (
        "collection",
        "Colecciones: lo que las instancias nacionales y los programas obtienen de este nodo por TAXII",
    ),
    ("collection add", "Agregar una colección e imprimir su identificador"),
    ("collection add ALIAS", "Su nombre corto: letras minúsculas, dígitos y guiones"),
    ("collection add --title", "Cómo se llama"),
    ("collection add --description", "De qué trata"),
    (
        "collection add --writable",
        "Permitir que escriban en ella las cuentas autorizadas para ello",
    ),
    (
        "collection add --query",
        "Qué fichas la forman: términos que deben cumplirse todos, como `type=indicator,malware from=us max-tlp=amber` (si no, \
         todas; en una que admite escritura, lo que se escribe)",
    ),
    ("collection add --by", BY),
    (
        "collection grant",
        "Decir qué puede hacer una cuenta en una colección; sin --read ni --write no puede nada",
    ),
    ("collection grant ALIAS", COLLECTION),
    ("collection grant ACCOUNT", ACCOUNT),
    ("collection grant --read", "Puede leer lo que hay en ella, en cuanto le está permitido verlo"),
    ("collection grant --write", "Puede escribir en ella"),
    ("collection grant --by", BY),
    ("collection list", "Enumerar las colecciones"),
    ("collection show", "Mostrar una colección y las cuentas que la tienen"),
    ("collection show ALIAS", COLLECTION),
    ("collection remove", "Quitar una colección; lo que hay en ella sigue en el acervo"),
    ("collection remove ALIAS", COLLECTION),
    ("collection remove --by", BY),
];
