//! A report as one page to print: no script, nothing from elsewhere, and nothing of a report that is markup.

use std::fmt::Write as _;

use comity_exchange::audit::{Direction, Lost, Report, Table};
use comity_model::{Digest, PartyRoot};

use super::lost::range;
use super::words::{MEASURES, PARTS, change, name_in, text};
use crate::lang::Lang;
use crate::output::time;

const STYLE: &str = "body{font:11pt/1.4 serif;max-width:60em;margin:2em auto;padding:0 1em;color:#111;background:#fff}\
h1{font-size:1.5em}h2{font-size:1.2em;border-bottom:1px solid #111;margin-top:2em}h3{font-size:1.05em}\
table{border-collapse:collapse;margin:.5em 0 1.2em;width:100%}caption{text-align:left;font-weight:bold;padding:.3em 0}\
th,td{border:1px solid #666;padding:.2em .5em;text-align:right;vertical-align:top}\
th:first-child,td:first-child,.text td,.text th{text-align:left}code{font:9pt monospace;overflow-wrap:anywhere}\
@page{margin:2cm}@media print{body{margin:0;max-width:none;padding:0}table,h2,h3{break-inside:avoid}h2,h3,caption{break-after:avoid}}";

/// The page. `name` gives what a party is called here.
pub(super) fn of(
    lang: Lang,
    report: &Report,
    digest: &Digest,
    name: impl Fn(PartyRoot) -> String,
) -> String {
    let mut page = Page { lang, html: String::new() };
    let title = lang.pick("Report on the record", "Informe del registro");
    let days = format!("{} – {}", report.days.from, report.days.until);
    page.raw("<!DOCTYPE html>\n<html lang=\"");
    page.raw(lang.pick("en", "es"));
    page.raw("\"><head><meta charset=\"utf-8\"><meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\"><meta name=\"viewport\" content=\"width=device-width\"><title>");
    page.text(&format!("{title} {days}"));
    page.raw("</title><style>");
    page.raw(STYLE);
    page.raw("</style></head><body>\n");
    page.element("h1", &format!("{title}: {}, {days}", name(report.by)));
    if report.exercise {
        page.element(
            "p",
            lang.pick("EXERCISE: nothing in this is real.", "EJERCICIO: nada de esto es real."),
        );
    }
    page.element(
        "p",
        lang.pick(
            "Days are whole days in UTC. Counted is what both parties cosigned; the partner computes the same counts from its own record. There is no content in this report and no name of a person. Officers are named by their random ids.",
            "Los días son completos, en UTC. Se cuenta lo que ambas partes refrendaron; la contraparte obtiene las mismas cuentas de su propio registro. Este informe no tiene contenido ni nombres de personas. A las personas facultadas se les nombra por su identificador aleatorio.",
        ),
    );
    page.pairs(&[
        (lang.pick("party", "parte"), &report.by.to_string()),
        (
            lang.pick("digest of the signed report", "resumen del informe firmado"),
            &digest.to_string(),
        ),
    ]);
    for pair in &report.shared {
        page.element("h2", &pair.agreement.to_string());
        let at = pair.as_of.map(time).unwrap_or_default();
        page.pairs(&[(lang.pick("clocks read at", "plazos leídos a las"), &at)]);
        for direction in &pair.directions {
            let way = |root| match &direction.handle {
                Some(handle) if root == direction.from => handle.to_string(),
                _ => name(root),
            };
            page.element("h3", &format!("{} → {}", way(direction.from), name(direction.to)));
            page.direction(direction);
        }
    }
    if !report.waiting.is_empty() {
        page.element(
            "h2",
            lang.pick("Not cosigned yet, not counted", "Sin refrendo aún, no contado"),
        );
        let rows = report.waiting.iter().map(|(channel, it)| vec![channel.clone(), it.to_string()]);
        let heading = [lang.pick("channel", "canal"), lang.pick("statements", "declaraciones")];
        page.table("", "", &heading.map(str::to_owned), rows.collect());
    }
    page.lost(&report.lost, &name);
    if let Some(house) = &report.house {
        page.element("h2", lang.pick("This node alone", "Sólo este nodo"));
        page.counts(&house.counts);
        if let (Some(last), Some(leaf)) = (house.last, house.leaf) {
            page.pairs(&[
                (lang.pick("last line counted", "última línea contada"), &last.to_string()),
                (lang.pick("its leaf", "su hoja"), &leaf.to_string()),
            ]);
        }
    }
    page.raw("</body></html>\n");
    page.html
}

struct Page {
    lang: Lang,
    html: String,
}

impl Page {
    /// Markup of this file.
    fn raw(&mut self, markup: &str) {
        self.html.push_str(markup);
    }

    /// Text from a report, of which nothing is markup.
    fn text(&mut self, text: &str) {
        for c in text.chars() {
            match c {
                '&' => self.raw("&amp;"),
                '<' => self.raw("&lt;"),
                '>' => self.raw("&gt;"),
                '"' => self.raw("&quot;"),
                '\'' => self.raw("&#39;"),
                c if c.is_control() => self.html.push('\u{fffd}'),
                // what would turn the direction of writing
                '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
                    self.html.push('\u{fffd}');
                }
                c => self.html.push(c),
            }
        }
    }

    fn element(&mut self, name: &str, text: &str) {
        let _ = write!(self.html, "<{name}>");
        self.text(text);
        let _ = writeln!(self.html, "</{name}>");
    }

    fn pairs(&mut self, pairs: &[(&str, &str)]) {
        self.raw("<table class=\"text\">");
        for (label, value) in pairs {
            self.raw("<tr><th scope=\"row\">");
            self.text(label);
            self.raw("</th><td><code>");
            self.text(value);
            self.raw("</code></td></tr>");
        }
        self.raw("</table>\n");
    }

    fn table(&mut self, class: &str, caption: &str, heading: &[String], rows: Vec<Vec<String>>) {
        let _ = write!(self.html, "<table class=\"{class}\">");
        if !caption.is_empty() {
            self.element("caption", caption);
        }
        self.raw("<tr>");
        for cell in heading {
            self.raw("<th scope=\"col\">");
            self.text(cell);
            self.raw("</th>");
        }
        self.raw("</tr>");
        for row in rows {
            self.raw("<tr>");
            for cell in row {
                self.raw("<td>");
                self.text(&cell);
                self.raw("</td>");
            }
            self.raw("</tr>");
        }
        self.raw("</table>\n");
    }

    fn direction(&mut self, direction: &Direction) {
        let lang = self.lang;
        let row = |label: &str, place: &comity_exchange::audit::Place| {
            let (epoch, size) = (place.epoch.to_string(), place.size.to_string());
            vec![label.to_owned(), epoch, size, place.root.to_string()]
        };
        let heading = [
            lang.pick("record", "registro"),
            lang.pick("epoch", "época"),
            lang.pick("statements", "declaraciones"),
            lang.pick("root", "raíz"),
        ];
        let stands = lang.pick("stands of an epoch that ended", "subsiste de una época terminada");
        let mut rows =
            vec![row(lang.pick("before the period", "antes del periodo"), &direction.begin)];
        rows.extend(direction.ended.iter().map(|it| row(stands, it)));
        rows.push(row(lang.pick("at its end", "al final"), &direction.end));
        self.table("text", "", &heading.map(str::to_owned), rows);
        self.counts(&direction.counts);
        if !direction.agreement.is_empty() {
            let rows = direction.agreement.iter().map(|it| {
                vec![
                    change(lang, &it.change).to_owned(),
                    it.version.to_string(),
                    time(it.at),
                    it.epoch.to_string(),
                    it.sequence.to_string(),
                ]
            });
            let heading = [
                lang.pick("change", "cambio"),
                lang.pick("version", "versión"),
                lang.pick("at", "fecha"),
                lang.pick("epoch", "época"),
                lang.pick("sequence", "secuencia"),
            ];
            let caption = lang.pick("The agreement itself", "El propio acuerdo");
            self.table("text", caption, &heading.map(str::to_owned), rows.collect());
        }
        if !direction.keys.is_empty() {
            let rows = direction.keys.iter().map(|it| {
                let serial = it.serial.map(|it| it.to_string()).unwrap_or_default();
                vec![serial, time(it.at), it.epoch.to_string(), it.sequence.to_string()]
            });
            let heading = [
                lang.pick("descriptor", "descriptor"),
                lang.pick("at", "fecha"),
                lang.pick("epoch", "época"),
                lang.pick("sequence", "secuencia"),
            ];
            let caption = lang.pick("Keys announced", "Claves anunciadas");
            self.table("text", caption, &heading.map(str::to_owned), rows.collect());
        }
    }

    fn lost(&mut self, lost: &Lost, name: impl Fn(PartyRoot) -> String) {
        if lost.is_empty() {
            return;
        }
        let lang = self.lang;
        self.element("h2", lang.pick("Known to be lost here", "Consta que aquí se perdió"));
        let rows = lost.statements.iter().map(|it| {
            let way = format!("{} → {}", name(it.from), name(it.to));
            let (epoch, range) = (it.epoch.to_string(), range(it.first, it.last));
            vec![way, it.agreement.to_string(), epoch, range]
        });
        let journal =
            lang.pick("the journal, as it was signed", "la bitácora interna, como se firmó");
        let lines = lost.journal.iter().map(|it| {
            let lines = format!("{} {}", it.signed, lang.pick("lines", "líneas"));
            vec![journal.to_owned(), String::new(), String::new(), lines]
        });
        let unasked = lost.unasked.iter().map(|root| {
            let more = lang.pick("not asked yet what it has", "aún no dice qué tiene");
            vec![name(*root), String::new(), String::new(), more.to_owned()]
        });
        let heading = [
            lang.pick("record", "registro"),
            lang.pick("agreement", "acuerdo"),
            lang.pick("epoch", "época"),
            lang.pick("statements", "declaraciones"),
        ];
        self.table(
            "text",
            "",
            &heading.map(str::to_owned),
            rows.chain(lines).chain(unasked).collect(),
        );
    }

    fn counts(&mut self, counts: &Table) {
        let lang = self.lang;
        for (part, _, _) in PARTS {
            let Some(names) = counts.get(*part) else { continue };
            let has = |measure: &str| names.values().any(|it| it.contains_key(measure));
            let measures: Vec<&str> =
                MEASURES.iter().map(|(word, _, _)| *word).filter(|it| has(it)).collect();
            let mut heading = vec![String::new()];
            heading.extend(measures.iter().map(|it| text(lang, MEASURES, it).to_owned()));
            let rows = names.iter().map(|(name, counted)| {
                let cell = |it: &&str| counted.get(*it).copied().unwrap_or_default().to_string();
                std::iter::once(name_in(lang, part, name))
                    .chain(measures.iter().map(cell))
                    .collect()
            });
            self.table("", text(lang, PARTS, part), &heading, rows.collect());
        }
    }
}

#[cfg(test)]
mod tests;
