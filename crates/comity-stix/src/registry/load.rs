//! A folder of definitions, read by somebody else.

use std::collections::BTreeMap;

use super::{Registry, RegistryError, RegistryFault};
use crate::limits::Limits;

/// How the schema of `NAME.json` is called.
const SCHEMA: &str = ".schema.json";

impl Registry {
    /// Takes the files of a folder: `NAME.json` is a definition, `NAME.schema.json` beside it its schema. What does not
    /// end in `.json` is left alone. The order of the files does not matter. Fails with every error, each naming its
    /// file.
    pub fn load<N, B>(
        files: impl IntoIterator<Item = (N, B)>,
        limits: &Limits,
    ) -> Result<Self, Vec<RegistryError>>
    where
        N: Into<String>,
        B: AsRef<[u8]>,
    {
        let (mut definitions, mut schemas) = (BTreeMap::new(), BTreeMap::new());
        for (name, bytes) in files {
            let name: String = name.into();
            if let Some(stem) = name.strip_suffix(SCHEMA) {
                schemas.insert(stem.to_owned(), bytes);
            } else if let Some(stem) = name.strip_suffix(".json") {
                definitions.insert(stem.to_owned(), bytes);
            }
        }
        let (mut registry, mut errors) = (Self::default(), Vec::new());
        for (stem, definition) in definitions {
            let schema = schemas.remove(&stem);
            let schema = schema.as_ref().map(AsRef::as_ref);
            if let Err(error) = registry.add(definition.as_ref(), schema, limits) {
                let suffix = if error.in_schema && schema.is_some() { SCHEMA } else { ".json" };
                errors.push(error.of_file(format!("{stem}{suffix}")));
            }
        }
        for stem in schemas.into_keys() {
            let words = [&*format!("{stem}.json")];
            let error = RegistryError::at("", RegistryFault::LonelySchema, &words);
            errors.push(error.of_file(format!("{stem}{SCHEMA}")));
        }
        if errors.is_empty() { Ok(registry) } else { Err(errors) }
    }
}
