//! What goes to the terminal: the one file that writes there.

use std::io::{self, BufWriter, StdoutLock, Write};
use std::process::ExitCode;

use comfy_table::{ContentArrangement, Table, presets};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;
use serde_json::json;

use crate::cli::Shown;
use crate::ctx::Ctx;
use crate::error::{CliError, Exit};
use crate::lang::{Glance, Lang};

/// What a command answers.
#[derive(Debug)]
pub(crate) struct Reply {
    json: Option<String>,
    human: Human,
    exit: Exit,
}

#[derive(Debug)]
enum Human {
    /// Text for people; it gets the banner of a training node.
    Text(String),
    /// The thing itself, as it would stand in a file.
    Content(Vec<u8>),
    /// Everything was said on the way.
    Nothing,
}

impl Reply {
    /// A JSON object for programs and a text for people. Nothing is read back from `body` on the way, so exact JSON in
    /// it stays exact.
    pub(crate) fn document(
        exercise: Option<bool>,
        body: &impl Serialize,
        human: String,
    ) -> Result<Self, CliError> {
        Ok(Self {
            json: Some(document(exercise, body)?),
            human: Human::Text(human),
            exit: Exit::Done,
        })
    }

    /// Nothing more to say.
    pub(crate) const fn silent() -> Self {
        Self { json: None, human: Human::Nothing, exit: Exit::Done }
    }

    /// The same, but people get the content of a file instead of a text about it.
    pub(crate) fn with_content(self, content: impl Into<Vec<u8>>) -> Self {
        Self { human: Human::Content(content.into()), ..self }
    }

    /// The same, with another exit code.
    pub(crate) fn with_exit(self, exit: Exit) -> Self {
        Self { exit, ..self }
    }
}

#[derive(Serialize)]
struct Document<'a, T> {
    #[serde(skip_serializing_if = "Option::is_none")]
    exercise: Option<bool>,
    #[serde(flatten)]
    body: &'a T,
}

fn document(exercise: Option<bool>, body: &impl Serialize) -> Result<String, CliError> {
    serde_json::to_string(&Document { exercise, body })
        .map_err(|error| CliError::Runtime(io::Error::other(error)))
}

/// Prints what a command answered, and gives the exit code.
pub(crate) fn finish(ctx: &Ctx, result: Result<Reply, CliError>) -> ExitCode {
    let (exit, printed) = match result {
        Ok(reply) => (reply.exit, reply.print(ctx)),
        Err(error) => (error.exit(), print_error(ctx, &error)),
    };
    match printed {
        Ok(()) => exit.into(),
        // Whoever reads has had enough; what was asked for is done all the same.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => exit.into(),
        Err(_) => Exit::Refused.into(),
    }
}

impl Reply {
    fn print(self, ctx: &Ctx) -> io::Result<()> {
        let mut out = io::stdout().lock();
        match (self.json, self.human) {
            (Some(json), _) if ctx.json => writeln!(out, "{json}")?,
            (_, Human::Text(text)) => {
                if let Some(banner) = banner(ctx) {
                    writeln!(out, "{banner}")?;
                }
                writeln!(out, "{}", printable(text.trim_end()))?;
            }
            (_, Human::Content(content)) => {
                if let Some(banner) = banner(ctx) {
                    writeln!(io::stderr().lock(), "{banner}")?;
                }
                out.write_all(&content)?;
            }
            (_, Human::Nothing) => {}
        }
        out.flush()
    }
}

fn print_error(ctx: &Ctx, error: &CliError) -> io::Result<()> {
    let message = error.in_lang(ctx.lang);
    if ctx.json {
        let body = json!({ "error": { "code": error.code(), "message": message } });
        let document = document(ctx.exercise(), &body).map_err(io::Error::other)?;
        return writeln!(io::stdout().lock(), "{document}");
    }
    let mut err = io::stderr().lock();
    if let Some(banner) = banner(ctx) {
        writeln!(err, "{banner}")?;
    }
    writeln!(err, "error: {}", printable(&message))?;
    error.excerpt().map_or(Ok(()), |excerpt| writeln!(err, "{excerpt}"))
}

/// Prints what the command line itself asks for, or what is wrong with it.
pub(crate) fn usage(shown: &Shown, glance: Glance) -> ExitCode {
    let (exit, printed) = match shown {
        Shown::Help(text) => (Exit::Done, write!(io::stdout().lock(), "{text}")),
        Shown::Missing(text) if !glance.json => {
            (Exit::Usage, write!(io::stderr().lock(), "{text}"))
        }
        Shown::Missing(_) => (Exit::Usage, usage_error(&CliError::no_command(), glance)),
        Shown::Wrong(error) => (error.exit(), usage_error(error, glance)),
    };
    match printed {
        Ok(()) => exit.into(),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => exit.into(),
        Err(_) => Exit::Refused.into(),
    }
}

fn usage_error(error: &CliError, glance: Glance) -> io::Result<()> {
    let message = error.in_lang(glance.lang);
    if glance.json {
        let document = json!({ "error": { "code": error.code(), "message": message } });
        return writeln!(io::stdout().lock(), "{document}");
    }
    writeln!(io::stderr().lock(), "error: {}", printable(&message))
}

/// A line for people while a command still works: on standard error, never when JSON was asked for.
pub(crate) fn note(ctx: &Ctx, text: &str) {
    if !ctx.json {
        let banner = banner(ctx).map(|banner| format!("{banner}\n")).unwrap_or_default();
        // A note that nobody can read changes nothing.
        let _ = writeln!(io::stderr().lock(), "{banner}{}", printable(text));
    }
}

/// A line for people while a command still works, where the lines are what was asked for: on standard output.
pub(crate) fn line(text: &str) {
    // Whoever stopped reading does not stop the work.
    let _ = writeln!(io::stdout().lock(), "{}", printable(text));
}

/// Standard output for answers that are printed while the work goes on, whatever they come to in size: lines for people,
/// or one JSON document that begins with a list.
#[derive(Debug)]
pub(crate) struct Stream {
    out: BufWriter<StdoutLock<'static>>,
    elements: u64,
}

impl Stream {
    /// Takes standard output.
    pub(crate) fn open() -> Self {
        Self { out: BufWriter::new(io::stdout().lock()), elements: 0 }
    }

    /// A line for people.
    pub(crate) fn line(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.out, "{}", printable(text))
    }

    /// Begins the JSON document and the list under this name.
    pub(crate) fn begin(&mut self, list: &str) -> io::Result<()> {
        self.out.write_all(b"{")?;
        serde_json::to_writer(&mut self.out, list)?;
        self.out.write_all(b":[")
    }

    /// The next element of the list.
    pub(crate) fn element(&mut self, element: &impl Serialize) -> io::Result<()> {
        if self.elements > 0 {
            self.out.write_all(b",")?;
        }
        self.elements += 1;
        Ok(serde_json::to_writer(&mut self.out, element)?)
    }

    /// Ends the list, and the document with the properties of `rest`, of which there is one at least.
    pub(crate) fn rest(&mut self, rest: &impl Serialize) -> io::Result<()> {
        let rest = serde_json::to_string(rest)?;
        writeln!(self.out, "],{}", rest.strip_prefix('{').unwrap_or(&rest))
    }

    /// Ends the answer, of which printing came to `printed`.
    pub(crate) fn end(mut self, printed: io::Result<()>) -> Result<(), CliError> {
        match printed.and_then(|()| self.out.flush()) {
            // Whoever reads has had enough.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            other => other.map_err(CliError::Runtime),
        }
    }
}

/// The line with which everything from a training node begins.
fn banner(ctx: &Ctx) -> Option<&'static str> {
    ctx.exercise().unwrap_or(false).then(|| {
        ctx.say(
            "EXERCISE: this is a training node; nothing here is real",
            "EJERCICIO: este es un nodo de ejercicio; nada de lo que contiene es real",
        )
    })
}

/// The text with everything escaped that could move a cursor or turn the direction of writing: names, labels and texts come
/// from partners and from files.
pub(crate) fn printable(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        let hidden = matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
        if hidden || (character.is_control() && !matches!(character, '\n' | '\t')) {
            safe.extend(character.escape_unicode());
        } else {
            safe.push(character);
        }
    }
    safe
}

/// The text as [`printable`] has it and on one line: a name of a sender's cannot make a line of its own.
pub(crate) fn on_one_line(text: &str) -> String {
    printable(text).replace('\n', "\\n").replace('\t', "\\t")
}

/// The text on one line, cut to `most` characters.
pub(crate) fn short(text: &str, most: usize) -> String {
    let mut line: String = text
        .chars()
        .map(|character| if character.is_control() { ' ' } else { character })
        .take(most + 1)
        .collect();
    if line.chars().count() > most {
        line = line.chars().take(most.saturating_sub(1)).collect();
        line.push('…');
    }
    line
}

/// A table with a heading.
pub(crate) fn table<R>(heading: &[&str], rows: impl IntoIterator<Item = R>) -> String
where
    R: IntoIterator<Item = String>,
{
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED);
    table.set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(heading.iter().copied());
    for row in rows {
        table.add_row(row.into_iter().map(|cell| printable(&cell)));
    }
    table.to_string()
}

/// Lines of `name: value`, the names padded to one width.
pub(crate) fn fields(lines: &[(&str, String)]) -> String {
    let width = lines.iter().map(|(name, _)| name.chars().count() + 1).max().unwrap_or(0);
    let line = |(name, value): &(&str, String)| format!("{:width$} {value}", format!("{name}:"));
    lines.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// The time as people read it: `2026-11-22 13:05:06 UTC`.
pub(crate) fn time(at: Timestamp) -> String {
    at.to_zoned(TimeZone::UTC).strftime("%Y-%m-%d %H:%M:%S UTC").to_string()
}

/// A stretch of time, in its two largest units: `3 d 4 h`, `2 h 5 min`, `40 s`. The same in both languages.
pub(crate) fn lasting(seconds: i64) -> String {
    let seconds = seconds.max(0);
    let (days, hours) = (seconds / 86_400, seconds / 3_600 % 24);
    let (minutes, rest) = (seconds / 60 % 60, seconds % 60);
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{rest} s"),
        (0, 0, _) => format!("{minutes} min"),
        (0, ..) => format!("{hours} h {minutes} min"),
        _ => format!("{days} d {hours} h"),
    }
}

/// `yes` or `no`.
pub(crate) const fn yes_no(lang: Lang, yes: bool) -> &'static str {
    if yes { lang.pick("yes", "sí") } else { "no" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_partners_name_cannot_move_the_cursor_or_turn_the_line() {
        let evil = "a\u{1b}[2Jb\u{202e}c\u{200b}d\re\nf";
        assert_eq!(printable(evil), "a\\u{1b}[2Jb\\u{202e}c\\u{200b}d\\u{d}e\nf");
        let drawn = table(&["name"], [[evil.to_owned()]]);
        assert!(!drawn.contains('\u{1b}') && !drawn.contains('\u{202e}'), "{drawn}");
    }

    #[test]
    fn a_senders_name_cannot_make_a_line_of_its_own() {
        assert_eq!(on_one_line("a\n\tb\u{1b}"), "a\\n\\tb\\u{1b}");
    }

    #[test]
    fn a_long_name_is_cut_to_its_width_on_one_line() {
        assert_eq!(short("añb\nc", 5), "añb c");
        assert_eq!(short("añbcdef", 4), "añb…");
    }

    #[test]
    fn a_stretch_of_time_is_told_in_its_two_largest_units() {
        let told = [-5, 59, 60, 3_661, 90_000, 86_400 * 400].map(lasting);
        assert_eq!(told, ["0 s", "59 s", "1 min", "1 h 1 min", "1 d 1 h", "400 d 0 h"]);
    }

    #[test]
    fn times_name_their_zone() {
        let at: Timestamp = "2026-11-22T13:05:06.789Z".parse().unwrap();
        assert_eq!(time(at), "2026-11-22 13:05:06 UTC");
    }

    #[test]
    fn exact_json_in_an_answer_stays_exact() {
        #[derive(Serialize)]
        struct Body {
            object: Box<serde_json::value::RawValue>,
        }
        let exact = r#"{"n":12345678901234567890123.450,"b":1, "a":"\u0041"}"#;
        let body = Body { object: serde_json::from_str(exact).unwrap() };
        assert_eq!(
            document(Some(true), &body).unwrap(),
            format!("{{\"exercise\":true,\"object\":{exact}}}")
        );
    }
}
