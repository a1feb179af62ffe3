//! Sentences that can be said in another language: the English one, and the particulars it is made of.

use std::fmt;
use std::ops::Deref;

/// What is said of an error or a warning: a sentence in English, and by name the particulars that it is made of, so that
/// another language writes its own sentence of the same and never quotes the English one. [`told!`](macro@crate::told) makes
/// both from one text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Told {
    english: String,
    name: Option<&'static str>,
    facts: Vec<(&'static str, String)>,
}

impl Told {
    /// A sentence and its particulars, by name.
    pub const fn new(english: String, facts: Vec<(&'static str, String)>) -> Self {
        Self { english, name: None, facts }
    }

    /// The same sentence under a stable kebab-case name, for where a code has several sentences.
    #[must_use]
    pub const fn named(mut self, name: &'static str) -> Self {
        self.name = Some(name);
        self
    }

    /// The same sentence with one more particular.
    #[must_use]
    pub fn with(mut self, name: &'static str, fact: impl fmt::Display) -> Self {
        self.facts.push((name, fact.to_string()));
        self
    }

    /// The same sentence behind words that say where; the particulars stay.
    #[must_use]
    pub fn behind(mut self, place: &str) -> Self {
        self.english.insert_str(0, place);
        self
    }

    /// The name of the sentence, if it has one of its own.
    pub const fn name(&self) -> Option<&'static str> {
        self.name
    }

    /// The particular with a name.
    pub fn fact(&self, name: &str) -> Option<&str> {
        self.facts.iter().find(|(known, _)| *known == name).map(|(_, fact)| fact.as_str())
    }

    /// The English sentence.
    pub fn as_str(&self) -> &str {
        &self.english
    }

    /// Writes a text in which particulars stand as `{name}`, the name in lower-case letters and underscores; other braces
    /// are braces. `None` where a particular is not known.
    pub fn fill(&self, text: &str) -> Option<String> {
        let mut out = String::with_capacity(text.len() + self.english.len());
        let mut rest = text;
        while let Some((plain, after)) = rest.split_once('{') {
            out.push_str(plain);
            let named = after.split_once('}').filter(|(name, _)| is_name(name));
            if let Some((name, behind)) = named {
                out.push_str(self.fact(name)?);
                rest = behind;
            } else {
                out.push('{');
                rest = after;
            }
        }
        out.push_str(rest);
        Some(out)
    }
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|it| it.is_ascii_lowercase() || it == b'_')
}

impl From<String> for Told {
    fn from(english: String) -> Self {
        Self::new(english, Vec::new())
    }
}

impl From<&str> for Told {
    fn from(english: &str) -> Self {
        english.to_owned().into()
    }
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.english)
    }
}

impl Deref for Told {
    type Target = str;

    fn deref(&self) -> &str {
        &self.english
    }
}

impl serde::Serialize for Told {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.english)
    }
}

/// A [`Told`](crate::told::Told): the English text as for `format!`, and its particulars by name. Each is kept beside the
/// sentence.
///
/// ```
/// let told = comity_model::told!("the agreement has no clause `{clause}`", clause = "south");
/// assert_eq!(told.as_str(), "the agreement has no clause `south`");
/// assert_eq!(told.fill("`{clause}` no existe").as_deref(), Some("`south` no existe"));
/// ```
#[macro_export]
macro_rules! told {
    ($english:literal $(, $name:ident $(= $value:expr)?)* $(,)?) => {{
        let ($($name,)*) = ($($crate::told!(@value $name $(= $value)?).to_string(),)*);
        let english = format!($english $(, $name = $name)*);
        $crate::told::Told::new(english, vec![$((stringify!($name), $name)),*])
    }};
    (@value $name:ident) => { $name };
    (@value $name:ident = $value:expr) => { $value };
}

#[cfg(test)]
mod tests {

    #[test]
    fn a_sentence_of_another_language_is_written_from_the_particulars_alone() {
        let bytes = 5;
        let told = told!("`{name}` has {bytes} bytes", name = "a.csv", bytes);
        assert_eq!(told.to_string(), "`a.csv` has 5 bytes");
        assert_eq!(told.fill("{bytes} bytes en `{name}`").as_deref(), Some("5 bytes en `a.csv`"));
        let further = told.with("most", 4).named("file-too-long");
        assert_eq!(further.name(), Some("file-too-long"));
        assert_eq!(further.fill("{bytes} de {most}").as_deref(), Some("5 de 4"));
    }

    #[test]
    fn a_sentence_with_a_particular_that_is_not_known_is_not_written() {
        let told = told!("`{name}` is there", name = "{bytes}");
        assert_eq!(told.fill("`{nombre}`"), None);
        assert_eq!(
            told.fill("`{name").as_deref(),
            Some("`{name"),
            "a brace that stays open is a brace"
        );
        assert_eq!(told.fill("{ name = {name} }").as_deref(), Some("{ name = {bytes} }"));
        assert_eq!(
            told.fill("`{name}`").as_deref(),
            Some("`{bytes}`"),
            "facts are not filled again"
        );
    }
}
