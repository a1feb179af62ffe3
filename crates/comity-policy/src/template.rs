//! The agreement to begin with.

use comity_model::{AgreementId, Handle, PartyRoot};
use jiff::civil::Date;

/// A commented agreement between two parties, with a clause each way: version 1, in force from the first to
/// the last day given, both included. Where `until` is not before `from` and the parties differ it parses
/// without errors and without warnings.
pub fn template(
    us: (&Handle, PartyRoot),
    them: (&Handle, PartyRoot),
    id: AgreementId,
    from: Date,
    until: Date,
) -> String {
    let (our, their) = (us.0, them.0);
    let parties = format!(
        "[parties.{our}]\nroot = \"{}\"\n\n[parties.{their}]\nroot = \"{}\"\n",
        us.1, them.1
    );
    let clauses = clause(our, their) + "\n" + &clause(their, our);
    format!(
        r#"# An agreement between two authorities. Both sign the digest of exactly these bytes,
# comments included: change anything, and both must sign again.

[agreement]
id = "{id}"
version = 1
title = "Intelligence cooperation of {our} and {their}"
language = "comity-agreement/1"
# What may be done under it at all. There is no third word: joint operations can't be written.
scope = ["intelligence", "technical-support"]
# What it rests on, one text each, as "Exchange of notes of 2026-01-30". What is done under the agreement names one.
legal_basis = []
# Whole days in UTC, the first and the last included.
in_force = {{ from = {from}, until = {until} }}
# The label under which an object goes that carries none.
default_tlp = "amber"

# A party is its root key. Compare these digits with the other party, not over this channel.
{parties}
# One grant each. What no clause grants is not given.
{clauses}
# Clocks for requests, in hours from reception: "urgent" (8 where nothing is said), "priority" (72), "routine" (168).
[[answer_time]]
urgency = "urgent"
hours = 8

[[answer_time]]
urgency = "routine"
hours = 72

# Ceilings: objects in a "day" or a "month" of UTC. A release that would pass one is not sealed.
[[quota]]
clause = "{our}-to-{their}"
objects = 20000
per = "day"

[[quota]]
clause = "{their}-to-{our}"
objects = 20000
per = "day"

# The reasons that may be given for a "release", "refusal", "answer", "purge" or "recall", in both languages. With
# them an act must name at least one; statements carry the id alone.
[[reason]]
id = "within-purpose"
for = ["release", "answer"]
en = "The information serves the purpose for which the clause grants it"
es = "La información sirve a la finalidad para la que la cláusula la autoriza"

[[reason]]
id = "not-granted"
for = ["refusal"]
en = "No clause grants what is asked for"
es = "Ninguna cláusula autoriza lo que se solicita"

[[reason]]
id = "inquiry-at-risk"
for = ["refusal"]
en = "An answer would put an inquiry or a person at risk"
es = "La respuesta pondría en riesgo una investigación o a una persona"

[[reason]]
id = "retention-ended"
for = ["purge"]
en = "The time for which it may be kept has ended"
es = "Concluyó el plazo durante el cual puede conservarse"

[[reason]]
id = "withdrawn-by-owner"
for = ["purge", "recall"]
en = "Its owner withdraws or corrects it"
es = "Su titular la retira o la corrige"

[[reason]]
id = "kept-by-law"
for = ["refusal", "purge"]
en = "A law of the receiving party forbids to destroy it now"
es = "Una ley de la parte que la recibió impide destruirla por ahora"

# What no clause overrides. `when` is a Cedar expression that is true of what is never given.
[[red_line]]
text = "Nothing about a natural person under 18"
when = 'resource.labels.contains("minor")'

[[red_line]]
text = "Nothing that identifies a protected source"
when = 'resource.labels.containsAny(["source-identity", "protected-person"])'
"#
    )
}

fn clause(from: &Handle, to: &Handle) -> String {
    format!(
        r#"[[clause]]
id = "{from}-to-{to}"
from = "{from}"
to = "{to}"
purposes = ["precursor-control", "public-health"]
# STIX types that may go.
kinds = [
  "consignment", "identity", "indicator", "location", "note", "observed-data",
  "relationship", "report", "sighting",
]
# The most restrained label that may go; "red" never does.
max_tlp = "amber+strict"
# The least grade, source and information; with it, ungraded objects stay.
# min_grade = "C3"
# The most restrained PAP label, and the greatest age in days.
# max_pap = "amber"
# max_age_days = 730
# What is about a place must be about one of these countries.
# countries = ["MX", "US"]
# Labels of which one must be there, and labels that must not be.
# labels = {{ any = ["synthetic-drugs"], none = ["sealed"] }}
# "own": only the giving party's own information; "any": with consent also what others gave it.
# origin = "own"
# Names of natural persons: "allow", "pseudonym" or "withhold". Descriptions: "allow" or "withhold".
# persons = "pseudonym"
# descriptions = "withhold"
# Properties removed before anything leaves.
redact = ["identity.contact_information", "location.street_address"]
# How exact places ("admin1" or "country") and times ("day") may be.
# precision = {{ location = "admin1", time = "day" }}
# Whether the receiver may pass it on: "units", "originator-consent" or "never".
onward = "originator-consent"
# "intelligence-only", "judicial" or both.
use = ["intelligence-only"]
retention_days = 180
# "one-person", "two-person" or "standing": signed beforehand, with a daily ceiling, never for sites or persons.
approval = "two-person"
# Whether the officer who composed a release may be one of its approvers.
composer_may_approve = false
"#
    )
}
