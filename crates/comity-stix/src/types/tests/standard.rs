//! The property tables of the standard's own text, where that is at hand.

/// One row of a property table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    /// The type whose table it stands in.
    pub(super) of: String,
    /// The numbered section it stands in.
    pub(super) section: String,
    /// The name of the property.
    pub(super) name: String,
    /// Whether it is required.
    pub(super) required: bool,
    /// Its type: `list of type identifier`.
    pub(super) kind: String,
    /// What is said about it, with its markup.
    pub(super) about: String,
}

/// The text of the standard, or nothing where it is not at hand.
pub(super) fn text() -> Option<String> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/specs/stix-v2.1.md");
    let text = std::fs::read_to_string(path).ok();
    if text.is_none() {
        eprintln!("left out: the text of the standard is not at hand");
    }
    text
}

/// Every row of the tables in HTML, in the order of the text.
pub(super) fn rows(text: &str) -> Vec<Row> {
    let (mut of, mut section) = (String::new(), String::new());
    let mut rows = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(number) = numbered(line) {
            section = number;
        } else if let Some(name) = line.strip_prefix("**Type Name") {
            of = plain(name).trim_matches([':', '*', ' ']).to_owned();
        } else if let Some((name, required)) = first_cell(line) {
            let kind = plain(lines.next().unwrap()).trim().to_owned();
            let about = lines.next().unwrap().trim().to_owned();
            rows.push(Row {
                of: of.clone(),
                section: section.clone(),
                name,
                required,
                kind,
                about,
            });
        }
    }
    rows
}

/// The cell below the header `ID Contributing Properties`, for each type that has one: its bold words.
pub(super) fn contributing(text: &str) -> Vec<(String, Vec<String>)> {
    let mut of = String::new();
    let mut found = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(name) = line.strip_prefix("**Type Name") {
            of = plain(name).trim_matches([':', '*', ' ']).to_owned();
        } else if line.contains("ID Contributing Properties</span></th>") {
            let cell = lines.by_ref().find(|line| line.contains("<td>")).unwrap();
            let cell = cell.split("<br>").next().unwrap().split("<em>").next().unwrap();
            found.push((of.clone(), spans(cell, "<strong>", "</strong>")));
        }
    }
    found
}

/// What stands between each two marks.
pub(super) fn spans(text: &str, open: &str, close: &str) -> Vec<String> {
    text.split(open)
        .skip(1)
        .filter_map(|rest| rest.split_once(close))
        .map(|(inner, _)| inner.to_owned())
        .collect()
}

/// `### 6.7.1 Properties ...` gives `6.7.1`.
pub(super) fn numbered(line: &str) -> Option<String> {
    let number = line.strip_prefix('#')?.trim_start_matches('#').trim().split(' ').next()?;
    let number = number.trim_end_matches('.');
    number.starts_with(|first: char| first.is_ascii_digit()).then(|| number.to_owned())
}

/// `<td><strong>name</strong> (required)</td>` gives the name and whether it is required.
fn first_cell(line: &str) -> Option<(String, bool)> {
    let (name, rest) = line.trim().strip_prefix("<td><strong>")?.split_once("</strong>")?;
    let required = rest.contains("(required)");
    (required || rest.contains("(optional")).then(|| (name.to_owned(), required))
}

/// The text without its markup.
pub(super) fn plain(text: &str) -> String {
    let mut depth = 0;
    text.chars()
        .filter(|character| match character {
            '<' => {
                depth += 1;
                false
            }
            '>' => {
                depth -= 1;
                false
            }
            _ => depth == 0,
        })
        .collect()
}
