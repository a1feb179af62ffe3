//! Which holdings are in a collection: terms that must all hold, as `type=indicator,malware from=us max-tlp=amber`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use comity_model::told::Told;
use comity_model::{AgreementId, Grade, Holding, Origin, PartyRoot, Tlp};

use crate::ports::Entry;

/// This party itself, where a query names partners.
const OWN: &str = "own";

/// Terms that must all hold. None at all: every holding.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    types: BTreeSet<String>,
    labels: BTreeSet<String>,
    from: BTreeSet<String>,
    agreements: BTreeSet<AgreementId>,
    units: BTreeSet<String>,
    max_tlp: Option<Tlp>,
    min_grade: Option<Grade>,
}

/// Why a text is no query.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QueryError {
    /// A term without a value.
    #[error("`{0}` has no value; write `all`, or terms such as `type=indicator,malware from=us`")]
    Form(String),
    /// A term that is none.
    #[error(
        "`{0}` is no term; there are `type`, `label`, `from`, `agreement`, `unit`, `max-tlp` and `min-grade`"
    )]
    Unknown(String),
    /// A term twice.
    #[error("`{0}` stands there twice; give its values in one term, with commas between them")]
    Twice(String),
    /// A value that its term does not take.
    #[error("`{term}` does not take `{value}`: {message}")]
    Value {
        /// The term.
        term: String,
        /// What stands behind it.
        value: String,
        /// What is wrong with it.
        message: String,
    },
}

impl QueryError {
    /// The same with its particulars.
    pub(crate) fn told(&self) -> Told {
        let told = Told::from(self.to_string());
        let told = match self {
            Self::Form(it) => told.with("valueless", it),
            Self::Unknown(it) => told.with("unknown", it),
            Self::Twice(it) => told.with("repeated", it),
            Self::Value { term, value, .. } => told.with("term", term).with("value", value),
        };
        told.named("collection-query")
    }
}

impl Query {
    /// Reads a query: `all`, or terms with blanks between them.
    pub fn parse(text: &str) -> Result<Self, QueryError> {
        let mut query = Self::default();
        let mut seen = BTreeSet::new();
        for term in text.split_whitespace().filter(|it| *it != "all") {
            let Some((name, values)) = term.split_once('=') else {
                return Err(QueryError::Form(shown(term)));
            };
            if !seen.insert(name.to_owned()) {
                return Err(QueryError::Twice(shown(name)));
            }
            let values: Vec<&str> = values.split(',').collect();
            if values.iter().any(|it| it.is_empty()) {
                return Err(QueryError::Form(shown(term)));
            }
            query.term(name, &values)?;
        }
        Ok(query)
    }

    fn term(&mut self, name: &str, values: &[&str]) -> Result<(), QueryError> {
        let wrong = |message: &dyn fmt::Display| QueryError::Value {
            term: name.to_owned(),
            value: shown(&values.join(",")),
            message: message.to_string(),
        };
        let words = || values.iter().map(|it| (*it).to_owned()).collect();
        let single = || match values {
            [value] => Ok(*value),
            _ => Err(wrong(&"takes one value")),
        };
        match name {
            "type" => {
                let is_type = |it: &str| {
                    it.len() <= 250
                        && it
                            .bytes()
                            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
                };
                if let Some(odd) = values.iter().find(|it| !is_type(it)) {
                    return Err(wrong(&format_args!("`{}` is no STIX type", shown(odd))));
                }
                self.types = words();
            }
            "label" => self.labels = words(),
            "from" => self.from = words(),
            "unit" => self.units = words(),
            "agreement" => {
                for value in values {
                    self.agreements.insert(value.parse().map_err(|error| wrong(&error))?);
                }
            }
            "max-tlp" => self.max_tlp = Some(single()?.parse().map_err(|error| wrong(&error))?),
            "min-grade" => self.min_grade = Some(single()?.parse().map_err(|error| wrong(&error))?),
            other => return Err(QueryError::Unknown(shown(other))),
        }
        Ok(())
    }

    /// The partners that it names, by handle.
    pub fn partners(&self) -> impl Iterator<Item = &str> {
        self.from.iter().map(String::as_str).filter(|it| *it != OWN)
    }

    /// The units that it names.
    pub fn units(&self) -> impl Iterator<Item = &str> {
        self.units.iter().map(String::as_str)
    }

    /// Whether one kept row of `entry` fulfils every term. `handles` are the partners by handle.
    pub(crate) fn holds(
        &self,
        entry: &Entry,
        holding: &Holding,
        handles: &BTreeMap<String, PartyRoot>,
    ) -> bool {
        let any = |set: &BTreeSet<String>, mut is: Box<dyn FnMut(&String) -> bool + '_>| {
            set.is_empty() || set.iter().any(&mut is)
        };
        let (partner, agreement) = match &holding.origin {
            Origin::Own { .. } => (None, None),
            Origin::Partner { party, agreement, .. } => (Some(*party), Some(*agreement)),
        };
        let from = |name: &String| match partner {
            None => name == OWN,
            Some(party) => handles.get(name) == Some(&party),
        };
        let tlp = holding.tlp.max(holding.handling.as_ref().map(|it| it.tlp));
        any(&self.types, Box::new(|it| *it == holding.stix_type))
            && any(&self.labels, Box::new(|it| holding.labels.contains(it)))
            && any(&self.from, Box::new(from))
            && any(&self.units, Box::new(|it| entry.units.contains(it)))
            && (self.agreements.is_empty()
                || agreement.is_some_and(|it| self.agreements.contains(&it)))
            && self.max_tlp.is_none_or(|most| tlp.is_none_or(|tlp| tlp <= most))
            && self.min_grade.is_none_or(|least| holding.grade.is_some_and(|it| it.meets(least)))
    }
}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let join = |set: &BTreeSet<String>| set.iter().cloned().collect::<Vec<_>>().join(",");
        let agreements: BTreeSet<String> =
            self.agreements.iter().map(ToString::to_string).collect();
        let terms = [
            ("type", join(&self.types)),
            ("label", join(&self.labels)),
            ("from", join(&self.from)),
            ("agreement", join(&agreements)),
            ("unit", join(&self.units)),
            ("max-tlp", self.max_tlp.map(|it| it.as_str().to_owned()).unwrap_or_default()),
            ("min-grade", self.min_grade.map(|it| it.to_string()).unwrap_or_default()),
        ];
        let terms: Vec<String> = terms
            .iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        f.write_str(if terms.is_empty() { "all" } else { "" })?;
        f.write_str(&terms.join(" "))
    }
}

fn shown(text: &str) -> String {
    text.chars().take(100).collect::<String>().escape_debug().to_string()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_mistake_names_the_term() {
        for (text, place) in [
            ("type", "`type` has no value"),
            ("type=", "`type=` has no value"),
            ("kind=indicator", "`kind` is no term"),
            ("type=a type=b", "`type` stands there twice"),
            ("max-tlp=mauve", "`max-tlp`"),
            ("max-tlp=red,green", "takes one value"),
            ("min-grade=Z9", "`min-grade`"),
            ("agreement=5", "`agreement`"),
            ("type=Indicator", "`Indicator` is no STIX type"),
        ] {
            let error = Query::parse(text).unwrap_err().to_string();
            assert!(error.contains(place), "{text}: {error}");
        }
    }

    #[test]
    fn nothing_and_all_are_the_same() {
        assert_eq!(Query::parse(""), Query::parse("all"));
        assert_eq!(Query::default().to_string(), "all");
    }

    proptest! {
        #[test]
        fn what_is_printed_reads_as_the_same(text in "((type|label|from|max-tlp|min-grade|unit)=(amber|B2|[a-z]{1,4}(,[a-z]{1,4})?) ?){0,4}") {
            if let Ok(query) = Query::parse(&text) {
                prop_assert_eq!(Query::parse(&query.to_string()), Ok(query));
            }
        }
    }
}
