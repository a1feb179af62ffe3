//! Agreements and objects at random, and a second evaluator that shares no line with the first.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use comity_model::{Grade, Handling, Onward, Pap, PartyRoot, Tlp, UseCode};
use comity_policy::{Facts, Origin, Question, ReasonCode};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use crate::support::{mx, root, us};

const PURPOSES: [&str; 3] = ["precursor-control", "public-health", "trade"];
const KINDS: [&str; 7] =
    ["indicator", "location", "report", "malware", "identity", "note", "language-content"];
const LABELS: [&str; 4] = ["minor", "source", "a \"quoted\" \\ one", "ñ"];
const PROPERTIES: [&str; 5] = ["country", "region", "name", "pattern", "description"];
const GRADES: [&str; 6] = ["A1", "B2", "C3", "C6", "F1", "F6"];
const DAYS: [&str; 4] = [
    "2026-01-31T23:59:59Z",
    "2026-02-01T00:00:00Z",
    "2026-06-01T08:00:00Z",
    "2027-02-01T00:00:00Z",
];

/// A condition as Cedar and as Rust.
type Line = (&'static str, fn(&Facts, &Question<'_>, Tlp) -> bool);

const LINES: [Line; 14] = [
    (
        "if resource has confidence then resource.confidence < 40 else resource.revoked",
        |f, _, _| {
            let digit = f.grade.map(|it| it.to_string().split_off(1));
            let graded = digit.and_then(|it| match it.as_str() {
                "1" => Some(90),
                "2" => Some(70),
                "3" => Some(50),
                _ => None,
            });
            f.confidence.or(graded).map_or(f.revoked, |it| it < 40)
        },
    ),
    ("resource has onward && resource.onward == \"units\"", |f, _, _| {
        f.handling.as_ref().is_some_and(|it| it.onward == Onward::Units)
    }),
    (
        "!(resource has uses && resource.uses.contains(\"judicial\")) && resource has age_days && 200 > resource.age_days",
        |f, _, _| {
            let judicial = |it: &Handling| it.use_codes.contains(&UseCode::Judicial);
            !f.handling.as_ref().is_some_and(judicial) && f.age_days.is_some_and(|it| it < 200)
        },
    ),
    ("resource.labels.contains(\"minor\")", |f, _, _| f.labels.contains("minor")),
    ("resource.labels.containsAny([\"source\", \"ñ\"])", |f, _, _| {
        f.labels.contains("source") || f.labels.contains("ñ")
    }),
    ("resource.labels.containsAll([\"minor\", \"a \\\"quoted\\\" \\\\ one\"])", |f, _, _| {
        f.labels.contains("minor") && f.labels.contains("a \"quoted\" \\ one")
    }),
    ("resource.labels.isEmpty() && resource.kind == \"malware\"", |f, _, _| {
        f.labels.is_empty() && f.stix_type == "malware"
    }),
    ("resource.natural_person && !resource.revoked", |f, _, _| f.natural_person && !f.revoked),
    ("resource has age_days && resource.age_days >= 365", |f, _, _| f.age_days >= Some(365)),
    (
        "if resource has country then resource.country like \"M*\" else resource.from_partner",
        |f, _, _| f.country.as_ref().map_or(f.origin != Origin::Own, |it| it.starts_with('M')),
    ),
    ("resource has pap && resource.pap.rank > 1", |f, _, _| pap(f) > Some(Pap::Green)),
    ("resource has grade.reliability && resource.grade.reliability == \"F\"", |f, _, _| {
        f.grade.is_some_and(|it| it.to_string().starts_with('F'))
    }),
    ("context.purpose == \"trade\" && resource.properties.contains(\"pattern\")", |f, q, _| {
        q.purpose == "trade" && f.properties.contains("pattern")
    }),
    (
        "[\"green\", \"clear\"].contains(resource.tlp.label) && !resource.from_partner",
        |f, _, tlp| matches!(tlp, Tlp::Green | Tlp::Clear) && f.origin == Origin::Own,
    ),
];

#[derive(Debug, Clone)]
pub(crate) struct Grant {
    north: bool,
    purposes: Vec<&'static str>,
    kinds: Vec<&'static str>,
    max_tlp: Tlp,
    min_grade: Option<&'static str>,
    coarse: bool,
    uses: Vec<&'static str>,
    /// The optional terms that are written as they stand: the line, and what it withholds.
    extra: Vec<usize>,
    /// Whether the name of a location is taken out.
    redact: bool,
}

/// A term as it is written, with what it withholds.
type Extra = (&'static str, ReasonCode, fn(&Facts) -> bool);

/// Optional terms, several of the same field after one another: of those at most one is written.
const EXTRA: [Extra; 13] = [
    ("max_pap = \"clear\"", ReasonCode::ClausePap, |f| pap(f) > Some(Pap::Clear)),
    ("max_pap = \"amber\"", ReasonCode::ClausePap, |f| pap(f) > Some(Pap::Amber)),
    ("max_age_days = 30", ReasonCode::ClauseAge, |f| f.age_days.is_none_or(|it| it > 30)),
    ("max_age_days = 400", ReasonCode::ClauseAge, |f| f.age_days.is_none_or(|it| it > 400)),
    ("countries = [\"MX\"]", ReasonCode::ClauseCountry, |f| abroad(f, &["MX"])),
    ("countries = [\"US\", \"MX\"]", ReasonCode::ClauseCountry, |f| abroad(f, &["US", "MX"])),
    ("labels = { any = [\"source\", \"ñ\"] }", ReasonCode::ClauseLabels, |f| {
        !f.labels.contains("source") && !f.labels.contains("ñ")
    }),
    ("labels = { any = [\"ñ\"], none = [\"minor\"] }", ReasonCode::ClauseLabels, |f| {
        !f.labels.contains("ñ") || f.labels.contains("minor")
    }),
    ("labels = { none = [\"source\"] }", ReasonCode::ClauseLabels, |f| f.labels.contains("source")),
    ("origin = \"own\"", ReasonCode::ClauseOrigin, |f| f.origin != Origin::Own),
    ("persons = \"withhold\"", ReasonCode::ClausePersons, |f| {
        f.natural_person || f.stix_type == "language-content"
    }),
    ("persons = \"pseudonym\"", ReasonCode::ClausePersons, |f| {
        f.natural_person && f.stix_type != "identity" || f.stix_type == "language-content"
    }),
    ("descriptions = \"withhold\"", ReasonCode::ClauseDescriptions, |f| {
        f.stix_type == "note" || f.stix_type == "language-content"
    }),
];

fn field(extra: usize) -> &'static str {
    EXTRA[extra].0.split_once(' ').unwrap().0
}

fn pap(facts: &Facts) -> Option<Pap> {
    facts.pap.max(facts.handling.as_ref().and_then(|it| it.pap))
}

fn abroad(facts: &Facts, countries: &[&str]) -> bool {
    match facts.country.as_deref() {
        Some(country) => !countries.contains(&country),
        None => facts.stix_type == "location",
    }
}

/// An agreement as the naive evaluator sees it.
#[derive(Debug, Clone)]
pub(crate) struct Terms {
    grants: Vec<Grant>,
    lines: Vec<usize>,
    intelligence: bool,
    default_tlp: Tlp,
}

/// What is asked, with owned parts.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    from: PartyRoot,
    clause: String,
    purpose: &'static str,
    now: &'static str,
}

impl Asked {
    pub(crate) fn question(&self) -> Question<'_> {
        Question {
            from: self.from,
            clause: &self.clause,
            purpose: self.purpose,
            now: self.now.parse().unwrap(),
        }
    }
}

impl Terms {
    /// The text of the agreement.
    pub(crate) fn text(&self) -> String {
        let scope = if self.intelligence { "\"intelligence\"" } else { "\"technical-support\"" };
        let mut text = format!(
            "[agreement]\nid = \"agreement--5d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2b11\"\nversion = 1\n\
             title = \"t\"\nlanguage = \"comity-agreement/1\"\nscope = [{scope}]\nlegal_basis = []\n\
             in_force = {{ from = 2026-02-01, until = 2027-01-31 }}\ndefault_tlp = \"{}\"\n\
             [parties.us]\nroot = \"{}\"\n[parties.mx]\nroot = \"{}\"\n",
            self.default_tlp.as_str(),
            us(),
            mx()
        );
        for (grant, number) in self.grants.iter().zip(1..) {
            let (from, to) = if grant.north { ("mx", "us") } else { ("us", "mx") };
            writeln!(
                text,
                "[[clause]]\nid = \"c{number}\"\nfrom = \"{from}\"\nto = \"{to}\"\npurposes = {:?}\n\
                 kinds = {:?}\nmax_tlp = \"{}\"\nonward = \"units\"\nuse = {:?}\n\
                 retention_days = 100\napproval = \"one-person\"",
                grant.purposes,
                grant.kinds,
                grant.max_tlp.as_str(),
                grant.uses
            )
            .unwrap();
            if let Some(grade) = grant.min_grade {
                writeln!(text, "min_grade = \"{grade}\"").unwrap();
            }
            if grant.coarse {
                writeln!(text, "precision = {{ location = \"country\" }}").unwrap();
            }
            if grant.redact && grant.kinds.contains(&"location") {
                writeln!(text, "redact = [\"location.name\"]").unwrap();
            }
            for extra in &grant.extra {
                writeln!(text, "{}", EXTRA[*extra].0).unwrap();
            }
        }
        for line in &self.lines {
            writeln!(text, "[[red_line]]\ntext = \"line\"\nwhen = '''{}'''", LINES[*line].0)
                .unwrap();
        }
        text
    }

    /// These terms with some of another agreement's in the place of its own: the mask says which.
    pub(crate) fn mixed(&self, other: &Self, mask: u32) -> Self {
        let from_other = |bit: u32| mask >> bit & 1 == 1;
        let mut mixed = self.clone();
        if from_other(0) {
            mixed.intelligence = other.intelligence;
        }
        if from_other(1) {
            mixed.lines.clone_from(&other.lines);
        }
        if from_other(2) {
            mixed.default_tlp = other.default_tlp;
        }
        if from_other(3) {
            mixed.grants.truncate(other.grants.len());
        }
        for ((grant, theirs), first) in mixed.grants.iter_mut().zip(&other.grants).zip([4, 13, 22])
        {
            let from_other = |bit: u32| from_other(first + bit);
            let theirs = theirs.clone();
            if from_other(0) {
                grant.north = theirs.north;
            }
            if from_other(1) {
                grant.purposes = theirs.purposes;
            }
            if from_other(2) {
                grant.kinds = theirs.kinds;
            }
            if from_other(3) {
                grant.max_tlp = theirs.max_tlp;
            }
            if from_other(4) {
                grant.min_grade = theirs.min_grade;
            }
            if from_other(5) {
                grant.coarse = theirs.coarse;
            }
            if from_other(6) {
                grant.uses = theirs.uses;
            }
            if from_other(7) {
                grant.extra = theirs.extra;
            }
            if from_other(8) {
                grant.redact = theirs.redact;
            }
        }
        mixed
    }

    fn grant(&self, asked: &Asked) -> Option<&Grant> {
        let number = asked.clause.strip_prefix('c')?.parse::<usize>().ok()?;
        self.grants.get(number - 1)
    }

    /// The label that counts: of the object, and of the street and the name where those stay.
    fn tlp(&self, facts: &Facts, asked: &Asked) -> Tlp {
        let received = facts.handling.as_ref().map(|it| it.tlp);
        let mut tlp = facts.tlp.or(received).unwrap_or(self.default_tlp);
        tlp = tlp.max(received.unwrap_or(tlp));
        if facts.unknown_markings && tlp < self.default_tlp {
            tlp = self.default_tlp;
        }
        let coarse = self.grant(asked).is_some_and(|grant| grant.coarse);
        if !(coarse && facts.stix_type == "location") {
            tlp = tlp.max(facts.granular_tlp.get("street_address").copied().unwrap_or(tlp));
        }
        let nameless = self.grant(asked).is_some_and(|grant| {
            grant.coarse || (grant.redact && grant.kinds.contains(&"location"))
        });
        if nameless && facts.stix_type == "location" {
            return tlp;
        }
        // the name stays, or a pseudonym stands in its place
        tlp.max(facts.granular_tlp.get("name").copied().unwrap_or(tlp))
    }

    /// The red lines that an object crosses, by policy id.
    pub(crate) fn crossed(&self, facts: &Facts, asked: &Asked) -> Vec<String> {
        let tlp = self.tlp(facts, asked);
        let crosses = |line: &&usize| (LINES[**line].1)(facts, &asked.question(), tlp);
        let numbered = self.lines.iter().zip(1..);
        numbered.filter(|(line, _)| crosses(line)).map(|(_, it)| format!("red-line:{it}")).collect()
    }

    /// The uses that are left: those of the clause which the object was received for.
    fn uses(&self, facts: &Facts, asked: &Asked) -> Option<Vec<UseCode>> {
        let received = facts.handling.as_ref().map(|it| it.use_codes.clone());
        let mut uses: Vec<UseCode> =
            self.grant(asked)?.uses.iter().map(|it| it.parse().unwrap()).collect();
        uses.sort();
        uses.retain(|it| received.as_ref().is_none_or(|received| received.contains(it)));
        Some(uses)
    }

    /// What binds the receiver: in each term the stricter of the clause and what the object was received under.
    pub(crate) fn handling(&self, facts: &Facts, asked: &Asked) -> Option<Handling> {
        let received = facts.handling.as_ref();
        Some(Handling {
            tlp: self.tlp(facts, asked),
            pap: pap(facts),
            use_codes: self.uses(facts, asked)?,
            // what would be stricter than `units` never gets here
            onward: Onward::Units,
            retention_days: received.map_or(100, |it| it.retention_days.min(100)),
            until: None,
        })
    }

    /// Every reason, the naive way.
    pub(crate) fn reasons(&self, facts: &Facts, asked: &Asked) -> BTreeSet<(ReasonCode, String)> {
        use ReasonCode as R;
        let mut out = BTreeSet::new();
        let mut rule = |holds: bool, code, policy: &str| {
            if holds {
                out.insert((code, policy.to_owned()));
            }
        };
        let recipient = if asked.from == us() {
            Some(mx())
        } else if asked.from == mx() {
            Some(us())
        } else {
            None
        };
        let tlp = self.tlp(facts, asked);
        let consented = recipient.is_some_and(|it| facts.consents.contains(&it));
        rule(asked.now < "2026-02-01", R::AgreementNotBegun, "built-in:not-begun");
        rule(asked.now >= "2027-02-01", R::AgreementEnded, "built-in:ended");
        rule(!self.intelligence, R::AgreementScope, "built-in:scope");
        rule(
            matches!(facts.origin, Origin::Partner(_)) && !consented,
            R::ThirdParty,
            "built-in:third-party",
        );
        let kept = |it: &Handling| it.onward != Onward::OriginatorConsent;
        rule(facts.handling.as_ref().is_some_and(kept), R::OnwardNever, "built-in:onward");
        rule(tlp == Tlp::Red, R::TlpRed, "built-in:tlp-red");
        for line in self.crossed(facts, asked) {
            rule(true, R::RedLine, &line);
        }
        let policy = format!("clause:{}", asked.clause);
        let Some(grant) = self.grant(asked) else {
            rule(true, R::ClauseUnknown, &policy);
            return out;
        };
        let giver = if grant.north { mx() } else { us() };
        let good_enough = |floor: &str| {
            // appendix A, for a source that nobody asks about
            let by_confidence =
                facts.confidence.filter(|_| floor.starts_with('F')).map(|it| match it {
                    80.. => "F1".to_owned(),
                    60.. => "F2".to_owned(),
                    40.. => "F3".to_owned(),
                    20.. => "F4".to_owned(),
                    _ => "F5".to_owned(),
                });
            let grade = facts.grade.map(|it| it.to_string()).or(by_confidence);
            let floor = floor.to_owned();
            grade.is_some_and(|it| it.get(..1) <= floor.get(..1) && it.get(1..) <= floor.get(1..))
        };
        let placed = facts.properties.contains("country") || facts.properties.contains("region");
        rule(asked.from != giver, R::ClauseDirection, &policy);
        rule(!grant.purposes.contains(&asked.purpose), R::ClausePurpose, &policy);
        rule(!grant.kinds.contains(&facts.stix_type.as_str()), R::ClauseKind, &policy);
        rule(tlp > grant.max_tlp && tlp != Tlp::Red, R::ClauseTlp, &policy);
        rule(grant.min_grade.is_some_and(|it| !good_enough(it)), R::ClauseGrade, &policy);
        for (_, code, withholds) in grant.extra.iter().map(|it| EXTRA[*it]) {
            rule(withholds(facts), code, &policy);
        }
        rule(self.uses(facts, asked).is_some_and(|it| it.is_empty()), R::ClauseUse, &policy);
        let lost = match facts.stix_type.as_str() {
            "location" => !placed,
            kind => kind == "language-content",
        };
        rule(grant.coarse && lost, R::ClausePrecision, &policy);
        out
    }
}

fn some<T: Clone + std::fmt::Debug + 'static>(
    of: &[T],
    least: usize,
) -> impl Strategy<Value = Vec<T>> + use<T> {
    subsequence(of.to_vec(), least..=of.len())
}

fn grant() -> impl Strategy<Value = Grant> {
    let labels = vec![Tlp::Clear, Tlp::Green, Tlp::Amber, Tlp::AmberStrict];
    (
        any::<bool>(),
        some(&PURPOSES, 1),
        some(&KINDS, 1),
        select(labels),
        proptest::option::of(select(GRADES.to_vec())),
        any::<bool>(),
        some(&["intelligence-only", "judicial"], 1),
        subsequence((0..EXTRA.len()).collect::<Vec<_>>(), 0..5),
        any::<bool>(),
    )
        .prop_map(
            |(north, purposes, kinds, max_tlp, min_grade, coarse, uses, mut extra, redact)| {
                extra.dedup_by_key(|it| field(*it));
                Grant { north, purposes, kinds, max_tlp, min_grade, coarse, uses, extra, redact }
            },
        )
}

pub(crate) fn terms() -> impl Strategy<Value = Terms> {
    let lines: Vec<usize> = (0..LINES.len()).collect();
    (
        proptest::collection::vec(grant(), 1..4),
        subsequence(lines, 0..4),
        proptest::bool::weighted(0.9),
        select(vec![Tlp::Amber, Tlp::Amber, Tlp::Green, Tlp::Red]),
    )
        .prop_map(|(grants, lines, intelligence, default_tlp)| Terms {
            grants,
            lines,
            intelligence,
            default_tlp,
        })
}

fn owned(words: Vec<&'static str>) -> BTreeSet<String> {
    words.into_iter().map(str::to_owned).collect()
}

/// Labels on a property that a coarse clause takes out of a location, and on one that always stays.
fn granular() -> impl Strategy<Value = BTreeMap<String, Tlp>> {
    let paths = select(vec!["street_address".to_owned(), "name".to_owned()]);
    proptest::collection::btree_map(paths, select(Tlp::ALL), 0..3)
}

/// What a partner's object was received under.
fn received() -> impl Strategy<Value = Handling> {
    let onward =
        [Onward::OriginatorConsent, Onward::OriginatorConsent, Onward::Units, Onward::Never];
    (
        select(Tlp::ALL),
        proptest::option::of(select(Pap::ALL)),
        some(UseCode::ALL, 1),
        select(onward.to_vec()),
        select(vec![10u32, 1_000]),
    )
        .prop_map(|(tlp, pap, use_codes, onward, retention_days)| Handling {
            tlp,
            pap,
            use_codes,
            onward,
            retention_days,
            until: None,
        })
}

pub(crate) fn facts() -> impl Strategy<Value = Facts> {
    let origins = [Origin::Own, Origin::Own, Origin::Partner(mx()), Origin::Partner(root(9))];
    let consents = some(&[mx(), us(), root(9)], 0);
    let grades: Vec<Grade> = GRADES.iter().map(|it| it.parse().unwrap()).collect();
    let country = proptest::option::of(select(vec!["MX", "US"]));
    (
        (select(KINDS.to_vec()), select(origins.to_vec()), consents, country),
        (some(&LABELS, 0), some(&PROPERTIES, 0), proptest::option::of(0u32..800)),
        (
            proptest::option::of(select(Tlp::ALL)),
            proptest::option::of(select(Pap::ALL)),
            proptest::option::of(select(grades)),
            proptest::option::of(select(vec![0u8, 19, 20, 39, 40, 79, 80, 100])),
        ),
        (any::<bool>(), any::<bool>(), any::<bool>()),
        (granular(), proptest::option::weighted(0.3, received())),
    )
        .prop_map(
            |(
                (kind, origin, consents, country),
                (labels, properties, age_days),
                marks,
                flags,
                (granular_tlp, handling),
            )| {
                let properties = properties.into_iter().map(str::to_owned);
                Facts {
                    labels: owned(labels),
                    properties: properties.chain(granular_tlp.keys().cloned()).collect(),
                    granular_tlp,
                    unknown_markings: flags.2,
                    consents: consents.into_iter().collect(),
                    country: country.map(str::to_owned),
                    age_days,
                    tlp: marks.0,
                    pap: marks.1,
                    grade: marks.2,
                    confidence: marks.3,
                    natural_person: flags.0,
                    revoked: flags.1,
                    handling,
                    ..Facts::new(kind, origin)
                }
            },
        )
}

pub(crate) fn asked() -> impl Strategy<Value = Asked> {
    let clauses = vec!["c1", "c1", "c2", "c3", "c9", "x\" || true || \""];
    (
        select(vec![us(), us(), mx(), root(9)]),
        select(clauses),
        select(PURPOSES.to_vec()),
        select(DAYS.to_vec()),
    )
        .prop_map(|(from, clause, purpose, now)| Asked {
            from,
            clause: clause.to_owned(),
            purpose,
            now,
        })
}
