//! Sentences about what is done with what partners released: recalls, legal holds, units.

/// By code.
pub(super) const SENTENCES: &[(&str, &str)] = &[
    ("own-recall", "la solicitud de retiro es de esta misma parte; la responde la contraparte"),
    (
        "recall-action",
        "la respuesta no corresponde a lo que se solicita; responda con la opción que le corresponde o con `--refuse`",
    ),
    (
        "replacement-missing",
        "falta la entrega que corrige o sustituye; envíela antes e indíquela, o espere a recibirla",
    ),
    (
        "no-legal-hold",
        "ninguna conservación por mandato legal lo conserva; ordene una con `comity legal-hold add`",
    ),
    (
        "not-told",
        "la instancia nacional no recibió nada de ello; `comity recall notices` muestra las que sí",
    ),
    (
        "frozen",
        "una solicitud de retiro o una conservación por mandato legal lo aparta de la consulta; `comity holdings show --held` dice cuál",
    ),
    ("onward-never", "se dio con la condición de que no pase a nadie; no puede darse"),
    (
        "already-purged",
        "lo solicitado ya se eliminó y no puede negarse; responda con `--purge`, `--replace` o `--hold`",
    ),
    (
        "unit-not-granted",
        "ningún responsable autorizó que la instancia nacional reciba información; `comity unit grant` lo hace",
    ),
    (
        "use-not-granted",
        "se entregó para otro uso que el de la instancia nacional; solicite el consentimiento con `comity consent ask --use`",
    ),
    ("use-granted", "se entregó también para ese uso; no hace falta consentimiento"),
    (
        "pap-red",
        "es PAP:RED, solo para quienes nombró su parte de origen; no se da a instancias nacionales",
    ),
    ("tlp-red", "es TLP:RED, solo para quienes lo recibieron de su parte de origen"),
];
