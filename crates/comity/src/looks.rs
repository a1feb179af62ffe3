//! Who looks at something here and what for, as the command line has it; and the line of the journal without which nothing
//! is shown.

use comity_exchange::Node;
use comity_exchange::access::{Area, Reader, Verb, record_access};

use crate::config::Config;
use crate::ctx::{Ctx, actor};
use crate::error::CliError;

/// Who looks, and what for.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct Looks {
    /// What for.
    #[command(flatten)]
    pub(crate) why: Why,
    /// Who looks, for the journal (else the login name)
    #[arg(long, value_name = "NAME", global = true, display_order = 901)]
    pub(crate) by: Option<String>,
}

/// What for.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct Why {
    /// What it is for, for the journal; a node can require it
    #[arg(long, value_name = "TEXT", global = true, display_order = 900)]
    pub(crate) purpose: Option<String>,
}

impl Why {
    /// With the name that a command asks for itself.
    pub(crate) fn by(self, by: Option<&String>) -> Looks {
        Looks { why: self, by: by.cloned() }
    }
}

impl Looks {
    /// Who looks, under the rules of the node in the data folder.
    pub(crate) fn reader(&self, ctx: &Ctx) -> Result<Reader, CliError> {
        let rules = Config::load(&ctx.data)?.access.rules();
        Ok(Reader { actor: actor(self.by.clone()), purpose: self.why.purpose.clone(), rules })
    }

    /// Notes what is about to be shown or written, by ids and folios.
    pub(crate) async fn note<I>(
        &self,
        ctx: &Ctx,
        node: &Node,
        verb: Verb,
        area: Area,
        ids: I,
    ) -> Result<(), CliError>
    where
        I: IntoIterator,
        I::Item: ToString,
    {
        let reader = self.reader(ctx)?;
        let access = reader.access(node, verb, area, ids);
        Ok(record_access(node, &reader.rules, &[access]).await?)
    }

    /// Notes that so many lines of a list are about to be shown, from the one of this number on.
    pub(crate) async fn listed(
        &self,
        ctx: &Ctx,
        node: &Node,
        area: Area,
        first: u64,
        shown: usize,
    ) -> Result<(), CliError> {
        let reader = self.reader(ctx)?;
        let mut access = reader.access(node, Verb::Searched, area, [first]);
        access.found = shown as u64;
        Ok(record_access(node, &reader.rules, &[access]).await?)
    }

    /// Notes what was looked for, and what was found.
    pub(crate) async fn search<I>(
        &self,
        ctx: &Ctx,
        node: &Node,
        area: Area,
        words: Option<String>,
        ids: I,
    ) -> Result<(), CliError>
    where
        I: IntoIterator,
        I::Item: ToString,
    {
        let reader = self.reader(ctx)?;
        let mut access = reader.access(node, Verb::Searched, area, ids);
        access.words = words;
        Ok(record_access(node, &reader.rules, &[access]).await?)
    }
}
