//! The terms of a clause about place, labels, origin, persons and descriptions, and what a standing approval may cover.

use comity_model::told;
use comity_model::told::Told;
use std::collections::BTreeSet;

use super::cursor::{Node, Sink};
use super::forms::one_of;
use crate::clause::persons::NAMED;
use crate::clause::{Descriptions, LabelTerms, OriginTerm, Persons, Precision};
use crate::error::ErrorCode;

/// ISO 3166-1 alpha-2.
const COUNTRIES: &str = "\
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR \
    BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ \
    EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW \
    GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY \
    KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV \
    MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY \
    QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG \
    TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM \
    ZW";

/// The type that names a site.
const SITE: &str = "suspected-laboratory";

/// A list of countries; where it is written it names one at least.
pub(super) fn countries(node: &Node<'_>, sink: &mut Sink) -> Option<BTreeSet<String>> {
    let read =
        node.set(256, false, sink, |it, sink| it.word(ErrorCode::BadCountry, sink, country))?;
    Some(read.into_iter().collect())
}

/// Whether it is the code of a country as agreements and objects have it, in capital letters.
pub(crate) fn is_country(text: &str) -> bool {
    COUNTRIES.split(' ').any(|known| known == text)
}

fn country(text: &str) -> Result<String, String> {
    if is_country(text) {
        return Ok(text.to_owned());
    }
    let shown: String = text.chars().take(60).collect();
    Err(format!("`{shown}` is no country; write its two capital letters of ISO 3166-1, as `MX`"))
}

/// `{ any = [...], none = [...] }`, one of both at least.
pub(super) fn labels(node: &Node<'_>, sink: &mut Sink) -> Option<LabelTerms> {
    let mut table = node.table(sink)?;
    if !table.has("any") && !table.has("none") {
        let message = "no label is named; write `any`, `none` or both, or leave `labels` out";
        node.report(sink, ErrorCode::EmptyList, Told::from(message).named("labels-empty"));
    }
    let any = table.defaulted("any", BTreeSet::new(), sink, words);
    let excluded = table.defaulted("none", BTreeSet::new(), sink, words);
    table.close(sink);
    let (any, excluded) = (any?, excluded?);
    if let (true, Some(label)) = (sink.draft, any.intersection(&excluded).next()) {
        let message =
            told!("`{label}` is asked for and excluded at once; leave it out of one", label);
        node.report(sink, ErrorCode::ContradictoryLabels, message);
    }
    Some(LabelTerms { any, none: excluded })
}

fn words(node: &Node<'_>, sink: &mut Sink) -> Option<BTreeSet<String>> {
    let read = node.set(64, false, sink, |it, sink| it.prose(250, sink))?;
    Some(read.into_iter().collect())
}

pub(super) fn origin(node: &Node<'_>, sink: &mut Sink) -> Option<OriginTerm> {
    node.word(ErrorCode::BadOrigin, sink, |text| one_of(text, &OriginTerm::ALL, |it| it.as_str()))
}

pub(super) fn persons(node: &Node<'_>, sink: &mut Sink) -> Option<Persons> {
    node.word(ErrorCode::BadPersons, sink, |text| one_of(text, &Persons::ALL, |it| it.as_str()))
}

pub(super) fn descriptions(node: &Node<'_>, sink: &mut Sink) -> Option<Descriptions> {
    node.word(ErrorCode::BadDescriptions, sink, |text| {
        one_of(text, &Descriptions::ALL, |it| it.as_str())
    })
}

/// Why a clause can't be approved beforehand (docs/protocol.md section 2.1): what names a site or a natural person is
/// seen by an officer each time.
pub(super) fn not_standing(kinds: &[String], precision: Precision, persons: Persons) -> Vec<Told> {
    let mut out = Vec::new();
    if kinds.iter().any(|kind| kind == SITE) {
        out.push(told!(
            "a standing approval can't cover `{site}`, which names a site; write `one-person`, or leave the type out",
            site = SITE
        ));
    }
    if precision.location.is_none() && kinds.iter().any(|kind| kind == "location") {
        out.push(
            Told::from(
                "a standing approval can't cover exact places; write `precision = { location = \"admin1\" }`, or `one-person`",
            )
            .named("standing-places"),
        );
    }
    let naming = kinds.iter().find(|kind| NAMED.iter().any(|it| it.stix_type == *kind));
    if let (Persons::Allow, Some(kind)) = (persons, naming) {
        out.push(told!(
            "a standing approval can't cover natural persons, whom `{kind}` may name; write `persons = \"pseudonym\"` or `\"withhold\"`, or `one-person`",
            kind
        ));
    }
    out
}
