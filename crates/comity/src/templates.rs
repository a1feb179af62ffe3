//! The templates of reports that this program brings, and those of the data folder, which add to them or stand in for them.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use comity_exchange::ExchangeError;
use comity_exchange::contact::{Language, Template};
use comity_model::Handle;

use crate::config::Config;
use crate::data::Data;
use crate::error::CliError;
use crate::files;
use crate::lang::Lang;

/// What the program brings.
const OWN: [&str; 3] = [
    include_str!("../templates/contact/general.toml"),
    include_str!("../templates/contact/general-es.toml"),
    include_str!("../templates/contact/mx.toml"),
];

/// Files of the folder.
const MOST: usize = 200;

/// The templates of a node, by name.
#[derive(Debug, Clone)]
pub(crate) struct Templates(BTreeMap<String, Template>);

impl Templates {
    /// Those of the program and of the data folder.
    pub(crate) fn load(data: &Data) -> Result<Self, CliError> {
        let folder = data.contact_templates();
        let mut all = BTreeMap::new();
        for text in OWN {
            let template = read(&folder, text)?;
            all.insert(template.name.clone(), template);
        }
        for path in paths(&folder)? {
            let template = read(&path, &files::read_text(&path)?)?;
            let name = path.file_stem().unwrap_or_default().to_string_lossy();
            if *name != template.name {
                let template = &template.name;
                return Err(CliError::template(
                    &path,
                    1,
                    format!("the template is called `{template}`; call its file `{template}.toml`"),
                    format!(
                        "la plantilla se llama `{template}`; llame a su archivo `{template}.toml`"
                    ),
                ));
            }
            all.insert(template.name.clone(), template);
        }
        Ok(Self(all))
    }

    /// The one of this name.
    pub(crate) fn named(&self, name: &str) -> Result<&Template, CliError> {
        self.0.get(name).ok_or_else(|| {
            let advice = "`general`, `general-es` and `mx` come along, and others stand in `templates/contact` of the data folder";
            let name = name.to_owned();
            CliError::Exchange(ExchangeError::NotFound { what: "template", name, advice })
        })
    }

    /// Those whose clocks run at a node: those of its configuration, else the one that is named as its handle is, if there is
    /// one.
    pub(crate) fn running(
        &self,
        config: &Config,
        handle: &Handle,
    ) -> Result<Vec<Template>, CliError> {
        match &config.contact.templates {
            Some(names) => names.iter().map(|name| self.named(name).cloned()).collect(),
            None => Ok(self.0.get(handle.as_str()).cloned().into_iter().collect()),
        }
    }
}

/// The language of the words that templates share with lists.
pub(crate) const fn language(lang: Lang) -> Language {
    match lang {
        Lang::En => Language::En,
        Lang::Es => Language::Es,
    }
}

fn read(path: &Path, text: &str) -> Result<Template, CliError> {
    Template::parse(text).map_err(|error| {
        let place = error.field.map(|field| format!("`{field}`: ")).unwrap_or_default();
        let spanish = format!("{place}la plantilla no puede leerse; detalle: {}", error.message);
        CliError::template(path, error.line, format!("{place}{}", error.message), spanish)
    })
}

/// The files `*.toml` of a folder, in the order of their names; none where there is no folder.
fn paths(folder: &Path) -> Result<Vec<std::path::PathBuf>, CliError> {
    let failed = |error| CliError::Read { path: folder.to_owned(), error };
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(failed)?,
    };
    let mut paths = Vec::new();
    for entry in entries {
        let path = entry.map_err(failed)?.path();
        if path.extension().is_some_and(|it| it == "toml") {
            paths.push(path);
        }
        if paths.len() > MOST {
            return Err(CliError::TooManyFiles { path: folder.to_owned(), most: MOST });
        }
    }
    paths.sort();
    Ok(paths)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_that_comes_along_is_read_and_none_of_law_calls_itself_confirmed() {
        let templates = OWN.map(|text| Template::parse(text).unwrap());
        let names = templates.each_ref().map(|it| it.name.as_str());
        assert_eq!(names, ["general", "general-es", "mx"]);
        for it in templates.iter().filter(|it| it.basis.is_some()) {
            assert!(!it.confirmed, "`{}`", it.name);
        }
    }

    #[test]
    fn the_mexican_clock_runs_three_days_from_contacts_and_from_exchanges() {
        let clock = Template::parse(OWN[2]).unwrap().clock.unwrap();
        assert_eq!((clock.hours, clock.contacts, clock.exchanges), (72, true, true));
    }

    #[test]
    fn a_template_of_the_data_folder_stands_in_for_the_one_of_its_name() {
        let folder = tempfile::tempdir().unwrap();
        let data = Data::new(folder.path().to_owned());
        let templates = data.contact_templates();
        fs::create_dir_all(&templates).unwrap();
        let own =
            OWN[2].replace("days = 3", "days = 5").replace("confirmed = false", "confirmed = true");
        fs::write(templates.join("mx.toml"), &own).unwrap();
        let loaded = Templates::load(&data).unwrap();
        assert_eq!(loaded.named("mx").unwrap().clock.unwrap().hours, 120);
        assert!(loaded.named("general").is_ok());
        let running = loaded.running(&Config::default(), &"mx".parse().unwrap()).unwrap();
        assert_eq!(running.len(), 1);
        assert!(loaded.running(&Config::default(), &"us".parse().unwrap()).unwrap().is_empty());

        fs::write(templates.join("other.toml"), &own).unwrap();
        assert!(matches!(Templates::load(&data), Err(CliError::Content { line: 1, .. })));
        fs::write(templates.join("other.toml"), own.replace("{said}", "{sayd}")).unwrap();
        let Err(CliError::Content { line, english, .. }) = Templates::load(&data) else {
            panic!("it was read");
        };
        assert!(
            line > 40 && english.contains("`text`") && english.contains("sayd"),
            "{line} {english}"
        );
    }
}
