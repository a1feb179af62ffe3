//! A report as comma-separated values (RFC 4180): a line for each value, the words those of the JSON report.

use comity_exchange::audit::Report;

use super::rows;

/// The lines.
pub(super) fn of(report: &Report) -> String {
    let mut text =
        String::from("from_day,until_day,agreement,epoch,from,to,about,name,measure,value\r\n");
    let days = [report.days.from.to_string(), report.days.until.to_string()];
    for row in rows::of(report) {
        let cells = [
            &row.agreement,
            &row.epoch,
            &row.from,
            &row.to,
            &row.about,
            &row.name,
            &row.measure,
            &row.value,
        ];
        let line: Vec<String> = days.iter().chain(cells).map(|it| cell(it)).collect();
        text.push_str(&line.join(","));
        text.push_str("\r\n");
    }
    text
}

/// A value that a spreadsheet shows and never computes.
fn cell(value: &str) -> String {
    let computed = value.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let value = if computed { format!("'{value}") } else { value.to_owned() };
    if value.contains(['"', ',', '\r', '\n']) || computed {
        format!("\"{}\"", value.replace('"', "\"\""))
    } else {
        value
    }
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn a_spreadsheet_computes_nothing_of_a_report() {
        assert_eq!(cell("release"), "release");
        assert_eq!(cell("=1+1"), "\"'=1+1\"");
        assert_eq!(cell("@cmd"), "\"'@cmd\"");
        assert_eq!(cell("a\"b,c\nd"), "\"a\"\"b,c\nd\"");
    }
}
