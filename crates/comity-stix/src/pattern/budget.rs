//! What an evaluation may cost.

/// How much work an evaluation may take: so much for looking at any one observation, and again so much for putting
/// observations together, with some steps more for each of them, so that there may be any number. A step is about one
/// value compared, one candidate looked at or one character of a text gone over: some nanoseconds.
///
/// Whether observations match a pattern is a question that can be made hard on purpose (which of many observations
/// stand for which part, section 9.5.2). When the budget is gone the answer is [`BudgetSpent`], never a false "no".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    steps: u64,
}

impl Budget {
    /// That many steps.
    pub const fn steps(steps: u64) -> Self {
        Self { steps }
    }
}

impl Default for Budget {
    /// Twenty million steps: a fraction of a second.
    fn default() -> Self {
        Self { steps: 20_000_000 }
    }
}

/// The question was not answered within its budget: neither yes nor no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "the pattern is not decided within its budget: narrow the pattern, give fewer observations or a larger budget"
)]
pub struct BudgetSpent;

impl BudgetSpent {
    /// A stable name in kebab case.
    pub fn code(self) -> &'static str {
        "pattern-budget-spent"
    }
}

/// What is left of a budget.
#[derive(Debug)]
pub(crate) struct Meter {
    left: u64,
}

impl Meter {
    pub(crate) fn new(budget: Budget) -> Self {
        Self { left: budget.steps }
    }

    /// For putting that many observations together.
    pub(crate) fn for_all(budget: Budget, observations: usize) -> Self {
        /// What each may cost beyond the budget.
        const EACH: u64 = 64;
        let more = EACH.saturating_mul(observations as u64);
        Self { left: budget.steps.saturating_add(more) }
    }

    /// Pays for that many steps.
    #[inline]
    pub(crate) fn spend(&mut self, steps: usize) -> Result<(), BudgetSpent> {
        self.left = self.left.checked_sub(steps as u64).ok_or(BudgetSpent)?;
        Ok(())
    }
}
