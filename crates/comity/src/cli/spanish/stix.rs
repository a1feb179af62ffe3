//! The help of STIX files by themselves.

const MAX_OBJECT_BYTES: &str = "Bytes del objeto más grande que se lee, hasta 256 MiB; uno mayor se rechaza como too-large (si no, 1048576, lo que intercambian los nodos)";
const MAX_DEPTH: &str = "Cuántos objetos y listas pueden estar abiertos unos dentro de otros, hasta 1,000; uno más profundo se rechaza como too-deep (si no, 64, lo que intercambian los nodos)";

/// Every text.
pub(super) const TEXTS: &[(&str, &str)] = &[
    (
        "stix",
        "Archivos STIX por sí solos: revisar, comparar, enumerar, consultar tipos; no necesita ningún nodo ni cambia nada",
    ),
    (
        "stix check",
        "Revisar cada objeto conforme al estándar y nombrar cada regla incumplida, con su lugar y cómo corregirla",
    ),
    (
        "stix check FILE",
        "Paquetes STIX 2.1, listas, objetos o líneas JSON, `-` para la entrada estándar; termina con 1 si se incumple un MUST del estándar, si uno no contiene ni un objeto ni un paquete (como un archivo vacío) o si no puede leerse hasta el final",
    ),
    ("stix check --strict", "Terminar con 1 también si no se sigue un SHOULD del estándar"),
    (
        "stix check --extensions",
        "Una carpeta de extensiones conforme a las cuales revisar, NOMBRE.json con NOMBRE.schema.json al lado; puede repetirse (si no, la carpeta extensions del nodo, si existe). No se revisa conforme a lo que define un archivo revisado",
    ),
    ("stix check --max-object-bytes", MAX_OBJECT_BYTES),
    ("stix check --max-depth", MAX_DEPTH),
    (
        "stix match",
        "Comparar patrones con datos observados, y decir por cuáles observaciones coinciden",
    ),
    (
        "stix match FILE",
        "Paquetes STIX 2.1, listas, objetos o líneas JSON con observed-data, `-` para la entrada estándar; termina con 1 si no coincide ningún patrón",
    ),
    ("stix match --pattern", "El patrón; uno que no puede leerse termina con 2"),
    (
        "stix match --patterns",
        "Un archivo de patrones, uno por línea (una línea que empieza con # no lo es), o de indicadores STIX",
    ),
    (
        "stix match --bare",
        "Tomar cada observable que ningún observed-data contiene como una observación sin momento conocido; WITHIN, START, STOP y FOLLOWEDBY son falsos de ella",
    ),
    ("stix match --max-object-bytes", MAX_OBJECT_BYTES),
    ("stix match --max-depth", MAX_DEPTH),
    (
        "stix head",
        "Enumerar qué son los objetos: identificador, versión, marcas, referencias y más, una línea por objeto, en archivos de cualquier tamaño",
    ),
    (
        "stix head FILE",
        "Paquetes STIX 2.1, listas, objetos o líneas JSON, `-` para la entrada estándar; termina con 1 si algo en uno no puede leerse como objeto, o si no contiene ninguno",
    ),
    ("stix head --max-object-bytes", MAX_OBJECT_BYTES),
    ("stix head --max-depth", MAX_DEPTH),
    ("stix schema", "Imprimir el esquema JSON de un tipo, o enumerar los tipos"),
    (
        "stix schema TYPE",
        "El tipo STIX (si no, se enumeran todos); termina con 1 si no existe ninguno con ese nombre",
    ),
    (
        "stix schema --extensions",
        "Una carpeta de extensiones cuyos tipos también cuentan, NOMBRE.json con NOMBRE.schema.json al lado; puede repetirse (si no, la carpeta extensions del nodo, si existe)",
    ),
];
