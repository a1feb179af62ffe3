//! What is wrong with a command line, in words of both languages.

use std::error::Error as _;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::error::CliError;

pub(super) mod form;

/// The sentence for what clap found.
pub(super) fn explain(error: &clap::Error) -> CliError {
    let about = |kind| error.get(kind).map(text).filter(|text| !text.is_empty());
    let argument = about(ContextKind::InvalidArg).unwrap_or_default();
    let value = about(ContextKind::InvalidValue).unwrap_or_default();
    let detail = error.source().map(ToString::to_string).unwrap_or_default();
    let see = ("; `--help` shows what there is", "; `--help` muestra lo que hay");
    let (english, spanish) = match error.kind() {
        ErrorKind::InvalidSubcommand => {
            let name = about(ContextKind::InvalidSubcommand).unwrap_or_default();
            let (en, es) =
                match about(ContextKind::SuggestedSubcommand).map(|it| it.replace(", ", "`, `")) {
                    Some(near) => (format!("; is it `{near}`?"), format!("; ¿será `{near}`?")),
                    None => (see.0.to_owned(), see.1.to_owned()),
                };
            (
                format!("there is no command `{name}`{en}"),
                format!("no existe la orden `{name}`{es}"),
            )
        }
        ErrorKind::MissingSubcommand => return CliError::no_command(),
        ErrorKind::UnknownArgument => {
            let (en, es) = match about(ContextKind::SuggestedArg) {
                Some(near) => (format!("; is it `{near}`?"), format!("; ¿será `{near}`?")),
                None => (see.0.to_owned(), see.1.to_owned()),
            };
            (
                format!("there is no option `{argument}` here{en}"),
                format!("aquí no existe la opción `{argument}`{es}"),
            )
        }
        ErrorKind::InvalidValue if value.is_empty() => (
            format!("`{argument}` needs a value{}", see.0),
            format!("`{argument}` necesita un valor{}", see.1),
        ),
        ErrorKind::InvalidValue => {
            let known = about(ContextKind::ValidValue).unwrap_or_default();
            (
                format!("`{value}` is no value of `{argument}`; write one of: {known}"),
                format!("`{value}` no es un valor de `{argument}`; escriba uno de: {known}"),
            )
        }
        ErrorKind::ValueValidation => {
            let (en, es) = form::of(&argument, &detail)
                .unwrap_or_else(|| (see.0.to_owned(), see.1.to_owned()));
            (
                format!("`{value}` cannot be the value of `{argument}`{en}"),
                format!("`{value}` no puede ser el valor de `{argument}`{es}"),
            )
        }
        ErrorKind::ArgumentConflict => {
            let other = about(ContextKind::PriorArg).unwrap_or_default();
            if other.is_empty() || other == argument {
                (
                    format!("`{argument}` stands there more than once; leave one"),
                    format!("`{argument}` aparece más de una vez; deje una sola"),
                )
            } else {
                (
                    format!("`{argument}` and `{other}` exclude each other; leave one out"),
                    format!("`{argument}` y `{other}` se excluyen; omita una de las dos"),
                )
            }
        }
        ErrorKind::MissingRequiredArgument => {
            (format!("what is missing: {argument}{}", see.0), format!("falta: {argument}{}", see.1))
        }
        ErrorKind::TooFewValues | ErrorKind::TooManyValues | ErrorKind::WrongNumberOfValues => (
            format!("`{argument}` has another number of values{}", see.0),
            format!("`{argument}` lleva otro número de valores{}", see.1),
        ),
        ErrorKind::NoEquals => (
            format!("`{argument}` needs `=` before its value"),
            format!("`{argument}` necesita `=` antes de su valor"),
        ),
        ErrorKind::InvalidUtf8 => (
            "an argument is not UTF-8 text; write it in UTF-8".to_owned(),
            "un argumento no es texto UTF-8; escríbalo en UTF-8".to_owned(),
        ),
        _ => (
            format!("the command line cannot be read{}", see.0),
            format!("la línea de órdenes no puede leerse{}", see.1),
        ),
    };
    CliError::usage(english, spanish)
}

fn text(value: &ContextValue) -> String {
    match value {
        ContextValue::Strings(many) => many.join(", "),
        other => other.to_string(),
    }
}
