//! Whether an hour and a minute are told to be a time by what stands beside them: `1:10` may be a ratio too.

use super::{Text, date, month_of};

/// Words behind which a time of day stands.
const BEFORE: &str = "about after approximately around at ayer before between by circa clock desde despues \
    domingo entre eta etd friday from hasta hora horario horas hour hours hoy hrs jueves \
    la las lunes manana martes miercoles monday sabado saturday since sunday thursday \
    till time timestamp today tomorrow tonight tuesday until viernes wednesday yesterday";
/// Words that stand behind one.
const BEHIND: &str = "ayer cdt cet cst edt est eta hoy local manana mdt mst noon of pdt pst sharp today \
    tomorrow tonight yesterday";
/// What stands between two.
const BETWEEN: [&str; 10] = ["-", "–", "—", ",", "/", "and", "or", "to", "a", "y"];

impl Text<'_> {
    /// Whether a time or a date, or a word of one, stands beside an hour and a minute, or nothing before them. `last` is where the
    /// last time ended. A text within quotation marks begins as one alone.
    pub(super) fn is_beside_a_time(self, at: usize, end: usize, last: Option<usize>) -> bool {
        let before = self.0.get(..at).unwrap_or_default();
        let follows = last.and_then(|last| self.0.get(last..at)).is_some_and(|between| {
            let between = between.trim_matches([' ', ',']);
            between.is_empty() || BETWEEN.contains(&between)
        });
        let before = before.trim_end_matches([' ', ':', ',', '(', '~', '.', '=', '-']);
        if follows || before.is_empty() || before.ends_with('"') {
            return true;
        }
        let last_word = |text: &str| {
            let rest = text.trim_end_matches(char::is_alphabetic);
            text.get(rest.len()..).unwrap_or_default().to_owned()
        };
        let word = last_word(before);
        // `nov 20, 8:31`
        let numbered = before.trim_end_matches(|it: char| it.is_ascii_digit());
        let month = numbered.len() < before.len()
            && month_of(&last_word(numbered.trim_end_matches([' ', '.', '-', '/']))).is_some();
        if has(BEFORE, &word) || month_of(&word).is_some() || month {
            return true;
        }
        let behind = end + self.count(end, 3, |it| b" ,(".contains(&it));
        let behind = self.past(behind, &["del ", "de ", "el ", "on ", "of "]);
        let word = behind + self.count(behind, 12, |it| it.is_ascii_lowercase());
        let word = self.0.get(behind..word).unwrap_or_default();
        has(BEHIND, word)
            || has(BEFORE, word) && word.ends_with("day")
            || month_of(word).is_some()
            || date(self, behind, self.digits(behind)).is_some()
    }
}

fn has(words: &str, word: &str) -> bool {
    words.split(' ').any(|it| it == word)
}
