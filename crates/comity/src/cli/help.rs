//! Help in two languages: the texts in the source are English, and a table gives the Spanish ones.

use clap::builder::StyledStr;
use clap::{Arg, Command};

use super::{examples, spanish};
use crate::lang::Lang;

/// What clap writes around the texts. What it would write into them in English (defaults, environment, possible values)
/// stands in the texts themselves.
const TEMPLATE_EN: &str = "{about}\n\nUsage: {usage}\n\n{all-args}{after-help}";
const TEMPLATE_ES: &str = "{about}\n\nUso: {usage}\n\n{all-args}{after-help}";

/// The command with its help in a language.
pub(super) fn in_lang(mut command: Command, lang: Lang) -> Command {
    command.build();
    dressed(command, lang, &[])
}

fn dressed(mut command: Command, lang: Lang, path: &[String]) -> Command {
    let key = path.join(" ");
    let usage = usage(&mut command, lang);
    command = command.override_usage(usage).help_template(lang.pick(TEMPLATE_EN, TEMPLATE_ES));
    if let Some(example) = examples::of(&key, lang) {
        let heading = lang.pick("Example", "Ejemplo");
        command = command.after_help(format!("{heading}:\n  {}", example.replace('\n', "\n  ")));
    }
    command = command.mut_args(quiet);
    if lang == Lang::Es {
        if let Some(about) = spanish::text(&key) {
            command = command.about(about);
        }
        command = command.subcommand_help_heading("Órdenes").mut_args(|arg| in_spanish(arg, &key));
    }
    let names: Vec<String> = command.get_subcommands().map(|it| it.get_name().to_owned()).collect();
    for name in names {
        let below: Vec<String> = path.iter().cloned().chain([name.clone()]).collect();
        command = command.mut_subcommand(name, |it| dressed(it, lang, &below));
    }
    command
}

fn quiet(arg: Arg) -> Arg {
    arg.hide_default_value(true).hide_env(true).hide_env_values(true).hide_possible_values(true)
}

fn in_spanish(arg: Arg, command: &str) -> Arg {
    let text = spanish::text(&key_of(&arg, command));
    let heading = match arg.get_help_heading() {
        Some(_) => "Opciones generales",
        None if arg.is_positional() => "Argumentos",
        None => "Opciones",
    };
    let names = arg.get_value_names().unwrap_or_default();
    let arg = match names.first().and_then(|name| spanish::value_name(name)) {
        Some(name) => arg.value_name(name),
        None => arg,
    };
    let arg = arg.help_heading(heading);
    match text {
        Some(text) => arg.help(text),
        None => arg,
    }
}

/// The name of an argument's text in the table: `release compose --to`, `party import FILE`, and for a global option `--data`.
pub(super) fn key_of(arg: &Arg, command: &str) -> String {
    let name = match arg.get_long() {
        Some(long) => format!("--{long}"),
        None => arg.get_value_names().and_then(|it| it.first()).map_or("", |it| it).to_owned(),
    };
    if arg.is_global_set() || command.is_empty() { name } else { format!("{command} {name}") }
}

/// The usage line without its heading; in Spanish with the words that clap writes itself.
fn usage(command: &mut Command, lang: Lang) -> StyledStr {
    let usage = command.render_usage().to_string();
    let usage = usage.strip_prefix("Usage: ").unwrap_or(&usage).to_owned();
    let usage = match lang {
        Lang::En => usage,
        Lang::Es => {
            let usage = usage.replace("[OPTIONS]", "[OPCIONES]").replace("<COMMAND>", "<ORDEN>");
            spanish::VALUE_NAMES.iter().fold(usage, |usage, (english, spanish)| {
                usage
                    .replace(&format!("<{english}>"), &format!("<{spanish}>"))
                    .replace(&format!("[{english}]"), &format!("[{spanish}]"))
            })
        }
    };
    StyledStr::from(usage)
}
