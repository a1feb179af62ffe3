//! Statements and what travels with a release.

use std::fmt::{Debug, Display};
use std::str::FromStr;

use comity_model::conduct::ConductBody;
use comity_model::matter::MatterBody;
use comity_model::matter::reciprocity::Recorded;
use comity_model::statement::{
    CheckpointBody, DescriptorBody, Kind, Payload, ReceiptBody, ReleaseBody,
};
use comity_model::{
    AgreementId, ChannelId, Digest, Folio, Grade, Handle, ManifestLine, MatterId, OfficerId,
    PartyRoot, ReleaseId, ReleaseRecord, StandingId, StatementId, UseCode,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A payload that is read is printed in a form that reads as the same; its body is that of its kind and no other; objects are
/// written as objects and nothing is said twice.
pub(crate) fn statement(data: &[u8]) -> bool {
    let Ok(payload) = Payload::parse(data) else { return false };
    let printed = written(&payload);
    let again = Payload::parse(printed.as_bytes()).expect("what is printed can be read");
    assert_eq!(written(&again), printed);
    same_shape(data, &payload);
    assert!(ChannelId::origin(&payload.channel()).len() <= 255);
    let _ = Recorded::of(data);
    let Some(kind) = payload.known_kind() else { return false };
    let (matter, conduct) = (MatterBody::of(&payload), ConductBody::of(&payload));
    match kind {
        Kind::Release => whole::<ReleaseBody>(&payload),
        Kind::Receipt => whole::<ReceiptBody>(&payload),
        Kind::Checkpoint => whole::<CheckpointBody>(&payload),
        Kind::Descriptor => whole::<DescriptorBody>(&payload),
        Kind::Agreement | Kind::Suspension | Kind::Termination => {
            let Some(Ok(body)) = conduct else { return false };
            let raw = body.to_raw().expect("it can be written");
            assert_eq!(ConductBody::read(kind, &raw), Some(Ok(body.clone())));
            assert!(body.kind() == kind && matter.is_none());
            shaped(payload.body.get().as_bytes(), raw.get())
        }
        _ => {
            let Some(Ok(body)) = matter else { return false };
            let raw = body.to_raw().expect("it can be written");
            assert_eq!(MatterBody::read(kind, &raw), Some(Ok(body.clone())));
            assert!(body.kind() == kind && conduct.is_none());
            let _ = (body.text_rule(), body.grounds(), body.folio().to_string());
            shaped(payload.body.get().as_bytes(), raw.get())
        }
    }
}

/// Whether the body can be read as that of its kind. Then it is written in a form that reads as the same.
fn whole<T>(payload: &Payload) -> bool
where
    T: Serialize + for<'a> Deserialize<'a> + PartialEq + Debug,
{
    let Ok(body) = payload.body::<T>() else { return false };
    let again: T = serde_json::from_str(&written(&body)).expect("what is printed can be read");
    assert_eq!(again, body);
    same_shape(payload.body.get().as_bytes(), &body);
    true
}

/// A line of a manifest: it is read under its own number alone, is printed in a form that reads as the same, and commits to
/// its object and to nothing else.
pub(crate) fn manifest(data: &[u8]) -> bool {
    let number = serde_json::from_slice::<Value>(data)
        .ok()
        .and_then(|it| it.get("index")?.as_u64()?.checked_add(1));
    let Ok(line) = ManifestLine::parse(data, number.unwrap_or(1)) else { return false };
    assert!(ManifestLine::parse(data, number.unwrap_or(1).wrapping_add(1)).is_err());
    let printed = line.to_line().expect("it can be written");
    assert_eq!(ManifestLine::parse(&printed, line.index + 1).as_ref(), Ok(&line));
    same_shape(data, &line);
    let commitment = line.commitment_to(data, b"an object").expect("the line was read");
    assert_ne!(line.commitment_to(data, b"an objecT"), Ok(commitment));
    true
}

/// The record of a release: printed in a form that reads as the same.
pub(crate) fn record(data: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(data) else { return false };
    let Ok(record) = ReleaseRecord::parse(text) else { return false };
    assert_eq!(ReleaseRecord::parse(&written(&record)).as_ref(), Ok(&record));
    same_shape(data, &record);
    true
}

/// Ids, numbers and words: one thing has one text, a folio one in either case.
pub(crate) fn term(data: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(data) else { return false };
    let taken = [
        one::<AgreementId>(text),
        one::<StatementId>(text),
        one::<ReleaseId>(text),
        one::<OfficerId>(text),
        one::<StandingId>(text),
        one::<MatterId>(text),
        one::<PartyRoot>(text),
        one::<Digest>(text),
        one::<Handle>(text),
        text.parse::<Folio>().is_ok() && one::<Folio>(&text.to_ascii_uppercase()),
        one::<Grade>(text),
        one::<UseCode>(text),
    ];
    taken.contains(&true)
}

fn one<T: FromStr + Display>(text: &str) -> bool {
    let read = text.parse::<T>();
    if let Ok(read) = &read {
        assert_eq!(read.to_string(), text, "a second text of the same");
    }
    read.is_ok()
}

fn written(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("it can be written")
}

fn same_shape(data: &[u8], read: &impl Serialize) {
    shaped(data, &written(read));
}

/// Holds that what is printed as an object was written as one: a list of the members would be a second way to say the same.
fn shaped(data: &[u8], printed: &str) -> bool {
    let (Ok(data), Ok(printed)) = (serde_json::from_slice(data), serde_json::from_str(printed))
    else {
        return true;
    };
    objects(&data, &printed);
    true
}

fn objects(data: &Value, printed: &Value) {
    match printed {
        Value::Object(members) => {
            assert!(data.is_object(), "a list in the place of an object: {data}");
            for (name, member) in members {
                objects(data.get(name).unwrap_or(member), member);
            }
        }
        Value::Array(elements) => {
            for (at, element) in elements.iter().enumerate() {
                objects(data.get(at).unwrap_or(element), element);
            }
        }
        _ => {}
    }
}
