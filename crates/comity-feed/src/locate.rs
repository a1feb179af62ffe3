//! Where the collections are: from a server's URL, a discovery or an API root (TAXII 2.1 sections 1.6.1, 4.1 and 4.2).

use comity_exchange::ports::{ApiRoot, FeedCode, FeedFault, TaxiiVersion};
use serde::de::DeserializeOwned;

use crate::address::Address;
use crate::documents::{self, Collection, Server};
use crate::media::Wanted;
use crate::session::HttpSession;

/// The newer one first.
const VERSIONS: [TaxiiVersion; 2] = [TaxiiVersion::V21, TaxiiVersion::V20];

impl HttpSession {
    /// Finds the first API root from which every wanted collection can be read, or else the one from which the most can, in the
    /// newest version that the server speaks. What is wrong with the others, each of them says when it is asked for.
    pub(crate) async fn find(&mut self) -> Result<ApiRoot, FeedFault> {
        let mut fault = None;
        for version in VERSIONS {
            match self.find_in(version).await {
                Ok(root) => return Ok(root),
                Err(other) if is_of_the_version(other.code) => fault = fault.or(Some(other)),
                Err(other) => return Err(other),
            }
        }
        Err(fault.unwrap_or_else(|| FeedFault::new(FeedCode::NotAcceptable)))
    }

    async fn find_in(&mut self, version: TaxiiVersion) -> Result<ApiRoot, FeedFault> {
        let mut here = self.address.clone();
        if here.path == "/" {
            // where a discovery stands by the standard
            here = match version {
                TaxiiVersion::V21 => here.below("taxii2/"),
                TaxiiVersion::V20 => here.below("taxii/"),
            };
        }
        let server: Server = self.document(&here, version).await?;
        let Some(roots) = server.api_roots else {
            if server.versions.is_none() {
                return Err(FeedFault::of(FeedCode::Unreadable, &here));
            }
            return match self.readable(&here, version).await? {
                (0, Some(fault)) => Err(fault),
                _ => Ok(ApiRoot { url: here.to_string(), version }),
            };
        };
        let (mut fault, mut best) = (FeedFault::new(FeedCode::Collection), (0, None));
        let named = server.default.into_iter().chain(roots);
        let mut seen = Vec::new();
        for reference in named.take(self.limits.roots) {
            let Some(root) = here.join(&reference)? else {
                fault = FeedFault::of(FeedCode::Elsewhere, reference);
                continue;
            };
            if seen.contains(&root) {
                continue;
            }
            let (readable, wrong) = self.readable(&root, version).await?;
            let here = ApiRoot { url: root.to_string(), version };
            match wrong {
                None => return Ok(here),
                Some(wrong) if readable == 0 && best.0 == 0 => fault = worse(fault, wrong),
                Some(_) if readable > best.0 => best = (readable, Some(here)),
                Some(_) => {}
            }
            seen.push(root);
        }
        best.1.ok_or(fault)
    }

    /// How many of the wanted collections an API root lets this client read, and what is wrong with the first of the others.
    async fn readable(
        &mut self,
        root: &Address,
        version: TaxiiVersion,
    ) -> Result<(usize, Option<FeedFault>), FeedFault> {
        let (mut readable, mut wrong) = (0, None);
        for id in self.collections.clone() {
            let there = root.below(&format!("collections/{id}/"));
            let fault = match self.document::<Collection>(&there, version).await {
                Ok(Collection { can_read: true }) => {
                    readable += 1;
                    continue;
                }
                Ok(_) => FeedFault::of(FeedCode::Denied, id),
                Err(fault) if fault.code.is_of_all() => return Err(fault),
                Err(fault) if fault.code == FeedCode::NotThere => {
                    FeedFault::of(FeedCode::Collection, id)
                }
                Err(fault) => fault,
            };
            wrong = wrong.or(Some(fault));
        }
        Ok((readable, wrong))
    }

    async fn document<T: DeserializeOwned>(
        &mut self,
        address: &Address,
        version: TaxiiVersion,
    ) -> Result<T, FeedFault> {
        let bytes = self.read_document(address, version, Wanted::Resource).await?;
        documents::read(&bytes)
    }
}

/// Which of two faults says more: that a collection is there and cannot be read rather than that it is not there.
fn worse(one: FeedFault, other: FeedFault) -> FeedFault {
    if one.code == FeedCode::Collection { other } else { one }
}

/// Whether another version may be spoken where this went wrong.
const fn is_of_the_version(code: FeedCode) -> bool {
    matches!(
        code,
        FeedCode::NotAcceptable
            | FeedCode::NotThere
            | FeedCode::Media
            | FeedCode::Collection
            | FeedCode::Status
    )
}
