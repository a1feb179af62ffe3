//! What is not there, in Spanish.

/// What is missing and where to look for it, by the library's English word for it.
struct Thing {
    english: &'static str,
    spanish: &'static str,
    advice: &'static str,
}

const fn thing(english: &'static str, spanish: &'static str, advice: &'static str) -> Thing {
    Thing { english, spanish, advice }
}

const THINGS: &[Thing] = &[
    thing(
        "account",
        "la cuenta",
        "`comity user list` muestra las que hay y `comity user add` agrega una",
    ),
    thing("advice", "la asesoría", "`comity advice list` muestra la de ambas partes"),
    thing("agreement", "el acuerdo", "`comity agreement list` muestra los que hay aquí"),
    thing(
        "channel",
        "el canal",
        "`comity record show` los enumera; escriba `to-mx`, `to-mx@1` para su primera época, `from-mx` o el nombre completo",
    ),
    thing(
        "collection",
        "la colección",
        "`comity collection list` muestra las que hay y `comity collection add` agrega una",
    ),
    thing(
        "contact",
        "el contacto",
        "`comity contact list` muestra los registrados, y `comity contact report --due` lo que está por informarse",
    ),
    thing(
        "descriptor",
        "el descriptor",
        "`comity party list` muestra el número del más nuevo de cada contraparte y `comity key list` el de este nodo; los anteriores \
         van hasta el 1",
    ),
    thing(
        "equivocation",
        "la contradicción",
        "`comity inbox contradictions` muestra las que se vieron",
    ),
    thing(
        "consent",
        "la solicitud de consentimiento",
        "`comity consent list` muestra las de ambas partes",
    ),
    thing(
        "feed",
        "la fuente externa",
        "`comity feed list` muestra las que hay y `comity feed add` agrega una",
    ),
    thing("folio", "el folio", "`comity release list` y `comity inbox list` muestran los folios"),
    thing("journal line", "la línea", "`comity journal list` las muestra"),
    thing("holding", "la ficha", "`comity holdings search PALABRAS` encuentra su identificador"),
    thing(
        "legal hold",
        "la conservación por mandato legal",
        "`comity legal-hold list` muestra las que están ordenadas",
    ),
    thing(
        "person",
        "la persona",
        "`comity holdings search PALABRAS` encuentra nombres e identificadores",
    ),
    thing(
        "trace left of",
        "aquí rastro alguno de",
        "este nodo perdió algo que pudo nombrar a esa persona, y `comity audit sample` indica qué",
    ),
    thing("node", "el nodo", "cree uno con `comity init`"),
    thing(
        "object in the release",
        "en la entrega el objeto",
        "`comity release show` enumera sus objetos",
    ),
    thing(
        "indicator",
        "el indicador",
        "`comity holdings search PALABRAS` encuentra su identificador",
    ),
    thing("officer", "el responsable", "`comity officer list` muestra los registrados"),
    thing("party", "la parte", "`comity party list` muestra las que se conocen"),
    thing("proposal", "la propuesta", "`comity proposal list` muestra las de ambas partes"),
    thing(
        "pattern",
        "el patrón permanente",
        "`comity pattern list` muestra los que hay y `comity pattern add` agrega uno",
    ),
    thing("recall", "la solicitud de retiro", "`comity recall list` muestra las de ambas partes"),
    thing("release", "la entrega", "`comity release list` muestra las de esta parte"),
    thing("request", "la solicitud", "`comity request list` muestra las de ambas partes"),
    thing(
        "template",
        "la plantilla",
        "el programa trae `general`, `general-es` y `mx`, y otras están en `templates/contact` de la carpeta de datos",
    ),
    thing("statement", "la declaración", "`comity record show` dice cuántas tiene cada canal"),
    thing(
        "kept statement",
        "la declaración",
        "indique el folio o el resumen de una que se haya sellado o recibido aquí; `comity inbox list --all` muestra las recibidas",
    ),
    thing(
        "statement of a partner",
        "la declaración de una contraparte",
        "`comity inbox list --all` muestra los folios, y los resúmenes de lo que no tiene folio",
    ),
    thing("token", "el token", "`comity token list` muestra los tokens con su número"),
    thing(
        "unit",
        "la instancia nacional",
        "`comity unit list` muestra las que hay y `comity unit add` agrega una",
    ),
    thing("version", "la versión", "`comity agreement show` muestra las que hay aquí"),
];

/// The sentence for a thing that is not there.
pub(super) fn sentence(what: &str, name: &str) -> Option<String> {
    let Thing { spanish, advice, .. } = THINGS.iter().find(|it| it.english == what)?;
    Some(format!("no existe {spanish} `{name}`; {advice}"))
}
