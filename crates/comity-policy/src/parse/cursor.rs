//! A TOML document that remembers its lines, and the list of what is wrong with it.

use std::collections::BTreeSet;
use std::fmt::Display;
use std::ops::RangeInclusive;

use comity_model::told;
use comity_model::told::Told;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::forms;
use crate::error::{AgreementError, ErrorCode};

/// Errors returned at most.
const MAX_ERRORS: usize = 200;

/// Collects errors and knows on which line an offset stands.
pub(super) struct Sink {
    line_starts: Vec<usize>,
    /// Whether nobody is bound by the text yet.
    pub(super) draft: bool,
    errors: Vec<AgreementError>,
}

impl Sink {
    pub(super) fn new(text: &str, draft: bool) -> Self {
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let line_starts = std::iter::once(0).chain(breaks.map(|(at, _)| at + 1)).collect();
        Self { line_starts, draft, errors: Vec::new() }
    }

    pub(super) fn line_at(&self, offset: usize) -> u32 {
        let line = self.line_starts.partition_point(|start| *start <= offset);
        u32::try_from(line).unwrap_or(u32::MAX).max(1)
    }

    pub(super) fn report(
        &mut self,
        line: u32,
        field: &str,
        code: ErrorCode,
        message: impl Into<Told>,
    ) {
        if self.errors.len() < MAX_ERRORS {
            self.errors.push(AgreementError {
                line,
                field: field.to_owned(),
                code,
                message: message.into(),
            });
        }
    }

    /// Refuses what a reader of the text would not see, comments included: people sign what they read.
    pub(super) fn refuse_hidden(&mut self, text: &str) {
        for (offset, character) in text.char_indices().filter(|(_, it)| forms::is_hidden(*it)) {
            let line = self.line_at(offset);
            self.report(line, "", ErrorCode::HiddenCharacter, hidden_message(character));
        }
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.errors.is_empty()
    }

    pub(super) fn into_errors(mut self) -> Vec<AgreementError> {
        self.errors.sort();
        self.errors
    }
}

fn hidden_message(character: char) -> Told {
    let point = format!("U+{:04X}", u32::from(character));
    told!("there is a hidden character, {point}; remove it", point)
}

/// A value with its field's name and line.
pub(super) struct Node<'a> {
    value: &'a DeValue<'a>,
    pub(super) field: String,
    offset: usize,
}

impl<'a> Node<'a> {
    pub(super) fn report(&self, sink: &mut Sink, code: ErrorCode, message: impl Into<Told>) {
        let line = sink.line_at(self.offset);
        sink.report(line, &self.field, code, message);
    }

    /// Says what is wanted, in English and under the name of the sentence.
    fn wrong_type<T>(&self, sink: &mut Sink, (name, wanted): (&'static str, &str)) -> Option<T> {
        let found = self.value.type_str();
        let message = told!("this is a {found}; write {wanted}", found, wanted).named(name);
        self.report(sink, ErrorCode::WrongType, message);
        None
    }

    /// A string as it stands, of at most `most` bytes, with nothing hidden in it.
    pub(super) fn string(&self, most: usize, sink: &mut Sink) -> Option<&'a str> {
        let Some(text) = self.value.as_str() else {
            return self.wrong_type(sink, ("wants-text", "a text in quotes"));
        };
        if text.len() > most {
            self.report(
                sink,
                ErrorCode::TooLarge,
                told!("the text is longer than {most} bytes; shorten it", most)
                    .named("text-too-long"),
            );
            return None;
        }
        if let Some(hidden) = text.chars().find(|it| forms::is_hidden(*it)) {
            self.report(sink, ErrorCode::HiddenCharacter, hidden_message(hidden));
            return None;
        }
        Some(text)
    }

    /// A text for people: as [`Node::string`], and not blank.
    pub(super) fn prose(&self, most: usize, sink: &mut Sink) -> Option<String> {
        let text = self.string(most, sink)?;
        if text.trim().is_empty() {
            self.report(sink, ErrorCode::EmptyText, "the text is empty; say something");
            return None;
        }
        Some(text.to_owned())
    }

    /// A text for people: as [`Node::prose`], of at most `most` characters, whatever their script.
    pub(super) fn sentence(&self, most: usize, sink: &mut Sink) -> Option<String> {
        let text = self.prose(most * 4, sink)?;
        if text.chars().count() > most {
            let message = told!("the text is longer than {most} characters; shorten it", most)
                .named("sentence-too-long");
            self.report(sink, ErrorCode::TooLarge, message);
            return None;
        }
        Some(text)
    }

    /// A word that `read` understands.
    pub(super) fn word<T, E: Display>(
        &self,
        code: ErrorCode,
        sink: &mut Sink,
        read: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        let text = self.string(300, sink)?;
        let shown: String = text.chars().take(60).collect();
        let told = |error: E| Told::from(error.to_string()).with("value", &shown);
        read(text).map_err(|error| self.report(sink, code, told(error))).ok()
    }

    pub(super) fn integer(&self, range: RangeInclusive<u32>, sink: &mut Sink) -> Option<u32> {
        let Some(number) = self.value.as_integer() else {
            return self.wrong_type(sink, ("wants-number", "a whole number"));
        };
        let read = u32::from_str_radix(number.as_str(), number.radix()).ok();
        let legal = read.filter(|read| range.contains(read));
        if legal.is_none() {
            let message = told!(
                "`{number}` is out of range; write {least} to {most}",
                number,
                least = range.start(),
                most = range.end()
            );
            self.report(sink, ErrorCode::OutOfRange, message);
        }
        legal
    }

    pub(super) fn boolean(&self, sink: &mut Sink) -> Option<bool> {
        self.value.as_bool().or_else(|| self.wrong_type(sink, ("wants-truth", "`true` or `false`")))
    }

    /// A date without time or zone.
    pub(super) fn date(&self, sink: &mut Sink) -> Option<jiff::civil::Date> {
        let Some(moment) = self.value.as_datetime() else {
            return self.wrong_type(sink, ("wants-date", "a date without quotes, as 2026-02-01"));
        };
        let day = moment.date.filter(|_| moment.time.is_none() && moment.offset.is_none());
        let read = day.and_then(|day| {
            let part = |number: u8| i8::try_from(number).ok();
            let year = i16::try_from(day.year).ok().filter(|year| *year >= 1)?;
            jiff::civil::Date::new(year, part(day.month)?, part(day.day)?).ok()
        });
        if read.is_none() {
            let message =
                told!("`{value}` is not a whole day; write a date as 2026-02-01", value = moment);
            self.report(sink, ErrorCode::BadDate, message);
        }
        read
    }

    /// The elements of a list of at most `most`.
    pub(super) fn elements(&self, most: usize, sink: &mut Sink) -> Option<Vec<Self>> {
        let Some(list) = self.value.as_array() else {
            return self.wrong_type(sink, ("wants-list", "a list"));
        };
        if list.len() > most {
            self.report(
                sink,
                ErrorCode::TooLarge,
                told!("the list has more than {most} entries; shorten it", most)
                    .named("list-too-long"),
            );
            return None;
        }
        let element = |(value, number): (&'a Spanned<DeValue<'a>>, usize)| Self {
            value: value.get_ref(),
            field: format!("{}[{number}]", self.field),
            offset: value.span().start,
        };
        Some(list.iter().zip(1..).map(element).collect())
    }

    /// A list without repetitions, each element read by `read`; `empty` says whether it may be empty.
    pub(super) fn set<T: Ord>(
        &self,
        most: usize,
        empty: bool,
        sink: &mut Sink,
        mut read: impl FnMut(&Self, &mut Sink) -> Option<T>,
    ) -> Option<Vec<T>> {
        let elements = self.elements(most, sink)?;
        if elements.is_empty() && !empty {
            self.report(sink, ErrorCode::EmptyList, "the list is empty; name at least one");
            return None;
        }
        let mut complete = true;
        let mut out: Vec<T> = Vec::with_capacity(elements.len());
        for element in &elements {
            match read(element, sink) {
                Some(value) if out.contains(&value) => {
                    element.report(
                        sink,
                        ErrorCode::DuplicateValue,
                        "this stands in the list twice; remove one",
                    );
                    complete = false;
                }
                Some(value) => out.push(value),
                None => complete = false,
            }
        }
        complete.then_some(out)
    }

    pub(super) fn table(&self, sink: &mut Sink) -> Option<Table<'a>> {
        let Some(table) = self.value.as_table() else {
            return self.wrong_type(sink, ("wants-table", "a table"));
        };
        Some(Table {
            fields: table,
            field: self.field.clone(),
            offset: self.offset,
            asked: BTreeSet::new(),
        })
    }
}

/// A table that remembers which fields were asked for.
pub(super) struct Table<'a> {
    fields: &'a DeTable<'a>,
    field: String,
    offset: usize,
    asked: BTreeSet<&'static str>,
}

impl<'a> Table<'a> {
    pub(super) const fn root(table: &'a DeTable<'a>) -> Self {
        Self { fields: table, field: String::new(), offset: 0, asked: BTreeSet::new() }
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.fields.contains_key(name)
    }

    /// The names of the fields of the table `name`, whatever they hold.
    pub(super) fn keys_of(&self, name: &str) -> BTreeSet<&'a str> {
        let inner = self.fields.get(name).and_then(|value| value.get_ref().as_table());
        inner.into_iter().flat_map(|table| table.keys()).map(|key| key.get_ref().as_ref()).collect()
    }

    /// The texts that stand as `field` in the tables of the list `name`.
    pub(super) fn texts_of(&self, name: &str, field: &str) -> BTreeSet<&'a str> {
        let list = self.fields.get(name).and_then(|value| value.get_ref().as_array());
        let tables = list.into_iter().flatten().filter_map(|element| element.get_ref().as_table());
        tables.filter_map(|table| table.get(field)?.get_ref().as_str()).collect()
    }

    /// Every field of a table whose names are not fixed.
    pub(super) fn entries(&self) -> Vec<(&'a str, Node<'a>)> {
        self.fields
            .iter()
            .map(|(key, value)| {
                let name = key.get_ref().as_ref();
                (
                    name,
                    Node {
                        value: value.get_ref(),
                        field: self.path(name),
                        offset: key.span().start,
                    },
                )
            })
            .collect()
    }

    pub(super) fn report(&self, sink: &mut Sink, code: ErrorCode, message: impl Into<Told>) {
        let line = sink.line_at(self.offset);
        sink.report(line, &self.field, code, message);
    }

    pub(super) fn optional<T>(
        &mut self,
        name: &'static str,
        sink: &mut Sink,
        read: impl FnOnce(&Node<'a>, &mut Sink) -> Option<T>,
    ) -> Option<T> {
        self.asked.insert(name);
        let (key, value) = self.fields.get_key_value(name)?;
        // the value of a table written as `[name]` begins at its header; any other value at its own place
        let offset = if value.get_ref().is_table() { key.span().start } else { value.span().start };
        read(&Node { value: value.get_ref(), field: self.path(name), offset }, sink)
    }

    /// Reports something about the field `name`, at its own line.
    pub(super) fn report_at(
        &self,
        name: &str,
        sink: &mut Sink,
        code: ErrorCode,
        message: impl Into<Told>,
    ) {
        let key = self.fields.iter().find(|(key, _)| key.get_ref() == name);
        let line = sink.line_at(key.map_or(self.offset, |(key, _)| key.span().start));
        sink.report(line, &self.path(name), code, message);
    }

    pub(super) fn required<T>(
        &mut self,
        name: &'static str,
        sink: &mut Sink,
        read: impl FnOnce(&Node<'a>, &mut Sink) -> Option<T>,
    ) -> Option<T> {
        if !self.has(name) {
            self.asked.insert(name);
            let line = sink.line_at(self.offset);
            sink.report(
                line,
                &self.path(name),
                ErrorCode::MissingField,
                told!("`{name}` is missing; add it", name),
            );
        }
        self.optional(name, sink, read)
    }

    /// As [`Table::optional`], with the value of an absent field. `None` where the field is there and wrong.
    pub(super) fn defaulted<T>(
        &mut self,
        name: &'static str,
        default: T,
        sink: &mut Sink,
        read: impl FnOnce(&Node<'a>, &mut Sink) -> Option<T>,
    ) -> Option<T> {
        if self.has(name) {
            self.optional(name, sink, read)
        } else {
            self.asked.insert(name);
            Some(default)
        }
    }

    /// Reports every field that nobody asked for.
    pub(super) fn close(self, sink: &mut Sink) {
        for (key, _) in self.fields {
            let name = key.get_ref().as_ref();
            if self.asked.contains(name) {
                continue;
            }
            let known: Vec<&str> = self.asked.iter().copied().collect();
            let shown: String = name.chars().take(60).collect();
            let message = told!(
                "`{name}` is not a field here; use one of {known}",
                name = shown,
                known = known.join(", ")
            );
            let line = sink.line_at(key.span().start);
            sink.report(line, &self.path(&shown), ErrorCode::UnknownField, message);
        }
    }

    fn path(&self, name: &str) -> String {
        if self.field.is_empty() { name.to_owned() } else { format!("{}.{name}", self.field) }
    }
}
