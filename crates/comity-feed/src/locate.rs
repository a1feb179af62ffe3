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
    /// Finds the first API root that has every wanted collection, in the newest version that the server speaks.
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
            self.must_have_all(&here, version).await?;
            return Ok(ApiRoot { url: here.to_string(), version });
        };
        let mut fault = FeedFault::new(FeedCode::Collection);
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
            match self.must_have_all(&root, version).await {
                Ok(()) => return Ok(ApiRoot { url: root.to_string(), version }),
                Err(other) if other.code == FeedCode::Collection => fault = other,
                Err(other) => return Err(other),
            }
            seen.push(root);
        }
        Err(fault)
    }

    /// Makes sure that an API root has the wanted collections and lets this client read them.
    async fn must_have_all(
        &mut self,
        root: &Address,
        version: TaxiiVersion,
    ) -> Result<(), FeedFault> {
        for id in self.collections.clone() {
            let there = root.below(&format!("collections/{id}/"));
            match self.document::<Collection>(&there, version).await {
                Ok(Collection { can_read: true }) => {}
                Ok(_) => return Err(FeedFault::of(FeedCode::Denied, id)),
                Err(fault) if fault.code == FeedCode::NotThere => {
                    return Err(FeedFault::of(FeedCode::Collection, id));
                }
                Err(fault) => return Err(fault),
            }
        }
        Ok(())
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
