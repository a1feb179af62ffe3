//! In which form a value is written, said where it was written otherwise: what the parser of a library says of it is no
//! sentence for people, and is in English alone.

/// The form of each value that is not text, by the name that stands for it in the help: what to write in English and in
/// Spanish.
const FORMS: &[(&str, &str, &str)] = &[
    (
        "ADDRESS",
        "write host and port, as `192.0.2.1:7443`",
        "escriba equipo y puerto, como `192.0.2.1:7443`",
    ),
    ("DATE", "write a day, as `2026-02-01`", "escriba un día, como `2026-02-01`"),
    ("DAYS", "write a whole number", "escriba un número entero"),
    (
        "DURATION",
        "write a number of days or hours, as `90d`",
        "escriba un número de días o de horas, como `90d`",
    ),
    (
        "GRADE",
        "write a letter A to F and a digit 1 to 6, as `B2`",
        "escriba una letra de la A a la F y un dígito del 1 al 6, como `B2`",
    ),
    (
        "HANDLE",
        "write 2 to 16 lower-case letters, digits or inner hyphens, as `mx`",
        "escriba de 2 a 16 letras minúsculas, dígitos o guiones interiores, como `mx`",
    ),
    (
        "HANDLE=ROOT",
        "write a handle of 2 to 16 lower-case letters or digits, `=` and the root: `sha256:` and 64 lower-case hexadecimal digits",
        "escriba una clave de 2 a 16 letras minúsculas o dígitos, `=` y la raíz: `sha256:` y 64 dígitos hexadecimales",
    ),
    (
        "ID",
        "write the whole id, as the `list` of the same command shows it",
        "escriba el identificador completo, como lo muestra `list` de la misma orden",
    ),
    (
        "KEY",
        "write the verifier key of the log, NAME+HASH+KEY (C2SP signed-note), as `comity record tree` shows it",
        "escriba la clave de verificación del registro, NOMBRE+HASH+CLAVE (C2SP signed-note), como la muestra `comity \
         record tree`",
    ),
    ("N", "write a whole number", "escriba un número entero"),
    (
        "PERIOD",
        "write a number of minutes, hours or days, as `15m`",
        "escriba un número de minutos, de horas o de días, como `15m`",
    ),
    ("SERIAL", "write a whole number", "escriba un número entero"),
    (
        "TIME",
        "write a moment with its offset, as `2026-02-01T10:00:00-06:00`",
        "escriba un momento con su diferencia horaria, como `2026-02-01T10:00:00-06:00`",
    ),
];

/// What to write for an argument, as it is called in a message (`--at <TIME>`), behind a semicolon: in English and in
/// Spanish. `detail` is what the parser said, which names the bounds of a number.
pub(super) fn of(argument: &str, detail: &str) -> Option<(String, String)> {
    let (_, name) = argument.split_once('<')?;
    let (name, _) = name.split_once('>')?;
    let english = super::super::spanish::english_value_name(name);
    let (_, en, es) = FORMS.iter().find(|(known, ..)| *known == english)?;
    Some(match bounds(detail) {
        Some((least, most)) => (
            format!("; write a whole number from {least} to {most}"),
            format!("; escriba un número entero de {least} a {most}"),
        ),
        None => (format!("; {en}"), format!("; {es}")),
    })
}

/// Whether the form of such a value is known.
#[cfg(test)]
pub(in crate::cli) fn is_known(name: &str) -> bool {
    FORMS.iter().any(|(known, ..)| *known == name)
}

/// The bounds in what clap says of a number outside them: `0 is not in 1..=1000`. Of a day that is none, as the thirteenth
/// month, others say something alike.
fn bounds(detail: &str) -> Option<(&str, &str)> {
    let (_, range) = detail.split_once(" is not in ")?;
    let is_number = |text: &str| text.parse::<i128>().is_ok();
    range.split_once("..=").filter(|(least, most)| is_number(least) && is_number(most))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_number_is_told_its_own_form_whatever_the_parser_says_of_ranges() {
        let day = "2026-13-01".parse::<jiff::civil::Date>().unwrap_err().to_string();
        let (english, spanish) = of("--from <DATE>", &day).unwrap();
        assert_eq!(english, "; write a day, as `2026-02-01`");
        assert_eq!(spanish, "; escriba un día, como `2026-02-01`");
        let (english, _) = of("--count <N>", "0 is not in 1..=1000").unwrap();
        assert_eq!(english, "; write a whole number from 1 to 1000");
    }
}
