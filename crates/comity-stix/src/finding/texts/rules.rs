//! What findings about single properties and types say.

use super::Code;

/// English and Spanish; empty of a code that another file words.
pub(super) fn template(code: Code) -> (&'static str, &'static str) {
    match code {
        Code::NumberPrecision => (
            "`{0}` is larger than integers of STIX are, and readers may round it: write it as a string",
            "`{0}` es mayor que los enteros de STIX y habrá lectores que lo redondeen: escríbalo como cadena",
        ),
        Code::NotInEnum => (
            "`{0}` is none of the values allowed here: use one of them, perhaps `{1}`",
            "`{0}` no es ninguno de los valores permitidos aquí: use uno de ellos, quizá `{1}`",
        ),
        Code::NotInVocabulary => (
            "`{0}` is none of the suggested terms: use one of them if it fits, perhaps `{1}`",
            "`{0}` no es ninguno de los términos sugeridos: use uno de ellos si corresponde, quizá `{1}`",
        ),
        Code::LowerCaseHyphens => (
            "`{0}` has capitals, spaces or underscores: write it in lower case with hyphens",
            "`{0}` tiene mayúsculas, espacios o guiones bajos: escríbalo en minúsculas y con guiones",
        ),
        Code::LowerCase => (
            "`{0}` has capitals: write it in lower case",
            "`{0}` tiene mayúsculas: escríbalo en minúsculas",
        ),
        Code::Ending => (
            "`{0}` does not end in `{1}`: use the full name",
            "`{0}` no termina en `{1}`: use el nombre completo",
        ),
        Code::TimestampFraction => (
            "`{0}` is finer than a second: leave the fraction out",
            "`{0}` es más fina que un segundo: omita la fracción",
        ),
        Code::BinaryForm => (
            "`{0}` is not base64: encode the bytes as RFC 4648 section 4 says, padding included",
            "`{0}` no es base64: codifique los bytes como indica la RFC 4648 sección 4, con su relleno",
        ),
        Code::HexForm => (
            "`{0}` is not hexadecimal: write two digits 0-9 a-f for each byte",
            "`{0}` no es hexadecimal: escriba dos dígitos 0-9 a-f por cada byte",
        ),
        Code::HashValue => (
            "`{0}` is no value of {1}: compute it again or correct the name of the algorithm",
            "`{0}` no es un valor de {1}: calcúlelo de nuevo o corrija el nombre del algoritmo",
        ),
        Code::UrlForm => (
            "`{0}` is no URL: write scheme and place, and encode other characters with `%`",
            "`{0}` no es un URL: escriba esquema y lugar, y codifique otros caracteres con `%`",
        ),
        Code::UrlAdvised => (
            "`{0}` is no URL of RFC 3986: write scheme and place, and encode other characters with `%`",
            "`{0}` no es un URL de la RFC 3986: escriba esquema y lugar, y codifique otros caracteres con `%`",
        ),
        Code::MediaType => (
            "`{0}` is no registered media type: write one like `application/pdf`",
            "`{0}` no es un tipo de medio registrado: escriba uno como `application/pdf`",
        ),
        Code::Charset => (
            "`{0}` is no registered name of a character set: use the preferred MIME name, like `{1}`",
            "`{0}` no es el nombre registrado de un juego de caracteres: use el nombre MIME preferido, como `{1}`",
        ),
        Code::Ipv4 => (
            "`{0}` is no IPv4 address or network: write one like `198.51.100.3` or `198.51.100.0/24`",
            "`{0}` no es una dirección o red IPv4: escriba una como `198.51.100.3` o `198.51.100.0/24`",
        ),
        Code::Ipv6 => (
            "`{0}` is no IPv6 address or network: write one like `2001:db8::1` or `2001:db8::/32`",
            "`{0}` no es una dirección o red IPv6: escriba una como `2001:db8::1` o `2001:db8::/32`",
        ),
        Code::Mac => (
            "`{0}` is no MAC address: write six octets in lower case with colons, like `00:00:ab:cd:ef:01`",
            "`{0}` no es una dirección MAC: escriba seis octetos en minúsculas con dos puntos, como `00:00:ab:cd:ef:01`",
        ),
        Code::DomainName => (
            "`{0}` is no domain name: write labels of letters, digits and hyphens with points between them",
            "`{0}` no es un nombre de dominio: escriba etiquetas de letras, dígitos y guiones separadas por puntos",
        ),
        Code::DomainLabel => (
            "`{0}` has a label with two hyphens in the third and fourth place, which is kept for encodings: check the name",
            "`{0}` tiene una etiqueta con dos guiones en los lugares tercero y cuarto, reservados para codificaciones: revise el nombre",
        ),
        Code::EmailAddress => (
            "`{0}` is no email address: write it like `analyst@example.org`, without a name beside it",
            "`{0}` no es una dirección de correo: escríbala como `analista@example.org`, sin nombre al lado",
        ),
        Code::Cpe => (
            "`{0}` is no CPE 2.3 name: write `cpe:2.3:` and eleven components with colons between them",
            "`{0}` no es un nombre CPE 2.3: escriba `cpe:2.3:` y once componentes separados por dos puntos",
        ),
        Code::RegistryHive => (
            "`{0}` abbreviates the hive: write it out, like `HKEY_LOCAL_MACHINE`",
            "`{0}` abrevia la sección del registro: escríbala completa, como `HKEY_LOCAL_MACHINE`",
        ),
        Code::Country => (
            "`{0}` is no country code of ISO 3166-1: write two letters, like `MX`",
            "`{0}` no es un código de país de ISO 3166-1: escriba dos letras, como `MX`",
        ),
        Code::Subdivision => (
            "`{0}` is no code of ISO 3166-2: write country and part, like `MX-MIC`",
            "`{0}` no es un código de ISO 3166-2: escriba país y entidad, como `MX-MIC`",
        ),
        Code::Protocol => (
            "`{0}` is no registered name of a protocol: use the service name of IANA, in lower case",
            "`{0}` no es el nombre registrado de un protocolo: use el nombre de servicio de IANA, en minúsculas",
        ),
        Code::DictionaryCase => (
            "the key `{0}` has capitals: write it in lower case",
            "la clave `{0}` tiene mayúsculas: escríbala en minúsculas",
        ),
        Code::MissingChoice => (
            "at least one of these has to be there: {0}; add one",
            "debe estar al menos una de estas: {0}; agregue una",
        ),
        Code::Excluded => (
            "only one of these may be there: {0}; keep one",
            "solo puede estar una de estas: {0}; conserve una",
        ),
        Code::NeededBeside => (
            "`{0}` is missing and has to stand beside `{1}`: add it",
            "falta `{0}`, que debe acompañar a `{1}`: agréguela",
        ),
        Code::Forbidden => (
            "`{0}` must not stand where `{1}` is `{2}`: remove it or correct the other",
            "`{0}` no debe estar cuando `{1}` es `{2}`: elimínela o corrija la otra",
        ),
        Code::Implied => (
            "where `{0}` is there, `{1}` has to be `{2}`: correct one of them",
            "donde está `{0}`, `{1}` debe ser `{2}`: corrija una de las dos",
        ),
        Code::Advised => (
            "the standard advises to give {0}: add it if you know it",
            "el estándar aconseja indicar {0}: agréguelo si lo conoce",
        ),
        Code::AdvisedBeside => (
            "the standard advises to give `{0}` beside `{1}`: add it if you know it",
            "el estándar aconseja indicar `{0}` junto a `{1}`: agréguela si la conoce",
        ),
        Code::LeadsNowhere => (
            "none of `{0}` leads to {1}: add a reference to one",
            "ninguna de `{0}` lleva a {1}: agregue una referencia a uno",
        ),
        Code::ExtensionNeeds => (
            "the extension `{0}` goes with `{2}` in `{1}`: add it there",
            "la extensión `{0}` va con `{2}` en `{1}`: agréguelo ahí",
        ),
        Code::Deprecated => (
            "`{0}` is deprecated: leave it out of new objects",
            "`{0}` está en desuso: no la use en objetos nuevos",
        ),
        Code::CustomProperty => (
            "`{0}` is no property of the standard: check its spelling, or define it by an extension",
            "`{0}` no es una propiedad del estándar: revise su ortografía o defínala mediante una extensión",
        ),
        Code::CustomPropertyPrefix => (
            "the custom property `{0}` should start with `x_` and the name of its source: rename it",
            "la propiedad personalizada `{0}` debería empezar con `x_` y el nombre de su fuente: cámbiele el nombre",
        ),
        Code::CustomType => (
            "`{0}` is no type of the standard: check its spelling, or define it by an extension",
            "`{0}` no es un tipo del estándar: revise su ortografía o defínalo mediante una extensión",
        ),
        Code::ExtensionName => (
            "`{0}` is no name of an extension: use the id of an extension definition, or a-z, 0-9 and hyphens with `-ext` at the end",
            "`{0}` no es un nombre de extensión: use el id de una definición de extensión, o a-z, 0-9 y guiones con `-ext` al final",
        ),
        Code::ExtensionPrefix => (
            "the custom extension `{0}` should start with `x-` and the name of its source: rename it",
            "la extensión personalizada `{0}` debería empezar con `x-` y el nombre de su fuente: cámbiele el nombre",
        ),
        Code::ExtensionRedefines => (
            "`{0}` makes new types and `{1}` is one of the standard: use `property-extension` here",
            "`{0}` crea tipos nuevos y `{1}` es del estándar: use aquí `property-extension`",
        ),
        Code::PropertyRedefined => (
            "`{0}` is a property of the standard, which an extension must not define anew: name it otherwise",
            "`{0}` es una propiedad del estándar, que una extensión no debe redefinir: dele otro nombre",
        ),
        Code::IdDeterministic => (
            "`{0}` is not the identifier that these properties give: use `{1}`, or a version 4 UUID",
            "`{0}` no es el identificador que dan estas propiedades: use `{1}` o un UUID de versión 4",
        ),
        Code::IdRandom => (
            "`{0}` needs a version 4 UUID, since no property is there to compute one from: make one so",
            "`{0}` necesita un UUID de versión 4, pues no hay propiedad de la cual calcularlo: genérelo así",
        ),
        Code::IdVersioned => (
            "an observable with versions must not have the computed identifier `{0}`: leave `created` and the like out, or use a version 4 UUID",
            "un observable con versiones no debe llevar el identificador calculado `{0}`: omita `created` y similares, o use un UUID de versión 4",
        ),
        Code::LocalReference => (
            "`{0}` is no key of this container: refer to an object in it",
            "`{0}` no es una clave de este contenedor: refiérase a un objeto que esté en él",
        ),
        Code::ContainerType => (
            "`{1}` under `{0}` is no observable: take it out of the container",
            "`{1}`, bajo `{0}`, no es un observable: sáquelo del contenedor",
        ),
        Code::ContainerKeys => (
            "the keys here do not count up from `0`: number the objects in their order",
            "las claves no cuentan desde `0` en adelante: numere los objetos en su orden",
        ),
        Code::ObservedNothing => (
            "none of `object_refs` leads to an observable: add what was observed",
            "ninguna de `object_refs` lleva a un observable: agregue lo observado",
        ),
        Code::RelationshipType => (
            "`{0}` is not listed from {1} to {2}: use {3}",
            "`{0}` no figura de {1} a {2}: use {3}",
        ),
        Code::RelationshipSame => (
            "`{0}` joins objects of one type, not {1} and {2}: use `related-to`",
            "`{0}` une objetos de un mismo tipo, no {1} y {2}: use `related-to`",
        ),
        Code::ExternalIdForm => (
            "`{0}` is not how {1} is written: write `{2}`",
            "`{0}` no es como se escribe {1}: escriba `{2}`",
        ),
        Code::ExternalIdAdvised => (
            "`{0}` is not how {1} is written: write it like `{2}`",
            "`{0}` no es como se escribe {1}: escríbalo como `{2}`",
        ),
        Code::MarkingFixed => (
            "`{0}` is the fixed definition {1} and must be exactly that: restore it",
            "`{0}` es la definición fija {1} y debe ser exactamente esa: restáurela",
        ),
        Code::MarkingImitated => (
            "only the fixed definitions may say {0}: refer to `{1}` instead",
            "solo las definiciones fijas pueden decir {0}: refiérase en su lugar a `{1}`",
        ),
        Code::PatternUnsupported => (
            "this may be a STIX pattern, and this program cannot use it: {0}",
            "esto puede ser un patrón STIX, pero este programa no puede usarlo: {1}",
        ),
        Code::PatternSyntax => ("this is no STIX pattern: {0}", "esto no es un patrón STIX: {1}"),
        Code::PatternTime => (
            "the pattern asks for `{0}`, and `{1}` of the indicator is `{2}`: let both name the same time",
            "el patrón pide `{0}` y `{1}` del indicador es `{2}`: haga que ambos nombren el mismo tiempo",
        ),
        Code::VersionOther => (
            "`{0}` is another object than `{1}`: give two versions of one",
            "`{0}` es otro objeto que `{1}`: dé dos versiones del mismo",
        ),
        Code::VersionNone => (
            "objects of type `{0}` have no versions: make a new object with an id of its own",
            "los objetos de tipo `{0}` no tienen versiones: haga un objeto nuevo con su propio id",
        ),
        Code::VersionCreated => (
            "`created` was `{0}` and must stay so: restore it",
            "`created` era `{0}` y debe seguir igual: restáurela",
        ),
        Code::VersionCreator => (
            "only the creator makes versions, and `created_by_ref` was `{0}`: restore it, or make a new object",
            "solo quien lo creó hace versiones y `created_by_ref` era `{0}`: restáurela o haga un objeto nuevo",
        ),
        Code::VersionEarlier => (
            "`{0}` is earlier than the version before (`{1}`): set `modified` to when this one was made",
            "`{0}` es anterior a la versión previa (`{1}`): ponga en `modified` cuándo se hizo esta",
        ),
        Code::VersionChanged => (
            "the object differs from what it was, and `modified` is still `{0}`: set it to when this version was made",
            "el objeto cambió y `modified` sigue siendo `{0}`: ponga ahí cuándo se hizo esta versión",
        ),
        Code::VersionRevoked => (
            "the object was revoked at `{0}` and has no later versions: make a new object",
            "el objeto se revocó en `{0}` y no tiene versiones posteriores: haga un objeto nuevo",
        ),
        _ => ("", ""),
    }
}
