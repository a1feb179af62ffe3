//! The content beside the evidence.

use std::io::{Cursor, Read};

use comity_exchange::evidence::{Evidence, Field, content};
use comity_exchange::ports::PartContent;
use comity_model::release::{MANIFEST, OBJECTS};
use comity_testkit::{Pair, Result};

use super::proven;

async fn parts(pair: &Pair) -> Result<Vec<(String, Vec<u8>)>> {
    let row = pair.us.node.store().releases(1).await?.remove(0);
    let inline = |content| match content {
        PartContent::Inline(bytes) => bytes,
        PartContent::Blob(_) => Vec::new(),
    };
    Ok(row.parts.into_iter().map(|it| (it.name, inline(it.content))).collect())
}

fn given(parts: &[(String, Vec<u8>)]) -> Vec<content::Given<'_>> {
    let read = |bytes: &Vec<u8>| Box::new(Cursor::new(bytes.clone())) as Box<dyn Read>;
    parts.iter().map(|(name, bytes)| (name.as_str(), read(bytes))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_objects_beside_the_file_are_those_that_were_released() -> Result<()> {
    let (pair, file) = proven().await?;
    let evidence = Evidence::parse(&file)?;
    let whole = parts(&pair).await?;
    assert_eq!(content::check(&evidence, given(&whole))?, Vec::<String>::new());
    assert_eq!(content::check(&evidence, given(&whole[..1]))?, [OBJECTS]);
    assert_eq!(content::check(&evidence, Vec::new())?, [MANIFEST, OBJECTS]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn one_byte_of_the_content_changed_cut_or_added_is_noticed() -> Result<()> {
    let (pair, file) = proven().await?;
    let evidence = Evidence::parse(&file)?;
    let whole = parts(&pair).await?;
    for part in 0..whole.len() {
        for at in 0..whole[part].1.len() {
            let mut other = whole.clone();
            other[part].1[at] ^= 1;
            let flaw = content::check(&evidence, given(&other)).err();
            assert_eq!(flaw.map(|it| it.field), Some(Field::Content), "part {part}, byte {at}");
        }
        let mut cut = whole.clone();
        cut[part].1.pop();
        assert!(content::check(&evidence, given(&cut)).is_err());
        let mut longer = whole.clone();
        longer[part].1.push(b'\n');
        assert!(content::check(&evidence, given(&longer)).is_err());
    }
    let code =
        |parts: &[(String, Vec<u8>)]| content::check(&evidence, given(parts)).map_err(|it| it.code);
    assert_eq!(code(&whole[1..]), Err("part-missing"));
    assert_eq!(code(&[("other.jsonl".to_owned(), Vec::new())]), Err("part-unknown"));
    assert_eq!(code(&[whole[0].clone(), whole[0].clone()]), Err("part-unknown"));
    Ok(())
}
