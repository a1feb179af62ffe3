"""What a health office of `us` sends to its own authority: weekly counts, as a STIX bundle."""

from .draw import Draw
from .stix import Holdings, moment
from .tables import AREAS

WEEKS = 4


def bundle(us):
    """The bundle: its own author, weekly counts for each area of `us`, and a note. No id of it is in the holdings."""
    office = Holdings("us-health", "en")
    office.author = office.add(
        "identity", "office", 100, tlp="green", grade="A1",
        name="Overdose Surveillance Office (example unit of us)", identity_class="organization",
        sectors=["healthcare"],
    )
    areas = [made for made in us.objects if made["type"] == "location" and made["name"].startswith("Health area")]
    alerts = []
    for (name, _subdivision, _country), area in zip(AREAS, areas):
        expected = float(Draw(f"us-health/{name}").between(14, 60))
        for week in range(WEEKS):
            draw = Draw(f"us-health/{name}/{week}")
            count = round(expected * draw.between(75, 130) / 100)
            start = 98 + 7 * week
            alerts.append(office.add(
                "overdose-alert", f"{name}/{week}", start + 9, tlp="green", grade="A2",
                name=f"Overdoses in {name}, week {16 + week} of 2026", area_ref=area["id"],
                period_start=moment(start), period_end=moment(start + 7), count=count, expected=expected,
                fatal=round(count * 0.15), substances=["fentanyl"],
            ))
    office.add(
        "note", "method", 130, tlp="green", grade="A2", abstract="How the counts are made",
        content="Calls to emergency services, counted on the day of the call. Expected: the mean of the same weeks of "
        "the three years before.",
        object_refs=alerts,
    )
    return {"type": "bundle", "id": f"bundle--{Draw('us-health/bundle').uuid4()}", "objects": office.objects}
