//! What no officer saw: in a release under a standing approval alone, sites and natural persons are refused, and what names
//! one that this node can see (docs/protocol.md section 3.6).

use std::collections::BTreeSet;

use comity_model::release::OBJECTS;
use comity_model::statement::Binding;
use comity_model::{Digest, Refusal};
use comity_stix::OwnedHead;
use tokio::runtime::Handle;

use super::{Reading, step};
use crate::error::Result;
use crate::node::Node;
use crate::partner;
use crate::standing::seen::{ByType, by_type, held, is_one};
use crate::verify::{self, OpenPouch, refuse_or_fail};

/// What this node can see of the objects that such a release names.
pub(super) struct Unseen {
    node: Node,
    stores: Handle,
    /// Identities of both parties, which are known from their descriptors.
    harmless: BTreeSet<String>,
    /// The sites and natural persons of the release itself.
    among: BTreeSet<String>,
}

impl Unseen {
    /// Before the release is read.
    pub(super) fn new(node: &Node, harmless: BTreeSet<String>) -> Self {
        Self { node: node.clone(), stores: Handle::current(), harmless, among: BTreeSet::new() }
    }

    /// Reads the release once for the sites and natural persons in it, since an object may name one that follows. Blocks.
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
        for (line, _) in lines {
            let bytes = match super::object(&mut part, line.size)? {
                Ok(bytes) => bytes,
                Err(refusal) => return Ok(Err(refusal)),
            };
            if by_type(&line.id) != ByType::Neither && is_one(&bytes) {
                self.among.insert(line.id);
            }
        }
        Ok(Ok(()))
    }

    /// Whether an object is a site or a natural person, or names one by its type, in the release, or among what is held.
    /// What is named and not here is its sender's to judge. Blocks.
    pub(super) fn refuses(&self, head: &OwnedHead, object: &[u8]) -> Result<bool> {
        let mut doubtful = Vec::new();
        for id in &head.refs {
            match by_type(id) {
                ByType::One => return Ok(true),
                _ if self.among.contains(&**id) => return Ok(true),
                ByType::Perhaps if !self.harmless.contains(&**id) => {
                    doubtful.push(id.to_string());
                }
                _ => {}
            }
        }
        if is_one(object) {
            return Ok(true);
        }
        if doubtful.is_empty() {
            return Ok(false);
        }
        let known = self.stores.block_on(held(&self.node, &doubtful))?;
        Ok(known.iter().any(|it| is_one(&it.bytes)))
    }
}
