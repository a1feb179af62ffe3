//! What the steps play on: two parties, the example data, and what was given so far.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use jiff::civil::Date;

use super::ask::{Ask, Desk, PATIENCE};
use super::examples::Examples;
use super::failure::{DemoError, Result};
use super::folder::Folder;
use super::party::{Character, Party};
use super::steps::release::Given;
use super::tally::Tally;
use crate::lang::Lang;

/// How often something awaited is looked for.
const LOOK: Duration = Duration::from_millis(100);

/// The stage.
#[derive(Debug)]
pub(super) struct Stage {
    pub(super) us: Party,
    pub(super) mx: Party,
    /// A third party, which never serves.
    pub(super) ca: Party,
    pub(super) examples: Examples,
    pub(super) folder: Folder,
    /// The language of the narration.
    pub(super) lang: Lang,
    /// The day, in UTC.
    pub(super) today: Date,
    /// The agreement's text, once there is one.
    pub(super) agreement: String,
    /// Its id.
    pub(super) agreement_id: String,
    /// The folio of the dossier, once it was sent.
    pub(super) dossier: Option<String>,
    /// The objects that nobody at the side which received them reads any more: purged, or kept by a legal hold.
    pub(super) withdrawn: Vec<String>,
    /// The releases so far, of both.
    pub(super) given: Vec<Given>,
    /// What both sides hold and can prove, once it is counted.
    pub(super) tally: Option<Tally>,
    /// Somebody without a node.
    outsider: Desk,
}

impl Stage {
    /// Two parties without nodes, on free ports, in a folder of their own.
    pub(super) fn set(
        examples: Option<&Path>,
        dir: Option<&Path>,
        lang: Lang,
        today: Date,
    ) -> Result<Self> {
        let system = |error: std::io::Error| DemoError::System(error.to_string());
        let program: Arc<Path> = Arc::from(std::env::current_exe().map_err(system)?);
        let examples = Examples::find(examples, &program)?;
        let [us_link, us_api, mx_link, mx_api, ca_link, ca_api] = free_ports().map_err(system)?;
        let folder = Folder::make(dir)?;
        let us = Character {
            handle: "us",
            lang: Lang::En,
            office: "release desk",
            analyst: "analyst-1",
        };
        let mx = Character {
            handle: "mx",
            lang: Lang::Es,
            office: "responsable de entregas",
            analyst: "analista-1",
        };
        let ca = Character {
            handle: "ca",
            lang: Lang::En,
            office: "release desk",
            analyst: "analyst-1",
        };
        let outsider = Desk {
            program: Arc::clone(&program),
            folder: Arc::from(folder.path()),
            data: "outsider",
            lang,
        };
        Ok(Self {
            us: Party::new(&us, &program, &folder, lang, (us_link, us_api))?,
            mx: Party::new(&mx, &program, &folder, lang, (mx_link, mx_api))?,
            ca: Party::new(&ca, &program, &folder, lang, (ca_link, ca_api))?,
            examples,
            folder,
            lang,
            today,
            agreement: String::new(),
            agreement_id: String::new(),
            dossier: None,
            withdrawn: Vec::new(),
            given: Vec::new(),
            tally: None,
            outsider,
        })
    }

    /// A command to no node: there are no keys and no data.
    pub(super) fn outside<'a>(&'a self, args: &[&str]) -> Ask<'a> {
        Ask::new(&self.outsider, "outsider.passphrase", args)
    }

    /// Stops both nodes.
    pub(super) async fn stop(&mut self) -> Result<()> {
        let (us, mx) = tokio::join!(self.us.stop(), self.mx.stop());
        us.and(mx)
    }
}

/// Waits until `look` finds something.
pub(super) async fn until<T>(
    what: impl Into<String>,
    mut look: impl AsyncFnMut() -> Result<Option<T>>,
) -> Result<T> {
    let search = async {
        loop {
            if let Some(found) = look().await? {
                return Ok(found);
            }
            tokio::time::sleep(LOOK).await;
        }
    };
    let slow = DemoError::Slow { what: what.into(), seconds: PATIENCE.as_secs() };
    tokio::time::timeout(PATIENCE, search).await.unwrap_or(Err(slow))
}

/// Six ports that nobody listens on. All are bound at once, so that they differ, and then released.
fn free_ports() -> std::io::Result<[SocketAddr; 6]> {
    let bind = || TcpListener::bind((Ipv4Addr::LOCALHOST, 0));
    let bound = [bind()?, bind()?, bind()?, bind()?, bind()?, bind()?];
    let mut ports = [SocketAddr::from((Ipv4Addr::LOCALHOST, 0)); 6];
    for (port, listener) in ports.iter_mut().zip(&bound) {
        *port = listener.local_addr()?;
    }
    Ok(ports)
}
