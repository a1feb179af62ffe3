//! The language in which people are spoken to.

use std::ffi::{OsStr, OsString};
use std::fmt;
use std::path::PathBuf;

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

use crate::config::Config;
use crate::data::Data;

/// A language of the command line.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Lang {
    /// English.
    #[default]
    En,
    /// Spanish, as Mexico's administration writes it.
    Es,
}

impl Lang {
    /// The text in this language.
    pub(crate) const fn pick<'a>(self, english: &'a str, spanish: &'a str) -> &'a str {
        match self {
            Self::En => english,
            Self::Es => spanish,
        }
    }

    /// The same language, as `comity-stix` calls it.
    pub(crate) const fn stix(self) -> comity_stix::Lang {
        match self {
            Self::En => comity_stix::Lang::En,
            Self::Es => comity_stix::Lang::Es,
        }
    }

    fn word(word: &OsStr) -> Option<Self> {
        match word.to_str()? {
            "en" => Some(Self::En),
            "es" => Some(Self::Es),
            _ => None,
        }
    }

    /// The language of a POSIX locale, as `es_MX.UTF-8`. `C` and `POSIX` are English; others name nothing here.
    fn locale(locale: &OsStr) -> Option<Self> {
        let locale = locale.to_str()?;
        let language = locale.split(['_', '.', '@']).next()?;
        match language {
            "es" => Some(Self::Es),
            "en" | "C" | "POSIX" => Some(Self::En),
            _ => None,
        }
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.pick("en", "es"))
    }
}

/// What must be known before the command line can be read: in which language and form to complain about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Glance {
    /// `--lang`, `COMITY_LANG`, the configuration's language, `LC_ALL`, `LC_MESSAGES`, `LANG`: the first that says one;
    /// else English.
    pub(crate) lang: Lang,
    /// Whether `--json` stands somewhere.
    pub(crate) json: bool,
}

impl Glance {
    /// Looks over the arguments, the first being the program. Nothing here is an error: what is wrong with the
    /// arguments or the configuration, their real readers say.
    pub(crate) fn at(
        arguments: &[OsString],
        environment: impl Fn(&str) -> Option<OsString>,
    ) -> Self {
        let value = |name: &str| option(arguments, name);
        let lang = value("--lang")
            .and_then(|word| Lang::word(&word))
            .or_else(|| Lang::word(&environment("COMITY_LANG")?))
            .or_else(|| {
                let dir = value("--data").or_else(|| environment("COMITY_DATA"));
                let dir = dir.map_or_else(|| PathBuf::from(crate::cli::DATA), PathBuf::from);
                Some(Config::load(&Data::new(dir)).ok()?.node.language)
            })
            .or_else(|| {
                let set = |name: &&str| environment(name).is_some_and(|it| !it.is_empty());
                let name = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find(set)?;
                Lang::locale(&environment(name)?)
            })
            .unwrap_or_default();
        let json = before_rest(arguments).any(|it| it == "--json");
        Self { lang, json }
    }
}

fn before_rest(arguments: &[OsString]) -> impl Iterator<Item = &OsString> {
    arguments.iter().skip(1).take_while(|it| *it != "--")
}

/// The last value of an option, as `--name value` or `--name=value`.
fn option(arguments: &[OsString], name: &str) -> Option<OsString> {
    let mut found = None;
    let mut rest = before_rest(arguments);
    while let Some(argument) = rest.next() {
        if argument == name {
            found = rest.next().cloned().or(found);
        } else if let Some(value) =
            argument.to_str().and_then(|it| it.strip_prefix(name)?.strip_prefix('='))
        {
            found = Some(value.into());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn glance(arguments: &[&str], environment: &[(&str, &str)]) -> Glance {
        let arguments: Vec<OsString> = arguments.iter().map(OsString::from).collect();
        Glance::at(&arguments, |name| {
            environment.iter().find(|(known, _)| *known == name).map(|(_, value)| value.into())
        })
    }

    #[test]
    fn the_option_comes_before_the_environment_and_both_before_the_locale() {
        let data = ("COMITY_DATA", "/nonexistent");
        let spanish = ("LANG", "es_MX.UTF-8");
        let lang = |arguments: &[&str], rest: &[(&str, &str)]| {
            glance(arguments, &[&[data], rest].concat()).lang
        };
        assert_eq!(lang(&["comity", "status"], &[]), Lang::En);
        assert_eq!(lang(&["comity", "status"], &[spanish]), Lang::Es);
        assert_eq!(lang(&["comity", "status"], &[spanish, ("LC_ALL", "C")]), Lang::En);
        assert_eq!(lang(&["comity", "status"], &[spanish, ("LC_ALL", "")]), Lang::Es);
        assert_eq!(lang(&["comity", "status"], &[spanish, ("COMITY_LANG", "en")]), Lang::En);
        let both = [("COMITY_LANG", "en")];
        assert_eq!(lang(&["comity", "--lang", "es", "status"], &both), Lang::Es);
        assert_eq!(lang(&["comity", "status", "--lang=es"], &both), Lang::Es);
        assert_eq!(lang(&["comity", "status", "--", "--lang=es"], &both), Lang::En);
        assert_eq!(lang(&["comity", "--lang"], &both), Lang::En);
    }

    #[test]
    fn the_language_of_the_node_comes_before_that_of_the_terminal() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("comity.toml"), "[node]\nlanguage = \"es\"\n").unwrap();
        let data = folder.path().to_str().unwrap();
        assert_eq!(glance(&["comity", "--data", data], &[("LANG", "C")]).lang, Lang::Es);
    }
}
