//! What is refused of accounts, tokens and collections, in Spanish.

/// From particulars.
pub(super) const PARTICULARS: &[(&str, &str)] = &[
    (
        "collection-query",
        "`{valueless}` no tiene valor; escriba `all` o términos como `type=indicator,malware from=us`",
    ),
    (
        "collection-query",
        "`{unknown}` no es un término; hay `type`, `label`, `from`, `agreement`, `unit`, `max-tlp` y `min-grade`",
    ),
    (
        "collection-query",
        "`{repeated}` aparece dos veces; escriba sus valores en un solo término, separados por comas",
    ),
    ("collection-query", "`{term}` no admite `{value}`"),
    ("envelope-empty", "no contiene objetos; escríbalos en `{name}`"),
    ("envelope-form", "no es un sobre; escriba un objeto JSON con una lista en `{name}`"),
    ("envelope-too-many", "contiene más de {most} objetos; repártalos en varios"),
];

/// By code: what happened and, where it can be said in general, what to do.
pub(super) const SENTENCES: &[(&str, &str)] = &[
    (
        "account-names-partner",
        "el nombre es la clave de una contraparte, y ninguna cuenta es de otra parte; elija otro",
    ),
    (
        "account-name",
        "escriba de 1 a 64 letras minúsculas, dígitos, guiones y puntos, primero una letra o un dígito",
    ),
    (
        "account-has-handle",
        "una cuenta abierta se llama como la contraparte, y ninguna cuenta es de otra parte; dé a la contraparte otra clave con `comity party import ARCHIVO --handle CLAVE`, o cierre la cuenta con `comity user disable`",
    ),
    (
        "account-has-link-key",
        "una cuenta abre con la clave con que entrega la contraparte, y ninguna cuenta es de otra parte; ciérrela con `comity user disable` e intente de nuevo",
    ),
    (
        "certificate-of-partner",
        "el certificado lleva la clave con que entrega una contraparte, y ninguna cuenta es de otra parte; use otro",
    ),
    (
        "certificate-missing",
        "no hay ningún certificado; escriba PEM que comience con `-----BEGIN CERTIFICATE-----`",
    ),
    (
        "certificate-key-missing",
        "no hay ninguna clave privada; escriba PEM en PKCS#8, PKCS#1 o SEC1, sin frase de contraseña",
    ),
    ("certificate-key-pair", "el certificado y su clave no pueden usarse; créelos de nuevo"),
    ("collection-alias", "escriba de 1 a 64 letras minúsculas, dígitos y guiones"),
    (
        "collection-query",
        "la consulta no puede leerse; escriba `all` o términos como `type=indicator,malware from=us max-tlp=amber`",
    ),
    (
        "not-writable",
        "la colección no admite nada de los clientes; cree una con `comity collection add NOMBRE --writable`",
    ),
    ("number-range", "el número está fuera de sus límites"),
    (
        "password-form",
        "la contraseña es demasiado corta o larga, o lleva caracteres de control; escriba otra",
    ),
    ("token-lasts", "un token es válido un año a lo más; escriba por ejemplo `90d`"),
];
