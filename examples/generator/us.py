"""What the authority `us` holds."""

from . import trade
from .draw import Draw
from .shared import shared_objects
from .stix import TLP, Holdings, moment
from .tables import AREAS, EXPORTERS, LOADING, MEXICAN_IMPORTERS, MEXICAN_PORTS, NORTHERN_FIRMS, NORTHERN_PORTS
from .tables import SUBSTANCES, VARIANTS
from .us_texts import ACTIONS, ANALYSES, INDICATORS, NOTES, OPINIONS, PEOPLE, PRESS, SITES

CONSIGNMENTS = 60


def holdings():
    """Every object of `us`, and the ids that examples/story.json and examples/README.md name."""
    us = Holdings("us", "en")
    us.author = us.add(
        "identity", "authority", 0, tlp="green", grade="A1",
        name="Synthetic Drugs Intelligence Office (example authority of us)",
        identity_class="organization", sectors=["government-national"],
    )
    places = _places(us)
    firms = _firms(us)
    people = _people(us)
    dossier = _dossier(us, places, firms)
    consignments = _consignments(us, places, firms, dossier["consignment"])
    sites = _sites(us)
    observations = _observations(us)
    indicators = _indicators(us, observations)
    reports = _reports(us, places, consignments, indicators, sites)
    _opinions_and_notes(us, reports, sites, consignments)
    _relations(us, people, firms, indicators, observations, consignments, dossier)
    _alerts(us, places)
    story = {
        "passes": list(dossier.values()),
        "redacted": [people["Person 1"]],
        "withheld": [people["Person 7"]],
    }
    us.objects = shared_objects() + us.objects
    return us, story


def _places(us):
    places = {row.locode: trade.port(us, row) for row in (*LOADING, *MEXICAN_PORTS, *NORTHERN_PORTS)}
    for number, (name, subdivision, country) in enumerate(AREAS, 1):
        places[subdivision] = us.add(
            "location", subdivision, 0, tlp="green", grade="A1",
            name=f"Health area {number:02}, {name}", country=country, administrative_area=subdivision,
        )
    return places


def _firms(us):
    firms = {}
    for name in (*EXPORTERS, *MEXICAN_IMPORTERS, *VARIANTS.values()):
        firms[name] = trade.firm(us, name, ["chemical"])
    for name in NORTHERN_FIRMS:
        firms[name] = trade.firm(us, name, ["transportation"])
    return firms


def _people(us):
    people = {}
    for day, (name, description, contact, labels) in enumerate(PEOPLE, 20):
        specific = {"name": name, "description": description, "identity_class": "individual"}
        if contact:
            specific["contact_information"] = contact
        if name == "Person 5":
            specific["granular_markings"] = [
                {"marking_ref": TLP["amber+strict"], "selectors": ["description", "contact_information"]},
            ]
        people[name] = us.add("identity", name, day, tlp="amber", grade="B2", labels=labels, **specific)
    return people


def _dossier(us, places, firms):
    """Six objects that refer to one another and, but for their author, to nothing else."""
    parts = {
        "consignor": firms[EXPORTERS[0]],
        "consignee": firms[MEXICAN_IMPORTERS[0]],
        "loading": places["CNNBG"],
        "discharge": places["MXZLO"],
    }
    parts["consignment"] = trade.consignment(
        us, 0, exporters=[parts["consignor"]], importers=[parts["consignee"]], notified=[parts["consignee"]],
        loading=[parts["loading"]], discharge=[parts["discharge"]], substance=SUBSTANCES[0], quantity_kg=20800.0,
        declared_description="ACETIC ANHYDRID TECH GRADE", status="announced", day=120, grade="B2",
    )
    parts["report"] = us.add(
        "report", "dossier", 124, tlp="amber", grade="B2",
        name="Acetic anhydride from Ningbo to Manzanillo: a consignee with no known use for it",
        description=(
            "The consignee took up chemicals in the third quarter of 2025 and has no plant of its own. The declared "
            "quantity is four times what it imported before. The substance is misspelt in the declaration, as in two "
            "earlier ones of the same consignor. No reply to the pre-export notification is on file."
        ),
        report_types=["observed-data"], published=moment(124), object_refs=list(parts.values()),
    )
    return parts


def _consignments(us, places, firms, first):
    exporters = [firms[name] for name in EXPORTERS]
    importers = [firms[name] for name in (*MEXICAN_IMPORTERS, *VARIANTS.values(), *NORTHERN_FIRMS[2:])]
    brokers = [firms[name] for name in NORTHERN_FIRMS[:2]]
    loading = [places[row.locode] for row in LOADING]
    discharge = [places[row.locode] for row in (*MEXICAN_PORTS, *NORTHERN_PORTS)]
    return [first] + [
        trade.consignment(
            us, number, exporters=exporters, importers=importers, notified=importers + brokers, loading=loading,
            discharge=discharge,
        )
        for number in range(1, CONSIGNMENTS)
    ]


def _sites(us):
    sites = []
    for number, (area, address, description, process, substances, status) in enumerate(SITES, 1):
        where = us.add(
            "location", f"site-{number}", 60 + number, tlp="amber", grade="B3", name=f"Reported site {number}",
            country="US", administrative_area=area, street_address=address,
        )
        sites.append(us.add(
            "suspected-laboratory", number, 62 + number, tlp="amber", grade="B3",
            name=f"Suspected tableting site {number}", description=description, location_ref=where,
            first_reported=moment(58 + number), process=process, substances=list(substances), status=status,
        ))
    return sites


def _observations(us):
    observations = []
    for number in range(1, 9):
        draw = Draw(f"us/observation/{number}")
        host = f"reagents-{number:02}.example"
        address = us.observe("ipv4-addr", {"value": f"203.0.113.{draw.between(2, 250)}"})
        domain = us.observe("domain-name", {"value": host}, resolves_to_refs=[address])
        refs = [domain, address]
        if number % 2:
            refs.append(us.observe("url", {"value": f"https://{host}/catalogue/{draw.between(100, 999)}"}))
        else:
            refs.append(us.observe("email-addr", {"value": f"sales@{host}"}))
        seen = draw.between(10, 90)
        observations.append(us.add(
            "observed-data", number, 92, tlp="amber", first_observed=moment(seen), last_observed=moment(seen + 14),
            number_observed=draw.between(1, 40), object_refs=refs,
        ))
    return observations


def _indicators(us, observations):
    indicators = []
    for number, (name, pattern, tlp, grade, kind) in enumerate(INDICATORS, 1):
        indicators.append(us.add(
            "indicator", number, 95 + number, tlp=tlp, grade=grade, name=name,
            description="From offers and mail collected by analysts.", indicator_types=[kind], pattern=pattern,
            pattern_type="stix", pattern_version="2.1", valid_from=moment(95 + number),
            **({"revoked": True} if number == len(INDICATORS) else {}),
        ))
        if number <= len(observations):
            us.add(
                "sighting", number, 110 + number, tlp="amber", sighting_of_ref=indicators[-1],
                observed_data_refs=[observations[number - 1]], where_sighted_refs=[us.author], count=number,
            )
    for number, (name, description) in enumerate(ACTIONS, 1):
        us.add("course-of-action", number, 30 + number, tlp="green", grade="A2", name=name, description=description)
    return indicators


def _reports(us, places, consignments, indicators, sites):
    reports = []
    for number, (outlet, name, description, areas) in enumerate(PRESS, 1):
        link = {"source_name": outlet, "url": f"https://press.example/{number:03}", "description": "press report"}
        reports.append(us.add(
            "report", f"press-{number}", 70 + number, tlp="green", grade="C3", labels=["press"], name=name,
            description=description, report_types=["threat-report"], published=moment(70 + number),
            object_refs=[places[area] for area in areas], references=[link],
        ))
    for number, (name, description, tlp, grade) in enumerate(ANALYSES, 1):
        draw = Draw(f"us/analysis/{number}")
        about = draw.some(consignments[1:], 3) + draw.some(indicators, 1) + draw.some(sites, 1)
        reports.append(us.add(
            "report", f"analysis-{number}", 100 + number, tlp=tlp, grade=grade, name=name, description=description,
            report_types=["threat-report"], published=moment(100 + number), object_refs=about,
        ))
    return reports


def _opinions_and_notes(us, reports, sites, consignments):
    for number, (opinion, explanation) in enumerate(OPINIONS, 1):
        us.add(
            "opinion", number, 126 + number, tlp="amber", explanation=explanation, opinion=opinion,
            object_refs=[reports[-number]],
        )
    for number, (abstract, content) in enumerate(NOTES, 1):
        about = consignments[number * 7] if number % 3 else sites[number % len(sites)]
        us.add("note", number, 128 + number, tlp="amber", abstract=abstract, content=content, object_refs=[about])


def _relations(us, people, firms, indicators, observations, consignments, dossier):
    for number, (name, person) in enumerate(people.items()):
        target = dossier["consignee"] if number in (0, 6) else firms[MEXICAN_IMPORTERS[number]]
        us.relate(person, "related-to", target, 132, "named in papers of the firm", tlp="amber", grade="B2")
    for name, variant in VARIANTS.items():
        us.relate(firms[variant], "related-to", firms[name], 133, "probably the same firm", tlp="amber", grade="B3")
    for indicator, observation in zip(indicators, observations):
        us.relate(indicator, "based-on", observation, 134, tlp="amber", grade="B2")
    for number in range(3, 9):
        us.relate(
            consignments[number], "related-to", consignments[number + 20], 135,
            "the same container owner and vessel within thirty days", tlp="amber", grade="C3",
        )


def _alerts(us, places):
    for number, (name, subdivision, _country) in enumerate(AREAS[:8], 1):
        draw = Draw(f"us/alert/{number}")
        expected = float(draw.between(14, 60))
        count = round(expected * (2.4 if number == 5 else draw.between(80, 125) / 100))
        us.add(
            "overdose-alert", number, 140, tlp="amber" if number == 5 else "green", grade="A2",
            name=f"Overdoses in {name}, week 20 of 2026", area_ref=places[subdivision],
            period_start=moment(126), period_end=moment(133), count=count, expected=expected,
            fatal=round(count * 0.15), substances=["fentanyl"] if number % 2 else ["fentanyl", "xylazine"],
        )
