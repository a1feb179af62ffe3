//! What is wrong with an agreement's text, in Spanish.

use comity_model::told::Told;
use comity_policy::{AgreementError, ErrorCode};

/// Why a line of an agreement is refused.
pub(crate) fn agreement_error(code: ErrorCode, told: &Told) -> String {
    written(code.as_str(), told)
}

/// Everything that is wrong with the text of an agreement, a line each.
pub(super) fn lines(place: &str, errors: &[AgreementError]) -> String {
    let lines: Vec<String> = errors
        .iter()
        .map(|it| {
            let field = if it.field.is_empty() { "" } else { ": " };
            format!(
                "línea {}{field}{}: {}",
                it.line,
                it.field,
                agreement_error(it.code, &it.message)
            )
        })
        .collect();
    format!("`{place}`: el texto del acuerdo no es válido; corrija\n{}", lines.join("\n"))
}

/// The sentence of a name of its own or of a code: the first whose particulars are all known.
fn written(code: &str, told: &Told) -> String {
    let mut keys = told.name().into_iter().chain([code]);
    let said = keys.find_map(|key| {
        let mut known = ERRORS.iter().filter(|(known, _)| *known == key);
        known.find_map(|(_, text)| told.fill(text))
    });
    said.unwrap_or_else(|| format!("no cumple la regla `{code}` del lenguaje de acuerdos"))
}

/// By the name of a sentence or by its code; particulars stand as `{name}`.
pub(super) const ERRORS: &[(&str, &str)] = &[
    ("syntax", "el renglón no es TOML; revise comillas, corchetes, comas y signos `=`"),
    ("too-large", "el texto, una lista o un valor excede lo que admite el lenguaje; acórtelo"),
    ("text-too-long", "el texto mide más de {most} bytes; acórtelo"),
    ("sentence-too-long", "el texto tiene más de {most} caracteres; acórtelo"),
    ("list-too-long", "la lista tiene más de {most} elementos; acórtela"),
    (
        "condition-too-long",
        "la condición de la prohibición absoluta {line} es demasiado larga; divídala en varias",
    ),
    ("hidden-character", "hay un carácter que no se ve, {point}; quítelo"),
    ("unknown-field", "el lenguaje no tiene aquí el campo `{name}`; use uno de {known}"),
    ("missing-field", "falta `{name}`; agréguelo"),
    ("wrong-type", "el campo lleva otro tipo de valor; corríjalo"),
    ("wants-text", "aquí va un texto entre comillas"),
    ("wants-number", "aquí va un número entero"),
    ("wants-truth", "aquí va `true` o `false`"),
    ("wants-date", "aquí va una fecha sin comillas, como 2026-02-01"),
    ("wants-list", "aquí va una lista entre corchetes"),
    ("wants-table", "aquí va una tabla, entre llaves o con su propio encabezado"),
    ("empty-text", "el texto está vacío; escriba algo"),
    ("duplicate-value", "esto está dos veces en la lista; quite uno"),
    ("empty-list", "la lista está vacía; nombre al menos un elemento"),
    (
        "labels-empty",
        "no se nombra ninguna etiqueta; escriba `any`, `none` o ambos, u omita `labels`",
    ),
    (
        "unknown-language",
        "`{value}` no es un lenguaje que lea esta versión; escriba `comity-agreement/1`",
    ),
    (
        "purpose-operations",
        "`{value}` no puede escribirse: la información no se da para operaciones de ambas partes; una operación conjunta puede \
         proponerse y responderse en el registro",
    ),
    (
        "bad-binds",
        "`{value}` no es un momento desde el que rige; escriba `activation` o `signatures`",
    ),
    (
        "operations-unrepresentable",
        "`{value}` no puede escribirse: el alcance es `intelligence`, `technical-support` o ambos; una operación conjunta \
         puede proponerse y responderse en el registro",
    ),
    (
        "unknown-scope",
        "`{value}` no es un alcance; el alcance es `intelligence`, `technical-support` o ambos",
    ),
    ("bad-id", "`{value}` no es el identificador de un acuerdo; escriba `agreement--` y un UUID"),
    ("out-of-range", "`{number}` está fuera del intervalo; escriba de {least} a {most}"),
    (
        "no-such-day",
        "`{value}` no existe en el calendario; escriba una fecha que exista, como 2026-02-01",
    ),
    (
        "contradictory-labels",
        "la etiqueta `{label}` se exige y se excluye a la vez; retírela de una de las dos listas",
    ),
    ("bad-date", "`{value}` no es un día completo; escriba una fecha como 2026-02-01"),
    ("period-reversed", "`{until}` es anterior al comienzo del acuerdo; escriba un día posterior"),
    (
        "not-two-parties",
        "un acuerdo es entre dos partes y este tiene {parties}; escriba un acuerdo para cada par",
    ),
    ("same-root", "ambas partes tienen esta raíz; dé a cada una la suya"),
    (
        "bad-handle",
        "`{value}` no es la clave de una parte; escriba letras minúsculas, dígitos y guiones",
    ),
    (
        "bad-root",
        "`{value}` no es la raíz de una parte; escriba `sha256:` y 64 dígitos hexadecimales",
    ),
    ("unknown-party", "`{party}` no es parte de este acuerdo; use una de {known}"),
    ("bad-handle", "no es la clave de una parte; escriba letras minúsculas, dígitos y guiones"),
    ("same-party", "`{party}` se entrega a sí misma; nombre a la otra parte"),
    ("no-clause", "no hay ninguna cláusula; agregue al menos una `[[clause]]`"),
    ("duplicate-clause", "`{id}` ya nombra otra cláusula; elija otro identificador"),
    ("unknown-clause", "no existe la cláusula `{clause}`; escriba el identificador de una"),
    (
        "bad-clause-id",
        "`{value}` no es el identificador de una cláusula; escriba hasta 64 letras minúsculas, dígitos y guiones \
         interiores, como `precursors-south`",
    ),
    (
        "bad-purpose",
        "`{value}` no es una finalidad; escriba hasta 64 letras minúsculas, dígitos y guiones interiores, como \
         `public-health`",
    ),
    (
        "bad-kind",
        "`{value}` no es el nombre de un tipo; escriba de 3 a 250 letras minúsculas, dígitos y guiones interiores, como \
         `observed-data`",
    ),
    (
        "red-line-bad-kind",
        "en la prohibición absoluta {line}, `{value}` no es el nombre de un tipo; escriba de 3 a 250 letras minúsculas, dígitos \
         y guiones interiores, como `observed-data`",
    ),
    (
        "bad-tlp",
        "`{value}` no es una marca TLP; escriba `clear`, `green`, `amber` o `amber+strict`",
    ),
    (
        "tlp-red",
        "`red` es para personas nombradas y nunca pasa de una parte a otra; escriba `amber+strict` o menos",
    ),
    (
        "bad-grade",
        "`{value}` no es un grado; escriba una letra de A a F y un dígito de 1 a 6, como `B2`",
    ),
    (
        "bad-redact-path",
        "`{value}` no es una propiedad; escriba el tipo, un punto y la propiedad, como `location.street_address`",
    ),
    (
        "redact-kind",
        "la cláusula no entrega ningún `{kind}`, así que nada se testaría; corrija el tipo o agréguelo a `kinds`",
    ),
    ("redact-required", "no hay objeto sin `{property}`; déjela, o retire el tipo de `kinds`"),
    ("bad-pap", "`{value}` no es una marca PAP; escriba `clear`, `green`, `amber` o `red`"),
    (
        "bad-country",
        "`{value}` no es un país; escriba sus dos letras mayúsculas de la ISO 3166-1, como `MX`",
    ),
    ("bad-origin", "`{value}` no es una regla sobre el origen; escriba `any` u `own`"),
    (
        "bad-persons",
        "`{value}` no es una regla sobre los nombres de personas; escriba `allow`, `pseudonym` o `withhold`",
    ),
    (
        "bad-descriptions",
        "`{value}` no es una regla sobre las descripciones; escriba `allow` o `withhold`",
    ),
    (
        "bad-precision",
        "`{value}` no es una precisión; para el lugar escriba `country` o `admin1`, y para el tiempo `day`",
    ),
    (
        "bad-onward",
        "`{value}` no es una regla de transmisión ulterior; escriba `originator-consent`, `units` o `never`",
    ),
    ("bad-use", "`{value}` no es un uso; escriba `intelligence-only` o `judicial`"),
    (
        "bad-approval",
        "`{value}` no es una forma de aprobación; escriba `one-person`, `two-person` o `standing`",
    ),
    (
        "bad-urgency",
        "`{value}` no es una urgencia; escriba una de las que muestra `comity request ask --help`",
    ),
    ("quota-twice", "la cláusula `{clause}` ya tiene una cuota para este periodo; quite una"),
    ("duplicate-rule", "esta urgencia ya tiene un plazo de respuesta; quite uno"),
    (
        "bad-act",
        "`{value}` no es un acto para el que pueda darse un motivo; escriba `release`, `refusal`, `answer`, `purge` o \
         `recall`",
    ),
    (
        "bad-reason-id",
        "`{value}` no es el identificador de un motivo; escriba hasta 64 letras minúsculas, dígitos y guiones interiores, \
         como `ongoing-inquiry`",
    ),
    ("duplicate-reason", "`{id}` ya nombra otro motivo; elija otro identificador"),
    (
        "standing-approval",
        "una aprobación permanente no cubre `{site}`, que señala un inmueble; escriba `one-person` o retire el tipo",
    ),
    (
        "standing-approval",
        "una aprobación permanente no cubre a las personas físicas que `{kind}` puede nombrar; escriba `persons = \
         \"pseudonym\"` o `\"withhold\"`, o `one-person`",
    ),
    (
        "standing-places",
        "una aprobación permanente no cubre lugares exactos; escriba `precision = { location = \"admin1\" }`, o \
         `one-person`",
    ),
    ("bad-period", "`{value}` no es el periodo de una cuota; escriba `day` o `month`"),
    (
        "when-syntax",
        "la condición de la prohibición absoluta {line} no es una expresión de Cedar; escriba una sola, como \
         `resource.labels.contains(\"minor\")`",
    ),
    (
        "when-operator",
        "en la condición de la prohibición absoluta {line} no se admite `{what}`; use `resource` y `context` con \
         comparaciones, `&&`, `||`, `!`, `has`, `like`, `if`, `contains`, `containsAll`, `containsAny` e `isEmpty`",
    ),
    (
        "when-type",
        "la condición de la prohibición absoluta {line} no corresponde a lo que se sabe de un objeto; compare cada \
         propiedad con un valor de su tipo",
    ),
];
