//! The targets of one crate as tests: a bounded run of each, seeds that stay good, and how seeds are made.
//!
//! A target answers whether it took its input. The seeds whose names begin with `good-` are real files that the crate's
//! own code wrote: `COMITY_BLESS=1` writes them again, and every other run holds that they are still taken.

mod run;

use run::fuzz;

/// How the name of a seed begins that a target takes.
const GOOD: &str = "good-";

/// Runs a target on its seeds and on inputs made from them.
pub(crate) fn bounded(name: &str, tokens: &[&str], rounds: u64, target: fn(&[u8]) -> bool) {
    let seeds = run::seeds(name);
    for (file, seed) in &seeds {
        let taken = run::run(name, seed, target);
        assert!(taken || !file.starts_with(GOOD), "`{name}` refuses `{file}`: bless the seeds");
    }
    let seeds: Vec<_> = seeds.into_values().collect();
    fuzz(name, &seeds, tokens, rounds, target);
}

/// Holds that the named seeds of a target are there, or writes them when `COMITY_BLESS` is set.
pub(crate) fn bless(name: &str, seeds: &[(&str, Vec<u8>)]) {
    let folder = format!("{}{name}", run::CORPUS);
    if std::env::var_os("COMITY_BLESS").is_some() {
        std::fs::create_dir_all(&folder).unwrap();
        for (file, seed) in seeds {
            std::fs::write(format!("{folder}/{GOOD}{file}"), seed).unwrap();
        }
    }
    let there = run::seeds(name);
    for (file, _) in seeds {
        assert!(there.contains_key(&format!("{GOOD}{file}")), "bless the seeds of `{name}`");
    }
}

/// A test for each target with the number of its inputs, and one that none is left out.
macro_rules! each_target {
    ($($name:ident $rounds:literal)*) => {
        $(
            #[test]
            fn $name() {
                let (name, target) = targets::target(stringify!($name));
                bounded::bounded(name, tokens::TOKENS, $rounds, target);
            }
        )*

        #[test]
        fn no_target_is_left_out() {
            let tested = [$(stringify!($name)),*];
            let listed: Vec<_> = targets::ALL.iter().map(|(name, _)| *name).collect();
            assert_eq!(tested.as_slice(), listed);
        }
    };
}

pub(crate) use each_target;
