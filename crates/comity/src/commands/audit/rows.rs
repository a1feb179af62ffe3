//! A report as rows, from which every other form is made.

use comity_exchange::audit::{Report, Table};

use super::lost::range;

/// One value of a report.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// The agreement's id, and the epoch in which it stands, of counts that in which the period ends; empty for what only the party's journal knows.
    pub(super) agreement: String,
    pub(super) epoch: String,
    /// The roots of who speaks and to whom.
    pub(super) from: String,
    pub(super) to: String,
    /// What it is about, the word counted, and the measure.
    pub(super) about: String,
    pub(super) name: String,
    pub(super) measure: String,
    pub(super) value: String,
}

/// Every value of the report, in its order.
pub(super) fn of(report: &Report) -> Vec<Row> {
    let mut rows = Vec::new();
    for pair in &report.shared {
        for direction in &pair.directions {
            let row = |about: &str, name: &str, measure: &str, value: String| Row {
                agreement: pair.agreement.to_string(),
                epoch: direction.end.epoch.to_string(),
                from: direction.from.to_string(),
                to: direction.to.to_string(),
                about: about.to_owned(),
                name: name.to_owned(),
                measure: measure.to_owned(),
                value,
            };
            let ended = direction.ended.iter().map(|it| ("ended", it));
            let places = [("begin", &direction.begin)].into_iter().chain(ended);
            for (name, place) in places.chain([("end", &direction.end)]) {
                let row = |measure, value| Row {
                    epoch: place.epoch.to_string(),
                    ..row("record", name, measure, value)
                };
                rows.push(row("size", place.size.to_string()));
                rows.push(row("root", place.root.to_string()));
            }
            counts(&mut rows, &direction.counts, row);
            for event in &direction.agreement {
                let name = format!("{}-{}", event.change, event.version);
                let epoch = event.epoch.to_string();
                rows.push(Row { epoch, ..row("agreement", &name, "at", event.at.to_string()) });
            }
            for event in &direction.keys {
                let name = event.serial.map(|it| it.to_string()).unwrap_or_default();
                let epoch = event.epoch.to_string();
                rows.push(Row { epoch, ..row("keys", &name, "at", event.at.to_string()) });
            }
        }
    }
    let alone = |about: &str, name: &str, measure: &str, value: String| Row {
        agreement: String::new(),
        epoch: String::new(),
        from: report.by.to_string(),
        to: String::new(),
        about: about.to_owned(),
        name: name.to_owned(),
        measure: measure.to_owned(),
        value,
    };
    for (channel, count) in &report.waiting {
        rows.push(alone("waiting", channel, "statements", count.to_string()));
    }
    for it in &report.lost.statements {
        let count = it.last.saturating_sub(it.first).saturating_add(1);
        let name = range(it.first, it.last);
        rows.push(Row {
            agreement: it.agreement.to_string(),
            epoch: it.epoch.to_string(),
            from: it.from.to_string(),
            to: it.to.to_string(),
            ..alone("lost", &name, "statements", count.to_string())
        });
    }
    for it in &report.lost.journal {
        let line = it.line.map(|it| it.to_string()).unwrap_or_default();
        rows.push(alone("lost-journal", &line, "signed", it.signed.to_string()));
    }
    for root in &report.lost.unasked {
        let to = root.to_string();
        rows.push(Row { to, ..alone("lost-unasked", "", "partners", "1".to_owned()) });
    }
    if let Some(house) = &report.house {
        counts(&mut rows, &house.counts, alone);
    }
    rows
}

fn counts(rows: &mut Vec<Row>, table: &Table, row: impl Fn(&str, &str, &str, String) -> Row) {
    for (about, names) in table {
        for (name, measures) in names {
            rows.extend(
                measures
                    .iter()
                    .map(|(measure, count)| row(about, name, measure, count.to_string())),
            );
        }
    }
}
