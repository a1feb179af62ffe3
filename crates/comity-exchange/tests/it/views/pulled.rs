//! What a unit pulled, and the recalls that name it.

use comity_exchange::compose::Selection;
use comity_exchange::recall;
use comity_exchange::unit::add;
use comity_model::UseCode;
use comity_testkit::{Result, pump};

use super::{CUSTOMS, collected, everything, seen};
use crate::recalls::of;
use crate::support::line::{CONTROL, Line, id_of, release};

/// A line on which three objects were given, the unit `customs`, and its view of them all.
async fn at_customs() -> Result<(Line, u64)> {
    let line = Line::given(0..3).await?;
    let mx = &line.mx;
    add(&mx.node, "customs", "Customs", UseCode::IntelligenceOnly, &mx.officers[0]).await?;
    let all = collected(mx, "all", Some("all")).await?;
    assert_eq!(seen(mx, all, CUSTOMS).await?, [0, 1, 2]);
    let view = mx.node.store().open_view(all, CUSTOMS).await?.number;
    Ok((line, view))
}

async fn notes(line: &Line, view: u64, added: Vec<i64>) -> Result<bool> {
    let node = &line.mx.node;
    Ok(node.store().pulled("customs".to_owned(), view, added, node.now()).await?)
}

/// Recalls these of the objects that were given.
async fn recalls(line: &Line, objects: Vec<String>) -> Result<()> {
    let name = line.us.node.store().releases(1).await?[0].record.folio.to_string();
    recall::recall(&line.us.node, of(recall::What::Release { name, objects })).await?;
    pump(&line.us, &line.mx).await?;
    Ok(())
}

/// How many objects each unit is told to give back.
async fn named(line: &Line) -> Result<Vec<u64>> {
    let recall = recall::all(&line.mx.node, 1).await?.pop().ok_or("no recall")?;
    let notices = recall::notices(&line.mx.node, &recall).await?;
    Ok(notices.iter().map(|it| it.objects).collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_unit_pulled_is_known_to_a_recall() -> Result<()> {
    let (line, view) = at_customs().await?;
    let page = line.mx.node.store().view_objects(everything(view)).await?;
    assert_eq!(page.added.len(), 3);
    assert!(notes(&line, view, page.added.clone()).await?);
    assert!(notes(&line, view, page.added).await?, "as often as it asks");
    recalls(&line, Vec::new()).await?;
    assert_eq!(named(&line).await?, [3], "each object once");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_unit_pulled_is_known_to_a_recall_of_every_release_that_brought_it() -> Result<()> {
    let (line, view) = at_customs().await?;
    release(&line.us, &line.mx, CONTROL, Selection::Ids(vec![id_of(0)])).await?;
    pump(&line.us, &line.mx).await?;
    let page = line.mx.node.store().view_objects(everything(view)).await?;
    assert!(notes(&line, view, page.added).await?);
    let sealed = line.us.node.store().releases(2).await?;
    assert_eq!(sealed.len(), 2);
    for it in sealed {
        let (name, objects) = (it.record.folio.to_string(), vec![id_of(0)]);
        recall::recall(&line.us.node, of(recall::What::Release { name, objects })).await?;
        pump(&line.us, &line.mx).await?;
        assert_eq!(named(&line).await?, [1]);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_unit_is_named_for_what_its_filter_let_through_and_for_nothing_in_between() -> Result<()>
{
    let (line, view) = at_customs().await?;
    let mut query = everything(view);
    query.ids = Some(vec![id_of(0), id_of(2)]);
    let page = line.mx.node.store().view_objects(query).await?;
    assert!(notes(&line, view, page.added).await?);
    recalls(&line, vec![id_of(1)]).await?;
    assert!(named(&line).await?.is_empty(), "it never got that one");
    recalls(&line, vec![id_of(2)]).await?;
    assert_eq!(named(&line).await?, [1]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_which_something_was_frozen_is_not_given_to_a_unit() -> Result<()> {
    let (line, view) = at_customs().await?;
    let page = line.mx.node.store().view_objects(everything(view)).await?;
    recalls(&line, vec![id_of(1)]).await?;
    assert!(!notes(&line, view, page.added).await?, "the recall would not know of it");
    assert!(named(&line).await?.is_empty());
    let page = line.mx.node.store().view_objects(everything(view)).await?;
    assert_eq!(page.added.len(), 2);
    assert!(notes(&line, view, page.added).await?, "what is left may be given");
    Ok(())
}
