//! What findings say, in the languages people read.

mod rules;

use super::{Code, Lang, Thing, Word};

/// The message of a code with its gaps filled.
pub(crate) fn message(code: Code, words: &[Word], lang: Lang) -> String {
    let (english, spanish) = template(code);
    let template = match lang {
        Lang::En => english,
        Lang::Es => spanish,
    };
    let choices: Vec<String> = if words.iter().any(|word| matches!(word, Word::Either(_))) {
        words.iter().map(|word| choice(word, lang)).collect()
    } else {
        Vec::new()
    };
    fill(template, |number| match words.get(number) {
        Some(Word::Said(text)) => text,
        Some(Word::Thing(thing)) => name(*thing, lang),
        Some(Word::Either(_)) => choices.get(number).map_or("", String::as_str),
        Some(Word::Both(english, spanish)) => match lang {
            Lang::En => english,
            Lang::Es => spanish,
        },
        None => "",
    })
}

impl Code {
    /// The message of its findings with `…` where each finding has its own words.
    pub fn message_pattern(self, lang: Lang) -> String {
        let (english, spanish) = template(self);
        let template = match lang {
            Lang::En => english,
            Lang::Es => spanish,
        };
        fill(template, |_| "…")
    }
}

/// The things a word gives the choice of.
fn choice(word: &Word, lang: Lang) -> String {
    let Word::Either(things) = word else { return String::new() };
    let or = match lang {
        Lang::En => " or ",
        Lang::Es => " o ",
    };
    things.iter().map(|thing| name(*thing, lang)).collect::<Vec<_>>().join(or)
}

/// A template with its gaps `{0}`, `{1}` filled.
pub(crate) fn fill<'a>(template: &str, gap: impl Fn(usize) -> &'a str) -> String {
    let mut rest = template;
    let mut message = String::new();
    while let Some((before, after)) = rest.split_once('{') {
        message.push_str(before);
        let (number, after) = after.split_once('}').unwrap_or((after, ""));
        message.push_str(number.parse().map_or("", &gap));
        rest = after;
    }
    message + rest
}

fn name(thing: Thing, lang: Lang) -> &'static str {
    let (english, spanish) = match thing {
        Thing::Text => ("a string", "una cadena"),
        Thing::Boolean => ("true or false", "true o false"),
        Thing::Integer => ("a whole number", "un número entero"),
        Thing::Number => ("a number", "un número"),
        Thing::Null => ("null", "null"),
        Thing::List => ("a list", "una lista"),
        Thing::Object => ("an object", "un objeto"),
    };
    match lang {
        Lang::En => english,
        Lang::Es => spanish,
    }
}

/// English and Spanish, with `{0}` and `{1}` for the words of the finding.
fn template(code: Code) -> (&'static str, &'static str) {
    match code {
        Code::TooLarge => (
            "the object is larger than {0} bytes: leave out or shorten its largest values",
            "el objeto mide más de {0} bytes: omita o acorte sus valores más grandes",
        ),
        Code::TooDeep => (
            "more than {0} levels are nested here: flatten the value",
            "aquí hay más de {0} niveles anidados: aplane el valor",
        ),
        Code::TooManyProperties => (
            "the object has more than {0} properties and list elements: split it into several objects",
            "el objeto tiene más de {0} propiedades y elementos de lista: divídalo en varios objetos",
        ),
        Code::StringTooLong => (
            "this string is longer than {0} bytes: shorten it",
            "esta cadena mide más de {0} bytes: acórtela",
        ),
        Code::InvalidUtf8 => (
            "these bytes are not UTF-8: save the file as UTF-8",
            "estos bytes no son UTF-8: guarde el archivo como UTF-8",
        ),
        Code::JsonSyntax => (
            "`{0}` cannot stand here: look for a missing quote, comma or bracket before it",
            "`{0}` no puede estar aquí: busque antes una comilla, coma o llave que falte",
        ),
        Code::JsonCut => (
            "the text ends inside a value: the end of the object is missing, get it again",
            "el texto termina dentro de un valor: falta el final del objeto, obténgalo de nuevo",
        ),
        Code::BadEscape => (
            "`{0}` is no escape of JSON: write a backslash as two",
            "`{0}` no es una secuencia de escape de JSON: escriba la diagonal invertida dos veces",
        ),
        Code::LoneSurrogate => (
            "`{0}` is half of a surrogate pair: write the character itself or both halves",
            "`{0}` es la mitad de un par sustituto: escriba el carácter mismo o ambas mitades",
        ),
        Code::ControlCharacter => (
            "a raw control character stands in this string: escape it as {0}",
            "hay un carácter de control sin escape en esta cadena: escríbalo como {0}",
        ),
        Code::BadNumber => (
            "this is not a number of JSON: no leading zero or plus sign, digits on both sides of the point",
            "esto no es un número de JSON: sin cero ni signo más al inicio, con dígitos a ambos lados del punto",
        ),
        Code::DuplicateKey => (
            "the key `{0}` stands twice in this object: keep one",
            "la clave `{0}` aparece dos veces en este objeto: conserve una",
        ),
        Code::NotAnObject => (
            "a STIX object is a JSON object: put it between braces",
            "un objeto STIX es un objeto JSON: escríbalo entre llaves",
        ),
        Code::NullValue => (
            "null is no value of STIX: leave the property out",
            "null no es un valor de STIX: omita la propiedad",
        ),
        Code::EmptyList => (
            "a list needs at least one element: leave the property out",
            "una lista necesita al menos un elemento: omita la propiedad",
        ),
        Code::EmptyObject => (
            "a dictionary needs at least one key: leave the property out",
            "un diccionario necesita al menos una clave: omita la propiedad",
        ),
        Code::MissingProperty => (
            "the required property `{0}` is missing: add it",
            "falta la propiedad obligatoria `{0}`: agréguela",
        ),
        Code::WrongType => {
            ("`{0}` has to be {1}: write it so", "`{0}` debe ser {1}: escríbala así")
        }
        Code::TypeName => (
            "`{0}` is no type name: use 3 to 250 of a-z, 0-9 and single hyphens, a letter first",
            "`{0}` no es un nombre de tipo: use de 3 a 250 caracteres a-z, 0-9 y guiones sencillos, con una letra al inicio",
        ),
        Code::CustomTypePrefix => (
            "the standard knows no type `{0}`: define it by an extension, or let its name start with x-",
            "el estándar no conoce el tipo `{0}`: defínalo con una extensión o haga que su nombre empiece con x-",
        ),
        Code::PropertyName => (
            "`{0}` is no property name: use 3 to 250 of a-z, 0-9 and underscore, a letter first",
            "`{0}` no es un nombre de propiedad: use de 3 a 250 caracteres a-z, 0-9 y guion bajo, con una letra al inicio",
        ),
        Code::DictionaryKey => (
            "`{0}` is no dictionary key: use 1 to 250 of a-z, A-Z, 0-9, hyphen and underscore",
            "`{0}` no es una clave de diccionario: use de 1 a 250 caracteres a-z, A-Z, 0-9, guion y guion bajo",
        ),
        Code::ReservedProperty => (
            "the standard reserves the name `{0}`: choose another one",
            "el estándar reserva el nombre `{0}`: elija otro",
        ),
        Code::MustNotHave => (
            "`{0}` must not stand in this type of object: remove it",
            "`{0}` no debe estar en este tipo de objeto: elimínela",
        ),
        Code::NotApplicable => (
            "`{0}` is not used by this type of object: remove it",
            "`{0}` no se usa en este tipo de objeto: elimínela",
        ),
        Code::IdForm => (
            "`{0}` is no identifier: write the type, two hyphens and a UUID",
            "`{0}` no es un identificador: escriba el tipo, dos guiones y un UUID",
        ),
        Code::IdType => (
            "the identifier starts with another type than `{0}`: make both the same",
            "el identificador empieza con otro tipo que `{0}`: haga que coincidan",
        ),
        Code::IdUuid => (
            "the UUID of `{0}` is not one of RFC 4122 (variant or version): make a new one",
            "el UUID de `{0}` no es de la RFC 4122 (variante o versión): genere uno nuevo",
        ),
        Code::IdUppercase => (
            "the UUID of `{0}` has upper-case digits, and identifiers are compared byte by byte: write it in lower case",
            "el UUID de `{0}` tiene dígitos en mayúscula y los identificadores se comparan byte por byte: escríbalo en minúsculas",
        ),
        Code::IdVersion => (
            "the standard advises a version {1} UUID for `{0}`: make new identifiers so",
            "el estándar aconseja un UUID de versión {1} para `{0}`: genere así los identificadores nuevos",
        ),
        Code::SpecVersion => (
            "`spec_version` is `{0}` and has to be `2.1`: convert the object to STIX 2.1",
            "`spec_version` es `{0}` y debe ser `2.1`: convierta el objeto a STIX 2.1",
        ),
        Code::TimestampForm => (
            "`{0}` is no timestamp: write it in UTC like 2026-01-31T08:30:00.000Z",
            "`{0}` no es una fecha y hora: escríbala en UTC como 2026-01-31T08:30:00.000Z",
        ),
        Code::TimestampPrecision => (
            "`{0}` needs milliseconds: write three digits after the point",
            "`{0}` necesita milisegundos: escriba tres dígitos después del punto",
        ),
        Code::ModifiedBeforeCreated => (
            "`modified` is earlier than `created` (`{0}`): correct one of them",
            "`modified` es anterior a `created` (`{0}`): corrija una de las dos",
        ),
        Code::TimeOrder => (
            "`{1}` is too early beside `{0}`: correct one of them",
            "`{1}` es demasiado temprana junto a `{0}`: corrija una de las dos",
        ),
        Code::TermForm => (
            "`{0}` is no term: use a-z, 0-9 and hyphen",
            "`{0}` no es un término: use a-z, 0-9 y guion",
        ),
        Code::ReferenceForm => (
            "`{0}` is no identifier to refer to: write the id of another object",
            "`{0}` no es un identificador al que referirse: escriba el id de otro objeto",
        ),
        Code::CustomReferenceForm => (
            "`{0}` stands in a property named like a reference and is no identifier: rename the property or refer to an object",
            "`{0}` está en una propiedad con nombre de referencia y no es un identificador: cambie el nombre o refiérase a un objeto",
        ),
        Code::ReferenceType => (
            "`{0}` is of a type that cannot stand here: refer to {1}",
            "`{0}` es de un tipo que no puede estar aquí: refiérase a {1}",
        ),
        Code::SelfMarking => (
            "a marking definition cannot mark itself: remove this reference",
            "una definición de marca no puede marcarse a sí misma: elimine esta referencia",
        ),
        Code::OutOfRange => (
            "`{0}` is outside the range {1}: correct it",
            "`{0}` está fuera del intervalo {1}: corríjalo",
        ),
        Code::LangForm => (
            "`{0}` is no language code: write one like es or es-MX",
            "`{0}` no es un código de idioma: escriba uno como es o es-MX",
        ),
        Code::ExternalReferenceEmpty => (
            "an external reference needs a `description`, a `url` or an `external_id`: add one",
            "una referencia externa necesita `description`, `url` o `external_id`: agregue una",
        ),
        Code::GranularChoice => (
            "a granular marking has either `lang` or `marking_ref`: keep exactly one",
            "una marca granular lleva `lang` o `marking_ref`: conserve exactamente una",
        ),
        Code::SelectorForm => (
            "`{0}` is no selector: write property names and indices like `labels.[0]`",
            "`{0}` no es un selector: escriba nombres de propiedad e índices como `labels.[0]`",
        ),
        Code::SelectorTarget => (
            "`{0}` selects nothing in this object: correct or remove it",
            "`{0}` no selecciona nada en este objeto: corríjalo o elimínelo",
        ),
        Code::ExtensionKey => (
            "the extension `{0}` is not named by an extension definition: use the id of one",
            "la extensión `{0}` no lleva el nombre de una definición de extensión: use el id de una",
        ),
        Code::ExtensionType => {
            ("`{0}` is no extension type: use {1}", "`{0}` no es un tipo de extensión: use {1}")
        }
        Code::ExtensionTypeMissing => (
            "the extension `{0}` needs an `extension_type`: add it",
            "la extensión `{0}` necesita `extension_type`: agréguela",
        ),
        Code::HashKey => (
            "`{0}` is no name of a hash algorithm: use 3 to 250 of a-z, A-Z, 0-9, hyphen and underscore",
            "`{0}` no es un nombre de algoritmo hash: use de 3 a 250 caracteres a-z, A-Z, 0-9, guion y guion bajo",
        ),
        Code::SchemaNothing => (
            "the schema lets nothing stand at `{0}`: remove it",
            "el esquema no permite nada en `{0}`: elimínelo",
        ),
        Code::SchemaValue => {
            ("`{0}` is not allowed here: use {1}", "`{0}` no está permitido aquí: use {1}")
        }
        Code::SchemaUnknownProperty => (
            "the schema knows no property `{0}` here: remove it or correct its name (known: {1})",
            "el esquema no conoce aquí la propiedad `{0}`: elimínela o corrija su nombre (conocidas: {1})",
        ),
        Code::SchemaPropertyName => (
            "the schema does not allow a property to be named `{0}`: choose another name",
            "el esquema no permite que una propiedad se llame `{0}`: elija otro nombre",
        ),
        Code::SchemaDependent => (
            "where `{0}` stands `{1}` is needed too: add it",
            "donde está `{0}` también se necesita `{1}`: agréguela",
        ),
        Code::SchemaTooFew => (
            "there are {0} entries here and at least {1} are needed: add what is missing",
            "aquí hay {0} entradas y se necesitan al menos {1}: agregue las que faltan",
        ),
        Code::SchemaTooMany => (
            "there are {0} entries here and at most {1} are allowed: remove some",
            "aquí hay {0} entradas y se permiten a lo más {1}: elimine algunas",
        ),
        Code::SchemaElement => (
            "the schema describes no further element of this list: remove it",
            "el esquema no describe más elementos de esta lista: elimínelo",
        ),
        Code::SchemaContains => (
            "{0} elements of this list are of the kind the schema asks for, and it asks for {1}: correct the list",
            "{0} elementos de esta lista son del tipo que pide el esquema, que pide {1}: corrija la lista",
        ),
        Code::SchemaTwice => (
            "`{0}` stands twice in `{1}`: keep one",
            "`{0}` aparece dos veces en `{1}`: conserve uno",
        ),
        Code::SchemaMultiple => {
            ("`{0}` is no multiple of {1}: correct it", "`{0}` no es múltiplo de {1}: corríjalo")
        }
        Code::SchemaTooShort => (
            "the string has {0} characters and needs at least {1}: write it in full",
            "la cadena tiene {0} caracteres y necesita al menos {1}: escríbala completa",
        ),
        Code::SchemaTooLong => (
            "the string has {0} characters and may have at most {1}: shorten it",
            "la cadena tiene {0} caracteres y puede tener a lo más {1}: acórtela",
        ),
        Code::SchemaPattern => (
            "`{0}` does not match the pattern `{1}`: write it so",
            "`{0}` no coincide con el patrón `{1}`: escríbala así",
        ),
        Code::SchemaFormat => (
            "`{0}` is not in the format {1}: write it like `{2}`",
            "`{0}` no está en el formato {1}: escríbala como `{2}`",
        ),
        Code::SchemaWholeForm => (
            "`{0}` has to be {1} written in digits alone: leave out point and exponent",
            "`{0}` debe ser {1} escrito sólo con dígitos: omita el punto y el exponente",
        ),
        Code::SchemaBinary => (
            "`{0}` is not base64: encode the bytes as RFC 4648 section 4 says",
            "`{0}` no es base64: codifique los bytes como dice la RFC 4648, sección 4",
        ),
        Code::SchemaHex => (
            "`{0}` is not hexadecimal: write an even number of the digits 0-9 and a-f",
            "`{0}` no es hexadecimal: escriba un número par de los dígitos 0-9 y a-f",
        ),
        Code::SchemaTerm => (
            "`{0}` would better be in lower case with hyphens between words: write it so",
            "convendría que `{0}` estuviera en minúsculas y con guiones entre palabras: escríbalo así",
        ),
        Code::SchemaObjectType => (
            "the type is `{0}` and this extension is for `{1}`: remove the extension or correct the type",
            "el tipo es `{0}` y esta extensión es para `{1}`: elimine la extensión o corrija el tipo",
        ),
        Code::SchemaNoBranch => (
            "none of the {0} alternatives fits and `{1}` comes nearest: mend what follows, or write another of them",
            "ninguna de las {0} alternativas corresponde y `{1}` es la más cercana: corrija lo que sigue o escriba otra de ellas",
        ),
        Code::SchemaSeveral => (
            "both `{0}` and `{1}` fit and only one may: remove what belongs to one of them",
            "corresponden tanto `{0}` como `{1}` y sólo puede una: elimine lo que pertenece a una de ellas",
        ),
        Code::SchemaNot => (
            "this is what the schema rules out (`{0}`): change it",
            "esto es lo que el esquema excluye (`{0}`): cámbielo",
        ),
        Code::SchemaTooCostly => (
            "checking this by its schema takes too long: simplify the schema's alternatives and patterns",
            "revisar esto con su esquema toma demasiado tiempo: simplifique las alternativas y los patrones del esquema",
        ),
        Code::ExtensionTypeOther => (
            "the extension `{0}` is not defined as `{1}`: use {2}",
            "la extensión `{0}` no está definida como `{1}`: use {2}",
        ),
        Code::ExtensionNewType => (
            "the extension `{0}` makes no type `{1}`: correct the type or remove the extension",
            "la extensión `{0}` no crea el tipo `{1}`: corrija el tipo o elimine la extensión",
        ),
        Code::BundleAsObject => (
            "a bundle is no STIX object: give the objects in it instead",
            "un bundle no es un objeto STIX: entregue en su lugar los objetos que contiene",
        ),
        Code::NotABundle => (
            "this has a list of `objects` and its `type` is not `bundle`: correct the type",
            "esto tiene una lista `objects` y su `type` no es `bundle`: corrija el tipo",
        ),
        Code::UnexpectedContent => (
            "`{0}` cannot start STIX content: give a bundle, an object, a list of objects or JSON lines",
            "`{0}` no puede iniciar contenido STIX: entregue un bundle, un objeto, una lista de objetos o líneas JSON",
        ),
        Code::Unreadable => (
            "the source could not be read ({0}): check the disk or the connection and try again",
            "no se pudo leer la fuente ({0}): revise el disco o la conexión e intente de nuevo",
        ),
        code => rules::template(code),
    }
}
