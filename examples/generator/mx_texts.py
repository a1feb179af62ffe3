"""The words of the objects of `mx`, all invented. Persons have numbers and roles, never names."""

# name, description, contact, labels
PEOPLE = (
    ("Persona 1", "Agente aduanal que presentó tres pedimentos", "agencia-1@aduanal.example, +52 55 5555 0101", ()),
    ("Persona 2", "Representante de una importadora de metilamina", "contacto@importadora-2.example", ()),
    ("Persona 3", "Arrendatario de una bodega", "+52 55 5555 0133", ()),
    ("Persona 4", "Menor de edad mencionado en una entrevista", None, ("minor",)),
)

# state, address, latitude and longitude (rounded), description, process, status
SITES = (
    ("MX-SIN", "Camino vecinal s/n, Ejido El Ejemplo", (25.1, -107.4), "Olor a solventes y tambos vacíos.",
     "synthesis", "reported"),
    ("MX-SIN", "Brecha a La Muestra, km 4", (24.8, -107.1), "Planta de luz y descargas al arroyo.",
     "synthesis", "corroborated"),
    ("MX-DUR", "Rancho Los Supuestos", (24.6, -105.9), "Reacciones a la intemperie según un recorrido.",
     "synthesis", "put-out-of-use"),
    ("MX-JAL", "Bodega 12, Parque Industrial Ejemplo", (20.5, -103.4),
     "Tableteadora rotativa declarada como repuesto.", "tableting", "reported"),
    ("MX-MIC", "Carretera estatal s/n, paraje El Indicio", (19.2, -102.1), "Acopio de ácidos sin permiso.",
     "storage", "reported"),
    ("MX-BCN", "Calle Sin Nombre 45, colonia Ejemplo", (32.4, -116.9), "Prensa manual y colorantes.",
     "tableting", "put-out-of-use"),
    ("MX-JAL", "Pque. Ind. Ejemplo, nave 12", (20.5, -103.4), "Ruido de prensa por las noches en una nave.",
     "tableting", "reported"),
    ("MX-SON", "Predio La Hipótesis", (29.1, -110.8), "Tambos con etiquetas cortadas.", "storage", "reported"),
    ("MX-ZAC", "Camino real s/n, Los Asegunes", (23.1, -102.9), "Filtración de solventes reportada por vecinos.",
     "extraction", "reported"),
    ("MX-NAY", "Lote 8, fraccionamiento La Prueba", (21.6, -104.8), "Compra de material de vidrio en volumen.",
     "synthesis", "discarded"),
    ("MX-JAL", "P. Industrial Ejemplo, bodega doce", (20.5, -103.4), "Entregas de celulosa y estearato.",
     "tableting", "corroborated"),
    ("MX-CHH", "Rancho El Borrador", (28.4, -106.8), "Vehículos con placas de otro estado.", "storage", "reported"),
    ("MX-GRO", "Paraje Las Conjeturas", (17.6, -99.6), "Versión de una sola fuente.", "synthesis", "reported"),
    ("MX-TAM", "Bodega 3, zona aduanal de ejemplo", (22.5, -98.0), "Mercancía abandonada sin reclamar.",
     "storage", "corroborated"),
)

# name, host, tlp, grade
INDICATORS = (
    ("Tienda que ofrece anhídrido acético sin factura", "reactivos-01.example", "amber", "B2"),
    ("Tienda que ofrece troqueles para tabletas", "reactivos-02.example", "amber", "B3"),
    ("Sitio que imita a una importadora registrada", "reactivos-03.example", "amber", "A2"),
    ("Tienda que ofrece metilamina en tambo", "reactivos-04.example", "amber+strict", "B2"),
    ("Tienda vista también en pedimentos", "reagents-05.example", "amber", "C3"),
    ("Sitio mencionado por una fuente sin antecedentes", "reactivos-06.example", "green", "F6"),
)

# name, description
ACTIONS = (
    ("Cotejar la notificación previa a la exportación", "Comparar sustancia y cantidad con el pedimento."),
    ("Verificar los números de contenedor", "Calcular el dígito verificador y cotejar propietario y línea."),
    ("Pedir el uso final", "Solicitar planta, proceso y consumo anual antes del despacho."),
)

_DISPATCH = (
    "La cooperación se limita a compartir información y a la asesoría técnica, según un comunicado. "
    "El comunicado no da cifras por puerto."
)
# outlet, name, description, states: one dispatch and three copies of it
PRESS = (
    ("Agencia Ejemplo", "Autoridades acuerdan compartir información sobre precursores", _DISPATCH, ("MX-BCN",)),
    ("El Diario de Muestra", "Acuerdan compartir información de precursores", _DISPATCH, ("MX-BCN",)),
    ("Radio Supuesto", "Habrá intercambio de información sobre precursores",
     "Según un comunicado, la cooperación se limita a compartir información y a la asesoría técnica.", ("MX-BCN",)),
    ("La Gaceta del Ejemplo", "Precursores: acuerdan intercambio",
     "El comunicado no da cifras por puerto. La cooperación se limita a compartir información.", ("MX-BCN",)),
)

# name, description, tlp, grade
ANALYSES = (
    ("Importadoras con domicilio compartido", "Tres importadoras declaran la misma bodega.", "amber", "B2"),
    ("Embarques anunciados que no llegaron", "Dos notificaciones previas sin arribo en sesenta días.", "amber", "A2"),
    ("Información de una fuente sobre acopio", "De una sola fuente humana; no citar.", "red", "B2"),
)

SPIKE = (
    "Aumento inusual de sobredosis en Baja California, semana 20 de 2026",
    "Se contaron 27 casos donde se esperaban 11. Las muestras de doce casos contienen fentanilo y xilacina. El aumento "
    "comenzó cuatro días después del arribo de un embarque que no coincide con su notificación previa.",
)

# opinion, explanation
OPINIONS = (
    ("neutral", "La fuente no ha sido evaluada por otra oficina."),
    ("agree", "Los arribos del puerto lo confirman."),
    ("strongly-agree", "El registro público de domicilios lo confirma."),
)

# abstract, content
NOTES = (
    ("Verificado por teléfono", "La agencia confirma el despacho y desconoce el uso final."),
    ("Segundo recorrido", "Se propone otro recorrido en día hábil."),
    ("Cantidad", "La cantidad duplica el consumo anual declarado."),
    ("Vecinos", "Dos vecinos refieren entregas nocturnas."),
    ("Sellos", "Los sellos siguen la serie de un embarque anterior."),
)
