"""What the authority `mx` holds."""

from . import trade
from .draw import Draw
from .mx_texts import ACTIONS, ANALYSES, INDICATORS, NOTES, OPINIONS, PEOPLE, PRESS, SITES, SPIKE
from .shared import shared_objects
from .stix import Holdings, moment
from .tables import EXPORTERS, LOADING, MEXICAN_IMPORTERS, MEXICAN_PORTS, STATES, VARIANTS

CONSIGNMENTS = 45


def holdings():
    """Every object of `mx`, and the ids of its answer in examples/story.json."""
    mx = Holdings("mx", "es")
    mx.author = mx.add(
        "identity", "authority", 0, tlp="green", grade="A1",
        name="Oficina de Inteligencia sobre Drogas Sintéticas (autoridad de ejemplo de mx)",
        identity_class="organization", sectors=["government-national"],
    )
    places = {row.locode: trade.port(mx, row) for row in (*LOADING, *MEXICAN_PORTS)}
    for name, subdivision, country in STATES:
        places[subdivision] = mx.add(
            "location", subdivision, 0, tlp="green", grade="A1",
            name=name, country=country, administrative_area=subdivision,
        )
    firms = _firms(mx)
    people = _people(mx)
    consignments = _consignments(mx, places, firms)
    sites = _sites(mx)
    indicators = _indicators(mx)
    reports = _reports(mx, places, consignments, sites)
    _opinions_and_notes(mx, reports, sites, consignments)
    _relations(mx, people, firms, consignments, sites)
    answer = _alerts(mx, places)
    for number, (indicator, site) in enumerate(zip(indicators, sites)):
        mx.relate(indicator, "related-to", site["laboratory"], 128 + number, tlp="amber", grade="C3")
    mx.objects = shared_objects() + mx.objects
    return mx, answer


def _firms(mx):
    firms = {name: trade.firm(mx, name, ["chemical"]) for name in EXPORTERS}
    for name in MEXICAN_IMPORTERS:
        written = VARIANTS.get(name, name)
        firms[name] = trade.firm(mx, written, ["chemical"])
    return firms


def _people(mx):
    people = {}
    for day, (name, description, contact, labels) in enumerate(PEOPLE, 15):
        specific = {"name": name, "description": description, "identity_class": "individual"}
        if contact:
            specific["contact_information"] = contact
        people[name] = mx.add("identity", name, day, tlp="amber", grade="B2", labels=labels, **specific)
    return people


def _consignments(mx, places, firms):
    exporters = [firms[name] for name in EXPORTERS]
    importers = [firms[name] for name in MEXICAN_IMPORTERS]
    loading = [places[row.locode] for row in LOADING]
    discharge = [places[row.locode] for row in MEXICAN_PORTS]
    return [
        trade.consignment(
            mx, number, exporters=exporters, importers=importers, notified=importers, loading=loading,
            discharge=discharge,
        )
        for number in range(1, CONSIGNMENTS + 1)
    ]


def _sites(mx):
    sites = []
    for number, (state, address, place, description, process, status) in enumerate(SITES, 1):
        where = mx.add(
            "location", f"site-{number}", 40 + number, tlp="amber", grade="B3", name=f"Sitio reportado {number:02}",
            latitude=place[0], longitude=place[1], precision=10000.0, country="MX", administrative_area=state,
            street_address=address,
        )
        laboratory = mx.add(
            "suspected-laboratory", number, 42 + number, tlp="amber+strict" if number % 6 == 0 else "amber",
            grade="D4" if number == 13 else "B3", name=f"Presunto laboratorio clandestino {number:02}",
            description=description, location_ref=where, first_reported=moment(38 + number), process=process,
            reports=1, status=status,
        )
        sites.append({"where": where, "laboratory": laboratory})
    return sites


def _indicators(mx):
    indicators = []
    for number, (name, host, tlp, grade) in enumerate(INDICATORS, 1):
        draw = Draw(f"mx/observation/{number}")
        address = mx.observe("ipv4-addr", {"value": f"198.51.100.{draw.between(2, 250)}"})
        domain = mx.observe("domain-name", {"value": host}, resolves_to_refs=[address])
        seen = draw.between(10, 80)
        observation = mx.add(
            "observed-data", number, 90, tlp="amber", first_observed=moment(seen), last_observed=moment(seen + 7),
            number_observed=draw.between(1, 20), object_refs=[domain, address],
        )
        indicators.append(mx.add(
            "indicator", number, 91 + number, tlp=tlp, grade=grade, name=name,
            description="De ofertas recopiladas por analistas.", indicator_types=["anomalous-activity"],
            pattern=f"[domain-name:value = '{host}']", pattern_type="stix", pattern_version="2.1",
            valid_from=moment(91 + number),
        ))
        mx.add(
            "sighting", number, 100 + number, tlp="amber", sighting_of_ref=indicators[-1],
            observed_data_refs=[observation], where_sighted_refs=[mx.author], count=number,
        )
    for number, (name, description) in enumerate(ACTIONS, 1):
        mx.add("course-of-action", number, 30 + number, tlp="green", grade="A2", name=name, description=description)
    return indicators


def _reports(mx, places, consignments, sites):
    reports = []
    for number, (outlet, name, description, states) in enumerate(PRESS, 1):
        link = {"source_name": outlet, "url": f"https://prensa.example/{number:03}", "description": "nota de prensa"}
        reports.append(mx.add(
            "report", f"press-{number}", 75, tlp="green", grade="C3", labels=["press"], name=name,
            description=description, report_types=["threat-report"], published=moment(75),
            object_refs=[places[state] for state in states], references=[link],
        ))
    for number, (name, description, tlp, grade) in enumerate(ANALYSES, 1):
        draw = Draw(f"mx/analysis/{number}")
        about = draw.some(consignments, 3) + [site["laboratory"] for site in draw.some(sites, 2)]
        reports.append(mx.add(
            "report", f"analysis-{number}", 110 + number, tlp=tlp, grade=grade, name=name, description=description,
            report_types=["threat-report"], published=moment(110 + number), object_refs=about,
        ))
    return reports


def _opinions_and_notes(mx, reports, sites, consignments):
    for number, (opinion, explanation) in enumerate(OPINIONS, 1):
        mx.add(
            "opinion", number, 120 + number, tlp="amber", explanation=explanation, opinion=opinion,
            object_refs=[reports[-number]],
        )
    for number, (abstract, content) in enumerate(NOTES, 1):
        about = consignments[number * 6] if number % 2 else sites[number]["laboratory"]
        mx.add("note", number, 122 + number, tlp="amber", abstract=abstract, content=content, object_refs=[about])


def _relations(mx, people, firms, consignments, sites):
    for number, person in enumerate(people.values()):
        firm = firms[MEXICAN_IMPORTERS[number]]
        mx.relate(person, "related-to", firm, 124, "aparece en documentos de la empresa", tlp="amber", grade="B2")
    first, second, third = (sites[number]["laboratory"] for number in (3, 6, 10))
    for other in (second, third):
        mx.relate(first, "related-to", other, 125, "tres reportes de un mismo sitio", tlp="amber", grade="B2")
    for number in range(2, 8):
        mx.relate(
            consignments[number], "related-to", consignments[number + 15], 126,
            "mismo buque y mismo propietario de contenedores en treinta días", tlp="amber", grade="C3",
        )


def _alerts(mx, places):
    """Six weekly counts, one of them unusual, with the report that speaks of it. Gives the ids of the answer."""
    spike = None
    for number, (name, subdivision, _country) in enumerate(STATES):
        draw = Draw(f"mx/alert/{number}")
        expected = 11.0 if number == 0 else float(draw.between(6, 24))
        count = 27 if number == 0 else round(expected * draw.between(80, 125) / 100)
        alert = mx.add(
            "overdose-alert", number, 134, tlp="amber" if number == 0 else "green", grade="A2",
            name=f"Sobredosis en {name}, semana 20 de 2026", area_ref=places[subdivision],
            period_start=moment(126), period_end=moment(133), count=count, expected=expected,
            fatal=round(count * 0.12), substances=["fentanilo", "xilacina"] if number == 0 else ["fentanilo"],
        )
        spike = spike or alert
    area = places[STATES[0][1]]
    name, description = SPIKE
    report = mx.add(
        "report", "spike", 135, tlp="amber", grade="A2", name=name, description=description,
        report_types=["observed-data"], published=moment(135), object_refs=[spike, area],
    )
    return {"ids": [report, spike, area]}
