//! The names that somebody who wrote another one may have meant.

/// Names that are proposed at the most.
const MOST: usize = 3;

/// Characters of a name that are looked at; the names of types have no more (section 3.1).
const LONGEST: usize = 250;

/// The names nearest to `name`, the nearest first: those that hold it or are held by it, and those that are few letters
/// away.
pub(super) fn of<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Vec<String> {
    let name: Vec<char> = name.to_lowercase().chars().take(LONGEST).collect();
    let written: String = name.iter().collect();
    let mut near: Vec<(usize, &str)> = known
        .filter_map(|known| {
            let away = distance(&name, known);
            let held = written.len() > 2 && (known.contains(&written) || written.contains(known));
            (held || away <= 1 + name.len() / 4).then_some((away, known))
        })
        .collect();
    near.sort_unstable();
    near.into_iter().take(MOST).map(|(_, name)| name.to_owned()).collect()
}

/// How many letters have to be put in, left out or changed to come from one to the other.
fn distance(from: &[char], to: &str) -> usize {
    let mut row: Vec<usize> = (0..=from.len()).collect();
    for (above, letter) in to.chars().enumerate() {
        let mut corner = above;
        let mut left = above + 1;
        if let Some(first) = row.first_mut() {
            *first = left;
        }
        for (cell, other) in row.iter_mut().skip(1).zip(from) {
            let changed = corner + usize::from(*other != letter);
            corner = *cell;
            left = changed.min(left + 1).min(corner + 1);
            *cell = left;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(name: &str) -> Vec<String> {
        of(name, comity_stix::types::all().map(|it| it.name))
    }

    #[test]
    fn a_slip_of_the_finger_is_understood() {
        assert_eq!(near("indicater").first().unwrap(), "indicator");
        assert_eq!(near("Malware_Analysis").first().unwrap(), "malware-analysis");
        assert_eq!(near("ipv4").first().unwrap(), "ipv4-addr");
        assert_eq!(near("zzzzzzzz"), Vec::<String>::new());
        assert_eq!(near(&"x".repeat(100_000)), Vec::<String>::new());
    }

    #[test]
    fn the_distance_counts_letters() {
        let chars: Vec<char> = "kitten".chars().collect();
        assert_eq!(distance(&chars, "sitting"), 3);
        assert_eq!(distance(&[], "abc"), 3);
        assert_eq!(distance(&chars, ""), 6);
    }
}
