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
# What it rests on, one text each, as "Exchange of notes of 2026-01-30".
legal_basis = []
# Whole days in UTC, the first and the last included.
in_force = {{ from = {from}, until = {until} }}
# The label under which an object goes that carries none.
default_tlp = "amber"

# A party is its root key. Compare these digits with the other party, not over this channel.
{parties}
# One grant each. What no clause grants is not given.
{clauses}
# Clocks for requests: "urgent", "priority", "routine". This version keeps them and counts none.
[[answer_time]]
urgency = "urgent"
hours = 8

[[answer_time]]
urgency = "routine"
hours = 72

# Ceilings: objects in a "day" or a "month". This version keeps them and counts none.
[[quota]]
clause = "{our}-to-{their}"
objects = 20000
per = "day"

[[quota]]
clause = "{their}-to-{our}"
objects = 20000
per = "day"

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
# Properties removed before anything leaves.
redact = ["identity.contact_information", "location.street_address"]
# How exact places ("admin1" or "country") and times ("day") may be.
# precision = {{ location = "admin1", time = "day" }}
# Whether the receiver may pass it on: "units", "originator-consent" or "never".
onward = "originator-consent"
# "intelligence-only", "judicial" or both.
use = ["intelligence-only"]
retention_days = 180
# "one-person", "two-person" or "standing"; until a standing approval is signed, "standing" needs one person.
approval = "two-person"
# Whether the officer who composed a release may be one of its approvers.
composer_may_approve = false
"#
    )
}
