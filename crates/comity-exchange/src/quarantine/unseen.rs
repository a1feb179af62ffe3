//! What no officer saw: in a release under a standing approval alone, sites and natural persons are refused, and what leads
//! to one that this node can see (docs/protocol.md section 3.6).

use std::collections::BTreeSet;

use comity_model::release::OBJECTS;
use comity_model::statement::Binding;
use comity_model::{Digest, Refusal};
use comity_stix::Limits;
use tokio::runtime::Handle;

use super::{Reading, step};
use crate::error::Result;
use crate::node::Node;
use crate::partner;
use crate::standing::named::{Absent, Named};
use crate::verify::{self, OpenPouch, refuse_or_fail};

/// What this node can see of the objects that such a release names.
pub(super) struct Unseen {
    node: Node,
    stores: Handle,
    /// Identities of both parties, which are known from their descriptors.
    harmless: BTreeSet<String>,
    /// What an officer had to see.
    refused: BTreeSet<String>,
}

impl Unseen {
    /// Before the release is read.
    pub(super) fn new(node: &Node, harmless: BTreeSet<String>) -> Self {
        Self { node: node.clone(), stores: Handle::current(), harmless, refused: BTreeSet::new() }
    }

    /// Reads the release once for what is in it and what that names, since an object may name one that follows; then looks
    /// for what is named among what is held, and so on. What is named and not here is its sender's to judge. Blocks.
    pub(super) fn look_ahead(
        &mut self,
        reading: &Reading,
        spooled: &Digest,
    ) -> Result<std::result::Result<(), Refusal>> {
        let file = self.node.spool().open(spooled)?;
        let (own, keys) = (partner::own(&self.node)?, self.node.keys()?);
        match verify::read(file, &*keys, own.descriptor.limits.pouch)? {
            Ok(opened) => self.among(reading, opened.pouch),
            Err(refusal) => Ok(Err(refusal)),
        }
    }

    fn among(
        &mut self,
        reading: &Reading,
        mut pouch: OpenPouch,
    ) -> Result<std::result::Result<(), Refusal>> {
        let Some(entry) = reading.entries.first() else { return Ok(Err(Refusal::PartDigest)) };
        let Binding::Digest(bound) = entry.bound_by else { return Ok(Err(Refusal::PartDigest)) };
        let lines = match reading.manifest(&mut pouch, entry, bound)? {
            Ok(lines) => lines,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let Some(mut part) = step!(pouch.next_part()) else { return Ok(Err(Refusal::PartDigest)) };
        if part.name() != OBJECTS {
            return Ok(Err(Refusal::PartDigest));
        }
        let mut named = Named::new(std::mem::take(&mut self.harmless));
        for (line, _) in lines {
            let bytes = match super::object(&mut part, line.size)? {
                Ok(bytes) => bytes,
                Err(refusal) => return Ok(Err(refusal)),
            };
            // what has no head, or that of another object than its line says, is not admitted
            let Ok(head) = comity_stix::head(&bytes, &Limits::default()) else { continue };
            let refs = head.refs.iter().chain(&head.object_marking_refs);
            named.add(&head.id, refs.map(AsRef::as_ref), &bytes);
        }
        self.stores.block_on(named.follow(&self.node, Absent::IsNone))?;
        self.refused = named.found();
        Ok(Ok(()))
    }

    /// Whether an object is a site or a natural person, or leads to one by what it names.
    pub(super) fn refuses(&self, id: &str) -> bool {
        self.refused.contains(id)
    }
}
