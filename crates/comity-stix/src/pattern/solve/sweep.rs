//! One window over all demands: it is moved from the earliest end of a candidate to the latest.

use std::collections::BTreeSet;

use super::Candidate;
use super::flow;
use super::shape::Demand;
use crate::pattern::budget::{BudgetSpent, Meter};

/// Meets all demands within less than `width`.
///
/// If there is a match, there is one in the window that opens when the first of its candidates ends: farther left it
/// would reach less far, farther right it would lose that candidate.
pub(super) fn solve(
    demands: &[Demand<'_>],
    width: i128,
    number: &impl Fn(usize) -> u64,
    meter: &mut Meter,
) -> Result<Option<Vec<usize>>, BudgetSpent> {
    let mut by_start: Vec<(usize, &Candidate)> = demands
        .iter()
        .enumerate()
        .flat_map(|(at, demand)| demand.candidates.iter().map(move |candidate| (at, candidate)))
        .collect();
    meter.spend(by_start.len())?;
    by_start.sort_unstable_by_key(|(at, candidate)| (**candidate, *at));
    let mut by_end: Vec<usize> = (0..by_start.len()).collect();
    by_end.sort_by_key(|entry| by_start.get(*entry).map(|(_, candidate)| candidate.span.until));

    let mut room: Vec<u64> = vec![0; demands.len()];
    let mut short = demands.len();
    let mut open = BTreeSet::new();
    let mut coming = by_start.iter().enumerate().peekable();
    for leaving in by_end {
        meter.spend(1)?;
        let Some((demand, candidate)) = by_start.get(leaving) else { continue };
        let end = candidate.span.until.less_than_after(width);
        let mut grown = false;
        while let Some((entry, (at, candidate))) =
            coming.next_if(|(_, (_, candidate))| candidate.span.from <= end)
        {
            open.insert(entry);
            let wanted = demands.get(*at).map_or(0, |demand| demand.count);
            if let Some(room) = room.get_mut(*at) {
                let before = *room;
                *room = before.saturating_add(number(candidate.observation));
                short -= usize::from(before < wanted && *room >= wanted);
            }
            grown = true;
        }
        // Without anything new, what did not do before does not do now.
        if short == 0 && grown {
            meter.spend(open.len())?;
            let within = |at: usize| {
                let open = open.iter().filter_map(|entry| by_start.get(*entry));
                open.filter(move |(demand, _)| *demand == at).map(|(_, candidate)| *candidate)
            };
            let wanted: Vec<_> = demands
                .iter()
                .enumerate()
                .map(|(at, demand)| flow::Demand::new(demand.count, within(at)))
                .collect();
            if let Some(found) = flow::assign(&wanted, number, meter)? {
                return Ok(Some(found));
            }
        }
        open.remove(&leaving);
        let wanted = demands.get(*demand).map_or(0, |demand| demand.count);
        if let Some(room) = room.get_mut(*demand) {
            let before = *room;
            // What saturated stays: it only says that a flow is worth a try.
            *room =
                if before == u64::MAX { before } else { before - number(candidate.observation) };
            short += usize::from(before >= wanted && *room < wanted);
        }
    }
    Ok(None)
}
