//! Where something came from, how many origins stand behind it, and who says otherwise.

use std::collections::BTreeSet;

use comity_exchange::compose::Selection;
use comity_exchange::import;
use comity_exchange::ports::{PartContent, PouchState};
use comity_exchange::provenance::{
    Behind, Corroboration, How, LeftOut, Whose, Why, corroboration, provenance, views,
};
use comity_model::matter::ConsentDecision;
use comity_model::release::OBJECTS;
use comity_model::{Digest, PartyRoot};
use comity_testkit::{AgreementText, OTHER_CLAUSE, Party, Result, indicator, pair_with, pump};

use crate::support::Wire;
use crate::support::line::{CONTROL, Line, agree, asking, id_of, release, request, say};

mod origins;

const KINDS: &str = r#"["indicator", "identity", "relationship", "sighting", "opinion", "note", "domain-name", "report"]"#;

/// An object of this type with these further members.
fn object(stix_type: &str, number: u32, members: &str) -> String {
    format!(
        r#"{{"type":"{stix_type}","spec_version":"2.1","id":"{}","created":"2026-02-01T00:00:00.000Z","modified":"2026-02-01T00:00:00.000Z",{members}}}"#,
        id(stix_type, number)
    )
}

fn id(stix_type: &str, number: u32) -> String {
    format!("{stix_type}--5d0b6f1e-3c0e-4e59-8a52-{number:012x}")
}

fn firm(number: u32) -> String {
    let members = r#""name":"Example chemicals","identity_class":"organization","contact_information":"555 0100""#;
    object("identity", number, members)
}

fn related(number: u32, word: &str, from: &str, to: &str) -> String {
    let members =
        format!(r#""relationship_type":"{word}","source_ref":"{from}","target_ref":"{to}""#);
    object("relationship", number, &members)
}

fn sighting(number: u32, of: &str, members: &str) -> String {
    object("sighting", number, &format!(r#""sighting_of_ref":"{of}"{members}"#))
}

fn opinion(number: u32, word: &str, of: &str) -> String {
    let members =
        format!(r#""opinion":"{word}","explanation":"Seen from here","object_refs":["{of}"]"#);
    object("opinion", number, &members)
}

/// `mx`, whose partner `us` says what it likes.
async fn wire() -> Result<Wire> {
    let terms = AgreementText { kinds: KINDS.to_owned(), ..AgreementText::default() };
    Wire::over(pair_with(&terms).await?).await
}

/// The partner releases these objects, which come from `origin`.
pub(crate) async fn given(wire: &mut Wire, objects: &[String], origin: &[PartyRoot]) -> Result<()> {
    let mut draft = wire.draft(objects)?;
    let partner = wire.pair.us.node.root();
    for line in &mut draft.lines {
        line.chain = origin.iter().copied().chain([partner]).collect();
        line.origin = line.chain[0];
    }
    draft.bind()?;
    let forge = wire.release(&draft, 1)?;
    let row = wire.send(&forge).await?;
    assert_eq!((row.state, row.code), (PouchState::Consumed, None));
    assert_eq!(wire.pair.mx.count("SELECT count(*) FROM staged")?, 0);
    Ok(())
}

/// Takes objects in from a feed of this name.
pub(crate) async fn feed(party: &Party, name: &str, objects: &[String]) -> Result<()> {
    taken_in(party, format!("feed/{name}"), objects).await
}

/// Takes objects in under the name of what they came in.
async fn taken_in(party: &Party, source: String, objects: &[String]) -> Result<()> {
    let options = import::ImportOptions {
        source,
        grade: None,
        lang: import::Lang::En,
        by: "an analyst".to_owned(),
    };
    let file = std::io::Cursor::new(objects.join("\n").into_bytes());
    let report = import::import(&party.node, file, options, |_| {}).await?;
    assert_eq!(report.rejected, 0, "{:?}", report.rejections);
    Ok(())
}

fn own(name: &str) -> BTreeSet<Behind> {
    [Behind::Feed { name: name.to_owned() }].into()
}

fn party(root: PartyRoot) -> BTreeSet<Behind> {
    [Behind::Party { root }].into()
}

fn whose(found: &Corroboration) -> BTreeSet<BTreeSet<Behind>> {
    assert!(found.complete);
    found.origins.iter().map(|it| it.whose.clone()).collect()
}

fn left(found: &Corroboration) -> BTreeSet<(String, Why)> {
    found.left_out.iter().map(|LeftOut { id, why }| (id.clone(), *why)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn circularity_a_derivative_of_ones_own_that_comes_back_is_ones_own() -> Result<()> {
    let mut wire = wire().await?;
    feed(&wire.pair.mx, "customs", &[firm(1)]).await?;
    let (mx, us) = (&wire.pair.mx, &wire.pair.us);
    let sealed = mx.release(us, OTHER_CLAUSE, Selection::Ids(vec![id("identity", 1)]), 1).await?;
    let part = sealed.parts.iter().find(|it| it.name == OBJECTS).ok_or("no objects")?;
    let PartContent::Inline(bytes) = &part.content else { return Err("inline".into()) };
    let derivative = String::from_utf8(bytes.clone())?.trim_end().to_owned();
    let derived = derivative.split('"').find(|it| it.starts_with("identity--")).ok_or("no id")?;
    let derived = derived.to_owned();
    assert_ne!(derived, id("identity", 1));
    let (owner, partner) = (wire.mx().root(), wire.pair.us.node.root());
    given(&mut wire, &[derivative], &[owner]).await?;

    let found = provenance(wire.mx(), &derived).await?;
    assert_eq!(found.original, Some(id("identity", 1)));
    assert_eq!(found.sources.len(), 1);
    assert!(found.sources[0].returned);
    assert_eq!(found.sources[0].chain, [owner, partner]);
    let original = provenance(wire.mx(), &id("identity", 1)).await?;
    assert_eq!(original.left_as, [(wire.agreement.id, derived.clone())]);
    let source = "feed/customs".to_owned();
    assert_eq!(original.sources[0].whose, Whose::Own { source });

    // by either id it is one object of one origin
    for name in [id("identity", 1), derived.clone()] {
        let found = corroboration(wire.mx(), &name).await?;
        assert_eq!((found.id.clone(), whose(&found)), (id("identity", 1), [own("customs")].into()));
        assert_eq!(left(&found), [(derived.clone(), Why::Returned)].into());
    }
    // the partner knows it by the derivative's id; what it sees itself is a second origin
    given(&mut wire, &[sighting(2, &derived, "")], &[]).await?;
    let found = corroboration(wire.mx(), &id("identity", 1)).await?;
    assert_eq!(whose(&found), [own("customs"), party(partner)].into());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn circularity_what_returns_through_two_partners_counts_for_its_origin_only() -> Result<()> {
    let line = Line::given(0..1).await?;
    agree(&line.xx, &line.us, 9, "2027-01-31").await?;
    let on = request(&line.mx, &line.us, &[0], &line.xx, CONTROL).await?;
    say(&line.us, &on, ConsentDecision::Granted, None).await?;
    pump(&line.us, &line.mx).await?;
    release(&line.mx, &line.xx, CONTROL, Selection::Ids(vec![id_of(0)])).await?;
    // nobody need ask its originator whether it may have it back
    let back = request(&line.xx, &line.mx, &[0], &line.us, CONTROL).await?;
    say(&line.mx, &back, ConsentDecision::Granted, None).await?;
    pump(&line.mx, &line.xx).await?;
    release(&line.xx, &line.us, CONTROL, Selection::Ids(vec![id_of(0)])).await?;

    let found = provenance(&line.us.node, &id_of(0)).await?;
    let chains: Vec<_> = found.sources.iter().map(|it| it.chain.as_slice()).collect();
    let round = [&line.us, &line.mx, &line.xx].map(|party| party.node.root());
    assert_eq!(chains, [&[][..], &round[..]]);
    assert_eq!(found.sources.iter().map(|it| it.returned).collect::<Vec<_>>(), [false, true]);
    let found = corroboration(&line.us.node, &id_of(0)).await?;
    assert_eq!(whose(&found), [BTreeSet::from([Behind::Itself])].into());
    assert_eq!(left(&found), [(id_of(0), Why::Returned)].into());
    let held = line.us.node.store().holding(id_of(0)).await?.ok_or("not held")?;
    assert!(held.origin.partner().is_none(), "readers still get one's own");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn circularity_what_a_partner_made_from_ones_own_confirms_nothing() -> Result<()> {
    let mut wire = wire().await?;
    let partner = party(wire.pair.us.node.root());
    feed(&wire.pair.mx, "customs", &[indicator(0)]).await?;
    let (x, y, z) = (id_of(0), id("identity", 7), id("identity", 8));
    // the partner's y was made from x, and z from y; both are said to be the same thing as x
    let made = [
        firm(7),
        firm(8),
        related(1, "derived-from", &y, &x),
        related(2, "derived-from", &z, &y),
        related(3, "duplicate-of", &y, &x),
        related(4, "duplicate-of", &x, &z),
        related(5, "related-to", &x, &z),
    ];
    given(&mut wire, &made, &[]).await?;
    let found = corroboration(wire.mx(), &x).await?;
    assert_eq!(whose(&found), [own("customs")].into());
    assert_eq!(left(&found), [(y.clone(), Why::Derived), (z, Why::Derived)].into());
    // and what was made from it tells nothing that it did not
    let found = corroboration(wire.mx(), &y).await?;
    assert_eq!(whose(&found), [own("customs")].into());

    // what the partner has from nobody else is a second origin, however often it says it
    let more = [firm(9), related(6, "duplicate-of", &id("identity", 9), &x), sighting(7, &x, "")];
    given(&mut wire, &more, &[]).await?;
    let found = corroboration(wire.mx(), &x).await?;
    assert_eq!(whose(&found), [own("customs"), partner].into());
    let theirs = found.origins.iter().find(|it| it.whose != own("customs")).ok_or("one")?;
    let how: Vec<How> = theirs.support.iter().map(|it| it.how).collect();
    assert_eq!(how, [How::Duplicate, How::Sighting]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn circularity_what_is_made_from_each_other_is_answered_all_the_same() -> Result<()> {
    let mut wire = wire().await?;
    let (y, z) = (id("identity", 7), id("identity", 8));
    let circle = [
        firm(7),
        firm(8),
        related(1, "derived-from", &y, &z),
        related(2, "derived-from", &z, &y),
        related(3, "duplicate-of", &y, &y),
    ];
    given(&mut wire, &circle, &[]).await?;
    let partner = party(wire.pair.us.node.root());
    assert_eq!(whose(&corroboration(wire.mx(), &y).await?), [partner].into());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn each_origin_counts_once_and_what_is_no_observation_not_at_all() -> Result<()> {
    let mut wire = wire().await?;
    let x = id_of(0);
    let third = PartyRoot::new(Digest::of(b"a third party"));
    feed(&wire.pair.mx, "customs", &[indicator(0), sighting(1, &x, "")]).await?;
    feed(&wire.pair.mx, "laboratory", &[sighting(2, &x, r#","count":3"#)]).await?;
    let theirs = [
        sighting(3, &x, r#","count":0"#),
        sighting(4, &x, r#","summary":true"#),
        sighting(5, &x, r#","revoked":true"#),
        opinion(6, "disagree", &x),
        opinion(7, "neutral", &x),
    ];
    given(&mut wire, &theirs, &[]).await?;
    let found = corroboration(wire.mx(), &x).await?;
    assert_eq!(whose(&found), [own("customs"), own("laboratory")].into());
    let why = [
        (id("sighting", 3), Why::NotSeen),
        (id("sighting", 4), Why::Summary),
        (id("sighting", 5), Why::Revoked),
    ];
    assert_eq!(left(&found), why.into());
    // a third party's sighting counts for the third party, not for the partner that passed it on
    given(&mut wire, &[sighting(8, &x, ""), opinion(9, "agree", &x)], &[third]).await?;
    let found = corroboration(wire.mx(), &x).await?;
    let expected = [own("customs"), own("laboratory"), party(third)];
    assert_eq!(whose(&found), expected.into());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_of_an_object_is_no_second_report_and_the_same_value_seen_twice_is() -> Result<()> {
    let mut wire = wire().await?;
    let value = r#"{"type":"domain-name","spec_version":"2.1","id":"domain-name--bedb4899-d24b-5401-bc86-8f6b4cc18ec7","value":"example.com"}"#;
    feed(&wire.pair.mx, "feed", &[indicator(0), value.to_owned()]).await?;
    given(&mut wire, &[indicator(0), value.to_owned()], &[]).await?;
    let partner = party(wire.pair.us.node.root());
    let found = corroboration(wire.mx(), &id_of(0)).await?;
    assert_eq!(
        (whose(&found), left(&found)),
        ([own("feed")].into(), [(id_of(0), Why::Copy)].into())
    );
    let found =
        corroboration(wire.mx(), "domain-name--bedb4899-d24b-5401-bc86-8f6b4cc18ec7").await?;
    assert_eq!(whose(&found), [own("feed"), partner].into());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_partners_dissent_stands_beside_ones_own_view_and_overwrites_nothing() -> Result<()> {
    let mut wire = wire().await?;
    let (x, partner, owner) = (id_of(0), wire.pair.us.node.root(), wire.mx().root());
    feed(&wire.pair.mx, "customs", &[indicator(0), opinion(1, "agree", &x)]).await?;
    let newer = indicator(0)
        .replace(r#""modified":"2026-01-10"#, r#""modified":"2026-02-10"#)
        .replace("Indicator 0", "Another name");
    let note = object("note", 3, &format!(r#""content":"Not from here","object_refs":["{x}"]"#));
    given(&mut wire, &[newer, opinion(2, "strongly-disagree", &x), note], &[]).await?;

    let found = views(wire.mx(), &x).await?;
    assert_eq!(found.parties.iter().map(|it| it.party).collect::<Vec<_>>(), [owner, partner]);
    let said = |at: usize| -> Vec<Option<&str>> {
        found.parties[at].opinions.iter().map(|it| it.opinion.as_deref()).collect()
    };
    assert_eq!((said(0), said(1)), (vec![Some("agree")], vec![Some("strongly-disagree"), None]));
    let texts: Vec<_> = found.parties[1].opinions.iter().map(|it| it.text.as_deref()).collect();
    assert_eq!(texts, [Some("Seen from here"), Some("Not from here")]);
    let versions: Vec<_> =
        found.parties.iter().filter_map(|it| it.version.as_ref()).map(|it| it.digest).collect();
    assert_eq!(versions[0], Digest::of(indicator(0).as_bytes()), "one's own, byte for byte");
    assert_ne!(versions[0], versions[1]);
    // and its word does not count for it
    assert_eq!(whose(&corroboration(wire.mx(), &x).await?), [own("customs")].into());

    // what comes back with one's own name on it is what the partner says
    let forged = indicator(0)
        .replace(r#""modified":"2026-01-10"#, r#""modified":"2026-03-01"#)
        .replace("Indicator 0", "A third name");
    given(&mut wire, &[forged], &[owner]).await?;
    let found = views(wire.mx(), &x).await?;
    let mine = found.parties[0].version.as_ref().ok_or("none")?;
    assert_eq!(mine.digest, Digest::of(indicator(0).as_bytes()));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_held_has_no_provenance() -> Result<()> {
    let wire = wire().await?;
    for name in ["indicator--5d0b6f1e-3c0e-4e59-8a52-000000000001", "", "' OR 1=1"] {
        assert_eq!(provenance(wire.mx(), name).await.unwrap_err().code(), "not-found");
        assert_eq!(corroboration(wire.mx(), name).await.unwrap_err().code(), "not-found");
        assert_eq!(views(wire.mx(), name).await.unwrap_err().code(), "not-found");
    }
    let asked = asking(&[3], wire.pair.us.node.root(), CONTROL);
    let refused = comity_exchange::consent::ask(wire.mx(), asked).await;
    assert_eq!(refused.unwrap_err().code(), "not-found");
    Ok(())
}
