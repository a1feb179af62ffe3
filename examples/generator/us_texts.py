"""The words of the objects of `us`, all invented. Persons have numbers and roles, never names."""

# name, description, contact, labels
PEOPLE = (
    ("Person 1", "Customs broker's contact in the papers of an importer of acetic anhydride",
     "broker-desk@broker.example, +1 202-555-0143", ()),
    ("Person 2", "Signs for an importer of methylamine", "compras@importer-2.example, +1 202-555-0117", ()),
    ("Person 3", "Booked three containers with a forwarder", "+1 202-555-0162", ()),
    ("Person 4", "Registered a domain that offers reagents", "registrant@reagents-04.example", ()),
    ("Person 5", "Warehouse keeper named in a delivery note", "bodega@importer-5.example, +1 202-555-0188", ()),
    ("Person 6", "Driver named in a delivery note", None, ()),
    ("Person 7", "Relative of Person 2, under 18, mentioned in a statement", None, ("minor",)),
)

# area, street address, description, process, substances, status
SITES = (
    ("US-AZ", "Unit 14, Example Commerce Park, 400 W Sample Rd",
     "Rented unit with a rotary tablet press, reported by the landlord.", "tableting", ("fentanyl",), "reported"),
    ("US-CA", "Rear building, 1200 Specimen Ave",
     "Solvent smell and frosted windows, reported twice.", "extraction", ("acetone", "toluene"), "corroborated"),
    ("US-TX", "Barn off Farm Road 00, mile 3",
     "Empty drums with labels cut off.", "storage", ("hydrochloric acid",), "reported"),
    ("US-OH", "Basement, 77 Muster St",
     "Hand press and dyes, found during a fire inspection.", "tableting", ("fentanyl", "xylazine"), "put-out-of-use"),
)

# name, pattern, tlp, grade, indicator type
INDICATORS = (
    ("Shop that offers acetic anhydride without questions",
     "[domain-name:value = 'reagents-01.example']", "amber", "B2", "anomalous-activity"),
    ("Mail address that asks for mislabelled drums",
     "[email-addr:value = 'sales@reagents-02.example']", "amber", "B2", "malicious-activity"),
    ("Catalogue page for piperidone intermediates",
     "[url:value LIKE 'https://reagents-03.example/catalogue/%']", "amber", "B3", "anomalous-activity"),
    ("Mail address that confirms a changed consignee",
     "[email-addr:value = 'sales@reagents-04.example']", "amber+strict", "A2", "malicious-activity"),
    ("Shop that offers tablet press dies with protected marks",
     "[domain-name:value = 'reagents-05.example']", "amber", "C3", "malicious-activity"),
    ("Two shops behind one address",
     "[domain-name:value = 'reagents-06.example' AND domain-name:resolves_to_refs[*].value = '203.0.113.77']",
     "amber", "C2", "anomalous-activity"),
    ("Catalogue page for N-phenethyl-4-piperidone",
     "[url:value MATCHES '^https://reagents-07\\\\.example/catalogue/[0-9]{3}$']", "green", "B2", "anomalous-activity"),
    ("Mail sent within a day of a visit to the shop",
     "[domain-name:value = 'reagents-08.example'] FOLLOWEDBY [email-addr:value = 'sales@reagents-08.example'] "
     "WITHIN 86400 SECONDS", "amber", "B3", "anomalous-activity"),
    ("Shop named by a single unknown source",
     "[domain-name:value = 'reagents-31.example']", "amber", "F6", "unknown"),
    ("Address range named in a forum",
     "[ipv4-addr:value ISSUBSET '198.51.100.0/24']", "green", "E5", "unknown"),
    ("Buyer's mail address in an open inquiry",
     "[email-addr:value = 'buyer@reagents-40.example']", "red", "A1", "malicious-activity"),
    ("Messenger handle page of a seller of presses",
     "[url:value = 'https://reagents-41.example/press']", "amber", "D4", "unknown"),
)

# name, description
ACTIONS = (
    ("Ask for the end use of a precursor", "Ask the importer for its plant, process and yearly need before release."),
    ("Check the pre-export notification", "Compare the declaration with the notification by substance and quantity."),
    ("Check the container numbers", "Recompute the check digit, and compare owner and line."),
    ("Look for tablet press parts", "Look for dies and turrets declared as general machinery."),
)

# outlet, name, description, areas
PRESS = (
    ("The Example Courier", "Officials say precursor checks at ports have doubled",
     "The article gives no figures by port and names no firm.", ("USLAX", "USLGB")),
    ("Specimen Public Radio", "Overdose calls rise along one interstate",
     "The report rests on calls to three counties' emergency services.", ("US-OH", "US-WV")),
    ("The Sample Ledger", "Two countries to share more on synthetic drugs",
     "Reports a meeting of officials; both sides stress that it concerns information alone.", ("US-TX",)),
    ("Muster Wire", "Tablet presses sold openly online, study finds",
     "Names no shop. The study is not published.", ("US-CA", "US-AZ")),
    ("The Example Courier", "Port workers' union asks for better handling of acids",
     "About safety at work; two spills are dated.", ("USHOU",)),
    ("Northern Pattern Post", "Health department warns of xylazine",
     "Quotes a public notice of a health department.", ("US-PA", "US-NY")),
)

# name, description, tlp, grade
ANALYSES = (
    ("Consignees that changed business within a year", "Four importers took up chemicals after other trades.",
     "amber", "B2"),
    ("Declarations with misspelt substances, first quarter of 2026",
     "The same three spellings return, whoever the declarant is.", "amber", "B3"),
    ("Shops behind shared addresses", "Eight shops, three addresses, one registrar.", "amber+strict", "B2"),
    ("A source on storage near two ports", "From one human source; not to be quoted.", "red", "B2"),
    ("Rumours of a new route", "Collected from forums; nothing bears it out.", "amber", "E5"),
)

# opinion, explanation
OPINIONS = (
    ("disagree", "The dates of the rumours do not agree with the sailings."),
    ("agree", "Two independent sources speak of the same storage."),
    ("strongly-agree", "The registrar's public data bear it out."),
    ("neutral", "The spellings may come from one translation tool."),
)

# abstract, content
NOTES = (
    ("Checked by telephone", "The forwarder confirms the booking and knows no end user."),
    ("No plant found", "No plant at the stated place on imagery of this year."),
    ("Second visit proposed", "The landlord would let inspectors in on a weekday."),
    ("Same seal series", "Seal numbers follow those of a consignment of the month before."),
    ("Quantity", "The quantity is twice the yearly need that the importer stated."),
    ("Neighbours", "Two neighbours speak of deliveries at night."),
)
