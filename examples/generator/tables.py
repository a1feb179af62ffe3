"""Facts (substances, ports, areas; sources in examples/README.md) and invented names."""

from typing import NamedTuple

from .numbers import imo


class Substance(NamedTuple):
    """What a declaration can be of. `low` and `high` are kilograms that such a consignment may weigh."""

    en: str
    es: str
    cas: str
    hs: str
    low: int
    high: int
    written: tuple  # as declarants write it


SUBSTANCES = (
    Substance("Acetic anhydride", "Anhídrido acético", "108-24-7", "2915.24", 4000, 21000,
              ("ACETIC ANHYDRIDE 99% MIN", "ACETIC ANHYDRID TECH GRADE", "ANHIDRIDO ACETICO")),
    Substance("Phenylacetic acid", "Ácido fenilacético", "103-82-2", "2916.34", 500, 8000,
              ("PHENYLACETIC ACID", "BENZENEACETIC ACID 25KG BAG", "ACIDO FENILACETICO")),
    Substance("Methylamine", "Metilamina", "74-89-5", "2921.11", 2000, 16000,
              ("MONOMETHYLAMINE 40% SOLUTION", "METHYLAMINE AQ SOL", "METILAMINA SOL. ACUOSA")),
    Substance("Benzyl chloride", "Cloruro de bencilo", "100-44-7", "2903.99", 1000, 14000,
              ("BENZYL CHLORIDE", "BENZYL CHLORID STABILIZED", "CLORURO DE BENCILO")),
    Substance("Toluene", "Tolueno", "108-88-3", "2902.30", 12000, 23000,
              ("TOLUENE INDUSTRIAL", "METHYLBENZENE IN DRUMS", "TOLUENO")),
    Substance("Acetone", "Acetona", "67-64-1", "2914.11", 9000, 22000,
              ("ACETONE 99.5%", "ACETONE IN ISO TANK", "ACETONA")),
    Substance("Hydrochloric acid", "Ácido clorhídrico", "7647-01-0", "2806.10", 8000, 23000,
              ("HYDROCHLORIC ACID 33%", "MURIATIC ACID", "ACIDO CLORHIDRICO")),
    Substance("Sulphuric acid", "Ácido sulfúrico", "7664-93-9", "2807.00", 9000, 24000,
              ("SULPHURIC ACID 98%", "SULFURIC ACID", "ACIDO SULFURICO")),
    Substance("Iodine", "Yodo", "7553-56-2", "2801.20", 200, 2500,
              ("IODINE PRILLS", "IODINE CRUDE 50KG DRUM", "YODO")),
    Substance("Potassium permanganate", "Permanganato de potasio", "7722-64-7", "2841.61", 1000, 12000,
              ("POTASSIUM PERMANGANATE", "POT. PERMANGANATE FREE FLOWING", "PERMANGANATO DE POTASIO")),
    Substance("Piperonal", "Piperonal", "120-57-0", "2932.93", 300, 3000,
              ("PIPERONAL", "HELIOTROPIN CRYSTALS", "HELIOTROPINA")),
    Substance("1-Phenyl-2-propanone", "1-Fenil-2-propanona", "103-79-7", "2914.31", 100, 1200,
              ("PHENYLACETONE", "P-2-P FOR SYNTHESIS", "FENILACETONA")),
    Substance("N-Phenethyl-4-piperidone", "N-Fenetil-4-piperidona", "39742-60-4", "2933.37", 25, 200,
              ("N-PHENETHYL-4-PIPERIDONE", "NPP INTERMEDIATE", "INTERMEDIO QUIMICO NPP")),
    Substance("4-Anilino-N-phenethylpiperidine", "4-Anilino-N-fenetilpiperidina", "21409-26-7", "2933.36", 10, 100,
              ("4-ANPP", "PHARMACEUTICAL INTERMEDIATE ANPP", "INTERMEDIO FARMACEUTICO")),
)


class Port(NamedTuple):
    """A port by its UN/LOCODE, with its ISO 3166-2 subdivision and rounded coordinates where they are sure."""

    locode: str
    name: str
    country: str
    subdivision: str
    place: tuple | None = None


LOADING = (
    Port("CNSGH", "Shanghai", "CN", "CN-SH", (31.23, 121.48)),
    Port("CNNBG", "Ningbo", "CN", "CN-ZJ", (29.92, 121.67)),
    Port("CNTXG", "Tianjin Xingang", "CN", "CN-TJ", (38.98, 117.70)),
    Port("CNQDG", "Qingdao", "CN", "CN-SD"),
    Port("CNYTN", "Yantian", "CN", "CN-GD"),
    Port("INNSA", "Nhava Sheva", "IN", "IN-MH", (18.95, 72.97)),
    Port("INMUN", "Mundra", "IN", "IN-GJ", (22.80, 69.75)),
    Port("KRPUS", "Busan", "KR", "KR-26", (35.13, 129.05)),
    Port("DEHAM", "Hamburg", "DE", "DE-HH", (53.52, 9.93)),
    Port("ESVLC", "Valencia", "ES", "ES-VC", (39.45, -0.33)),
)
MEXICAN_PORTS = (
    Port("MXZLO", "Manzanillo", "MX", "MX-COL", (19.05, -104.30)),
    Port("MXLZC", "Lázaro Cárdenas", "MX", "MX-MIC", (17.95, -102.18)),
    Port("MXVER", "Veracruz", "MX", "MX-VER", (19.20, -96.08)),
    Port("MXATM", "Altamira", "MX", "MX-TAM", (22.40, -97.92)),
)
NORTHERN_PORTS = (
    Port("USLAX", "Los Angeles", "US", "US-CA", (33.72, -118.28)),
    Port("USLGB", "Long Beach", "US", "US-CA", (33.77, -118.18)),
    Port("USHOU", "Houston", "US", "US-TX", (29.75, -95.35)),
)

SHIPS = (
    ("PACIFIC SPECIMEN", imo("290114")),
    ("ESTRELLA MUESTRA", imo("290237")),
    ("GOLDEN EXAMPLE", imo("290341")),
    ("RUTA EJEMPLAR", imo("290452")),
    ("NORTHERN PATTERN", imo("290568")),
)
CONTAINER_OWNERS = ("ZQX", "QXJ", "JXQ", "XJZ")

# Companies, all invented, written as registers and declarations write them.
EXPORTERS = (
    "Ningbo Yuhaolin Fine Chem. Co., Ltd.",
    "Shanghai Baixuntong Import & Export Co., Ltd.",
    "Tianjin Qiaomuhe Chemical Industry Group",
    "QINGDAO LANYUSHI INT'L TRADE CO LTD",
    "Shenzhen Wanlihu Bio-Tech Co., Ltd.",
    "Zhejiang Tongyuqiao Pharm. Intermediates Co., Ltd.",
    "Sagarvela Organics Pvt. Ltd.",
    "Mundra Neelkoti Chemicals LLP",
    "Hansol-Yeorim Chemtrade Co., Ltd.",
    "Elbsander Feinchemie GmbH & Co. KG",
    "Reactius i Dissolvents Marjalet, S.L.",
    "Químicas Torrealmena e Hijos, S.A.",
)
MEXICAN_IMPORTERS = (
    "Comercializadora de Reactivos Sotoluna y Arizpe Verdín, S.A. de C.V.",
    "Química Industrial del Valle Índigo, S.A. de C.V.",
    "Distribuidora Hermanos Cantarrana Olmeda, S. de R.L. de C.V.",
    "Importaciones y Solventes Peña Blanquilla, S.A.P.I. de C.V.",
    "Grupo Farmoquímico Tres Acequias, S.A. de C.V.",
    "Proveedora Agroindustrial Núñez Tepozanes, S.P.R. de R.L.",
    "Recubrimientos y Adhesivos Lomas del Ñandú, S.A. de C.V.",
    "Laboratorios Ybarguren Xochimanca, S.A. de C.V.",
    "Materias Primas Güemes Zavaleta e Hijos, S.C.",
    "Textiles y Tintes Laguna Sepia, S.A. de C.V.",
)
NORTHERN_FIRMS = (
    "Larkmoor Freight Forwarding LLC",
    "Tidewater & Quillan Customs Brokers, Inc.",
    "Ocotillo Basin Chem. Supply Co.",
    "Brassfield-Iturralde Logistics LP",
    "Sable Mesa Coatings, Inc.",
    "Harrowgate Labs Corp. d/b/a HG Reagents",
)
# The same firms as another declaration writes them: abbreviations, capitals, no accents.
VARIANTS = {
    "Comercializadora de Reactivos Sotoluna y Arizpe Verdín, S.A. de C.V.":
        "COMERC. DE REACTIVOS SOTOLUNA ARIZPE V. SA DE CV",
    "Distribuidora Hermanos Cantarrana Olmeda, S. de R.L. de C.V.":
        "DIST. HNOS CANTARRANA OLMEDA S DE RL DE CV",
    "Proveedora Agroindustrial Núñez Tepozanes, S.P.R. de R.L.": "PROV AGROIND NUNEZ TEPOZANES SPR DE RL",
    "Materias Primas Güemes Zavaleta e Hijos, S.C.": "MATERIAS PRIMAS GUEMES ZAVALETA E HIJOS",
}

AREAS = (
    ("California", "US-CA", "US"),
    ("Arizona", "US-AZ", "US"),
    ("New Mexico", "US-NM", "US"),
    ("Texas", "US-TX", "US"),
    ("Ohio", "US-OH", "US"),
    ("Pennsylvania", "US-PA", "US"),
    ("West Virginia", "US-WV", "US"),
    ("Kentucky", "US-KY", "US"),
    ("Washington", "US-WA", "US"),
    ("Oregon", "US-OR", "US"),
    ("New York", "US-NY", "US"),
    ("Florida", "US-FL", "US"),
)
STATES = (
    ("Baja California", "MX-BCN", "MX"),
    ("Sonora", "MX-SON", "MX"),
    ("Chihuahua", "MX-CHH", "MX"),
    ("Tamaulipas", "MX-TAM", "MX"),
    ("Nuevo León", "MX-NLE", "MX"),
    ("Jalisco", "MX-JAL", "MX"),
)
