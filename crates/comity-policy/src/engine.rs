//! The one question, answered: may this object go to the partner under this clause, now?

mod class;
mod evaluate;
mod explain;
mod redaction;
mod terms;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use cedar_policy::{Authorizer, PolicySet};
use comity_model::PartyRoot;
use jiff::Timestamp;

use self::class::Class;
use crate::agreement::{Agreement, utc_day};
use crate::cedar::{self, Compiled, Direction, when};
use crate::clause::{Clause, Persons};
use crate::decision::Decision;
use crate::error::EngineError;
use crate::facts::Facts;

/// Classes remembered at most.
const MAX_CLASSES: usize = 4_096;

/// What is asked about an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Question<'a> {
    /// The party that would give the object.
    pub from: PartyRoot,
    /// The id of the clause to give it under.
    pub clause: &'a str,
    /// What it would be given for.
    pub purpose: &'a str,
    /// When.
    pub now: Timestamp,
}

/// A compiled agreement. Cheap to share behind an `Arc`; every method takes `&self`.
///
/// Objects that the agreement can't tell apart are one class, and a class is decided once, so deciding 100,000
/// alike objects costs little more than looking at them. The memory for it is bounded.
pub struct Engine {
    agreement: Agreement,
    directions: Vec<Direction>,
    compiled: Vec<Compiled>,
    set: PolicySet,
    authorizer: Authorizer,
    /// What is read of an object under each clause, in the order of the text, and under one that is unknown.
    reads: Vec<when::Reads>,
    reads_of_none: when::Reads,
    /// What each red line reads, in the order of the text.
    lines: Vec<when::Reads>,
    decided: Mutex<BTreeMap<Class, Arc<Decision>>>,
}

impl Engine {
    /// Compiles an agreement.
    pub fn compile(agreement: &Agreement) -> Result<Self, EngineError> {
        if agreement.parties.len() != 2 {
            return Err(EngineError::Altered);
        }
        let compiled = cedar::policies(agreement)?;
        let set = cedar::load(&compiled)?;
        let lines = lines(agreement)?;
        let directions = (0..agreement.clauses.len())
            .map(|index| cedar::direction(agreement, index))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            agreement: agreement.clone(),
            directions,
            compiled,
            set,
            authorizer: Authorizer::new(),
            reads: agreement.clauses.iter().map(|clause| reads(&lines, Some(clause))).collect(),
            reads_of_none: reads(&lines, None),
            lines,
            decided: Mutex::new(BTreeMap::new()),
        })
    }

    /// Decides about one object. The same facts, question and agreement always give the same decision.
    pub fn decide(&self, facts: &Facts, question: &Question<'_>) -> Arc<Decision> {
        let class = Class::of(self, facts, question);
        if let Some(decision) = self.decided().get(&class) {
            return Arc::clone(decision);
        }
        let decision = Arc::new(evaluate::decide(self, &class, utc_day(question.now)));
        if class.is_small() && !evaluate::is_doubtful(&decision) {
            let mut decided = self.decided();
            if decided.len() >= MAX_CLASSES {
                decided.clear();
            }
            decided.insert(class, Arc::clone(&decision));
        }
        decision
    }

    /// The agreement that was compiled.
    pub const fn agreement(&self) -> &Agreement {
        &self.agreement
    }

    /// The ids of all policies: built-in rules, then red lines, then clauses, each in the order of the text.
    pub fn policies(&self) -> impl Iterator<Item = &str> {
        self.compiled.iter().map(|policy| policy.id.as_str())
    }

    /// The compiled policies in Cedar's language, for a person or another engine to read. The same text of an
    /// agreement gives the same bytes on any machine.
    pub fn cedar_text(&self) -> String {
        cedar::text(&self.agreement, &self.compiled)
    }

    /// How many classes of objects are remembered as decided.
    pub fn classes(&self) -> usize {
        self.decided().len()
    }

    fn decided(&self) -> std::sync::MutexGuard<'_, BTreeMap<Class, Arc<Decision>>> {
        // a panic elsewhere can't leave the map half changed: it is only read, cleared and inserted into
        self.decided.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine")
            .field("agreement", &self.agreement.id)
            .field("version", &self.agreement.version)
            .field("policies", &self.compiled.len())
            .finish_non_exhaustive()
    }
}

/// What each red line reads.
fn lines(agreement: &Agreement) -> Result<Vec<when::Reads>, EngineError> {
    let read = |(line, number): (&crate::RedLine, u32)| {
        let checked = when::check(&line.when).map_err(|fault| EngineError::Cedar {
            policy: format!("red-line:{number}"),
            message: fault.message.to_string(),
        })?;
        Ok(checked.reads)
    };
    agreement.red_lines.iter().zip(1..).map(read).collect()
}

/// What the red lines and one clause read of an object beyond what every class keeps. Other clauses permit nothing under
/// this one's name. The age is not here: the clause says what it needs of it.
fn reads(lines: &[when::Reads], clause: Option<&Clause>) -> when::Reads {
    let mut reads = when::Reads::default();
    for line in lines {
        reads.merge(line.clone());
    }
    let Some(clause) = clause else { return reads };
    if clause.precision.location.is_some() {
        reads.add_members("properties", cedar::PLACE);
    }
    if !clause.countries.is_empty() {
        reads.add_attribute("country");
    }
    if clause.persons != Persons::Allow {
        reads.add_attribute("natural_person");
    }
    if clause.takes_confidence() {
        reads.add_attribute("confidence");
    }
    let labels = clause.labels.any.iter().chain(&clause.labels.none);
    reads.add_members("labels", labels.map(String::as_str));
    reads
}
