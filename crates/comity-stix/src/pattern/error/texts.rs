//! What errors of patterns say, in the languages people read.

use super::{Expected, Gap, PatternCode};
use crate::finding::{self, Lang, Word};

/// The message of a code with its gaps filled.
pub(super) fn message(code: PatternCode, words: &[Gap], lang: Lang) -> String {
    let gap = |number: usize| match words.get(number) {
        Some(Gap::Said(Word::Said(text))) => text,
        Some(Gap::Expected(expected)) => pick(name(*expected), lang),
        Some(Gap::Said(_)) | None => "",
    };
    finding::fill(pick(template(code), lang), gap)
}

fn pick((english, spanish): (&'static str, &'static str), lang: Lang) -> &'static str {
    match lang {
        Lang::En => english,
        Lang::Es => spanish,
    }
}

/// What should stand there, and how it is written.
fn name(expected: Expected) -> (&'static str, &'static str) {
    match expected {
        Expected::Observation => (
            "an observation in square brackets, like [file:size = 1]",
            "una observación entre corchetes, como [file:size = 1]",
        ),
        Expected::ObservationEnd => (
            "AND, OR, FOLLOWEDBY, a qualifier or the end of the pattern",
            "AND, OR, FOLLOWEDBY, un calificador o el final del patrón",
        ),
        Expected::GroupEnd => (
            "AND, OR, FOLLOWEDBY, a qualifier or the closing parenthesis",
            "AND, OR, FOLLOWEDBY, un calificador o el paréntesis de cierre",
        ),
        Expected::Comparison => (
            "a comparison, like file:size = 1 or EXISTS file:size",
            "una comparación, como file:size = 1 o EXISTS file:size",
        ),
        Expected::BracketEnd => {
            ("AND, OR or the closing bracket ]", "AND, OR o el corchete de cierre ]")
        }
        Expected::ComparisonGroupEnd => {
            ("AND, OR or the closing parenthesis", "AND, OR o el paréntesis de cierre")
        }
        Expected::Colon => (
            "the colon between the type of object and the property",
            "los dos puntos entre el tipo de objeto y la propiedad",
        ),
        Expected::Property => ("the name of a property", "el nombre de una propiedad"),
        Expected::Index => {
            ("the index of an element or an asterisk", "el índice de un elemento o un asterisco")
        }
        Expected::IndexEnd => {
            ("the closing bracket ] of the index", "el corchete de cierre ] del índice")
        }
        Expected::Operator => (
            "an operator: =, !=, <, <=, >, >=, IN, LIKE, MATCHES, ISSUBSET or ISSUPERSET",
            "un operador: =, !=, <, <=, >, >=, IN, LIKE, MATCHES, ISSUBSET o ISSUPERSET",
        ),
        Expected::Constant => (
            "a constant: a number, true, false or text in apostrophes",
            "una constante: un número, true, false o un texto entre apóstrofos",
        ),
        Expected::Text => ("text in apostrophes", "un texto entre apóstrofos"),
        Expected::Set => (
            "a set in parentheses, like ('a', 'b')",
            "un conjunto entre paréntesis, como ('a', 'b')",
        ),
        Expected::SetEnd => {
            ("a comma or the closing parenthesis", "una coma o el paréntesis de cierre")
        }
        Expected::Number => ("a number", "un número"),
        Expected::Timestamp => (
            "a timestamp, like t'2026-01-31T08:30:00Z'",
            "una marca de tiempo, como t'2026-01-31T08:30:00Z'",
        ),
        Expected::Path => {
            ("the path of a property, like file:size", "la ruta de una propiedad, como file:size")
        }
        Expected::Seconds => (
            "SECONDS: a window is counted in seconds",
            "SECONDS: una ventana de tiempo se cuenta en segundos",
        ),
        Expected::Times => ("TIMES", "TIMES"),
        Expected::Stop => ("STOP and a timestamp", "STOP y una marca de tiempo"),
    }
}

/// English and Spanish, with `{0}` and `{1}` for the words of the error.
fn template(code: PatternCode) -> (&'static str, &'static str) {
    match code {
        PatternCode::TooLong => (
            "the pattern is longer than {0} bytes: split it into several patterns",
            "el patrón mide más de {0} bytes: divídalo en varios patrones",
        ),
        PatternCode::TooDeep => (
            "more than {0} levels are nested here, which is as many as this program reads: leave out parentheses or shorten the path",
            "aquí hay más de {0} niveles anidados, el máximo que lee este programa: omita paréntesis o acorte la ruta",
        ),
        PatternCode::TooManyComparisons => (
            "the pattern makes more than {0} comparisons: split it into several patterns",
            "el patrón hace más de {0} comparaciones: divídalo en varios patrones",
        ),
        PatternCode::TooManyExpressions => (
            "the pattern has more than {0} regular expressions: split it into several patterns",
            "el patrón tiene más de {0} expresiones regulares: divídalo en varios patrones",
        ),
        PatternCode::ExpressionTooLarge => (
            "this regular expression is too large: shorten it or lower its repetitions",
            "esta expresión regular es demasiado grande: acórtela o reduzca sus repeticiones",
        ),
        PatternCode::Unsupported => (
            "this regular expression is good, and this program cannot run what begins here: write it without branch reset, callouts, verbs like (*FAIL), recursion, \\C and \\X, as alternatives or several comparisons",
            "esta expresión regular es correcta, pero este programa no puede ejecutar lo que empieza aquí: escríbala sin reinicio de ramas, llamadas externas, verbos como (*FAIL), recursión, \\C ni \\X, con alternativas o varias comparaciones",
        ),
        PatternCode::Empty => (
            "there is no pattern: write at least one comparison in brackets, like [file:size = 1]",
            "no hay ningún patrón: escriba al menos una comparación entre corchetes, como [file:size = 1]",
        ),
        PatternCode::Unexpected => {
            ("`{0}` cannot stand here: write {1}", "`{0}` no puede estar aquí: escriba {1}")
        }
        PatternCode::Cut => (
            "the pattern ends too early: write {0}",
            "el patrón termina antes de tiempo: escriba {0}",
        ),
        PatternCode::UnexpectedCharacter => (
            "`{0}` means nothing in a pattern: remove it, or write it within apostrophes if it belongs to a text",
            "`{0}` no significa nada en un patrón: elimínelo o, si es parte de un texto, escríbalo entre apóstrofos",
        ),
        PatternCode::QuotationMarks => (
            "text stands in apostrophes (') and not in `{0}`: write it so",
            "el texto se escribe entre apóstrofos (') y no con `{0}`: corríjalo",
        ),
        PatternCode::UnendedText => (
            "the apostrophe that ends this text is missing: add it, and write a backslash at the end of the text as two",
            "falta el apóstrofo que cierra este texto: agréguelo y escriba dos veces la diagonal invertida con que termine el texto",
        ),
        PatternCode::BadEscape => (
            "`{0}` is no escape: only an apostrophe or a backslash follows a backslash, write a backslash as two",
            "`{0}` no es una secuencia de escape: tras una diagonal invertida solo va un apóstrofo u otra diagonal invertida, escríbala dos veces",
        ),
        PatternCode::Comment => (
            "a pattern has no comments, and only white space stands between its words: remove this one",
            "un patrón no lleva comentarios y entre sus palabras solo va espacio en blanco: elimine este",
        ),
        PatternCode::ForeignOperator => (
            "`{0}` is no operator of patterns: write {1}",
            "`{0}` no es un operador de los patrones: escriba {1}",
        ),
        PatternCode::KeywordCase => (
            "`{0}` is not how this word is written: write {1}",
            "`{0}` no se escribe así: escriba {1}",
        ),
        PatternCode::MissingBrackets => (
            "the comparison that starts with `{0}` stands outside brackets: put it between [ and ]",
            "la comparación que empieza con `{0}` está fuera de corchetes: escríbala entre [ y ]",
        ),
        PatternCode::MisplacedNot => (
            "the word NOT stands before the operator, or before EXISTS: write it like file:size NOT = 1",
            "la palabra NOT va antes del operador, o antes de EXISTS: escríbalo como file:size NOT = 1",
        ),
        PatternCode::UnquotedName => (
            "a property name with other characters than a-z, A-Z, 0-9 and underscore stands in apostrophes: write '{0}'",
            "un nombre de propiedad con caracteres distintos de a-z, A-Z, 0-9 y guion bajo va entre apóstrofos: escriba '{0}'",
        ),
        PatternCode::EmptyName => (
            "the name of the property is empty: write it between the apostrophes",
            "el nombre de la propiedad está vacío: escríbalo entre los apóstrofos",
        ),
        PatternCode::UnquotedText => (
            "`{0}` is no constant: write text in apostrophes, like '{0}'",
            "`{0}` no es una constante: escriba el texto entre apóstrofos, como '{0}'",
        ),
        PatternCode::PlainTimestamp => (
            "plain text stood after START and STOP in STIX 2.0, and 2.1 takes timestamps: write t'{0}'",
            "en STIX 2.0 iba texto simple después de START y STOP, y en 2.1 van marcas de tiempo: escriba t'{0}'",
        ),
        PatternCode::PlusSign => (
            "`{0}` has a plus sign, which positive numbers go without: leave it out",
            "`{0}` lleva signo más, que los números positivos no llevan: omítalo",
        ),
        PatternCode::NumberForm => (
            "`{0}` is no number of patterns: write digits without leading zeros, and at most a minus sign and a point with digits after it",
            "`{0}` no es un número de los patrones: escriba dígitos sin ceros al inicio y a lo sumo un signo menos y un punto con dígitos después",
        ),
        PatternCode::IntegerRange => (
            "`{0}` is outside the integers of the standard, which end at 9007199254740991 on both sides of zero: correct it",
            "`{0}` está fuera de los enteros del estándar, que terminan en 9007199254740991 a ambos lados del cero: corríjalo",
        ),
        PatternCode::FloatRange => (
            "`{0}` is larger than a double-precision number can be: correct it",
            "`{0}` es mayor de lo que puede ser un número de doble precisión: corríjalo",
        ),
        PatternCode::IndexForm => (
            "`{0}` is no index: write a whole number from 0 on without leading zeros, or * for any element",
            "`{0}` no es un índice: escriba un número entero desde 0 sin ceros al inicio, o * para cualquier elemento",
        ),
        PatternCode::HexForm => (
            "a hex constant has an even number of 0-9 and a-f: correct `{0}`",
            "una constante hexadecimal tiene un número par de 0-9 y a-f: corrija `{0}`",
        ),
        PatternCode::HexUppercase => (
            "a hex constant is written with small letters: write '{0}'",
            "una constante hexadecimal se escribe con minúsculas: escriba '{0}'",
        ),
        PatternCode::BinaryForm => (
            "`{0}` is not base64: write the octets in the base64 alphabet, padded with = to a multiple of four",
            "`{0}` no es base64: escriba los octetos con el alfabeto base64, completados con = hasta un múltiplo de cuatro",
        ),
        PatternCode::TimestampForm => (
            "`{0}` is no timestamp: write it like t'2026-01-31T08:30:00Z', in UTC",
            "`{0}` no es una marca de tiempo: escríbala como t'2026-01-31T08:30:00Z', en UTC",
        ),
        PatternCode::TimestampNoSuchTime => (
            "there is no such date or time of day as `{0}`: correct it",
            "no existe la fecha u hora `{0}`: corríjala",
        ),
        PatternCode::MixedSet => (
            "`{0}` is of another kind than the first constant of the set: write a set of one kind",
            "`{0}` es de otra clase que la primera constante del conjunto: escriba un conjunto de una sola clase",
        ),
        PatternCode::NoCommonType => (
            "comparisons joined by AND are about one object, and this one is about `{0}` where those before are about `{1}`: join them by OR, or put them in brackets of their own",
            "las comparaciones unidas por AND tratan de un mismo objeto, y esta trata de `{0}` mientras que las anteriores tratan de `{1}`: únalas con OR o escríbalas en corchetes separados",
        ),
        PatternCode::DuplicateQualifier => (
            "`{0}` qualifies this expression twice: keep one, or put the expression with the first in parentheses",
            "`{0}` califica dos veces esta expresión: conserve uno o escriba entre paréntesis la expresión con el primero",
        ),
        PatternCode::NotPositive => (
            "`{0}` is not more than zero: write a positive number",
            "`{0}` no es mayor que cero: escriba un número positivo",
        ),
        PatternCode::NotWhole => (
            "`{0}` is no number of times: write a whole number",
            "`{0}` no es un número de veces: escriba un número entero",
        ),
        PatternCode::BadExpression => (
            "this regular expression cannot be read here: look for an open group, a repetition of nothing or an unknown escape, and write each backslash of it as two",
            "esta expresión regular no se puede leer aquí: busque un grupo sin cerrar, una repetición de nada o un escape desconocido, y escriba dos veces cada diagonal invertida",
        ),
        PatternCode::BadAddress => (
            "`{0}` is no {1} address or network: write one like {2}",
            "`{0}` no es una dirección o red {1}: escriba una como {2}",
        ),
    }
}
