//! Files that were damaged, cut, or written anew in another order.

use comity_exchange::evidence::{Evidence, check, check_document};
use comity_testkit::Result;
use serde_json::Value;

use super::{proven, roots};

#[tokio::test(flavor = "multi_thread")]
async fn whichever_byte_is_changed_the_file_does_not_verify() -> Result<()> {
    let (pair, file) = proven().await?;
    let roots = roots(&pair);
    check(&file, &roots, None)?;
    for at in 0..file.len() {
        let mut other = file.clone();
        other[at] ^= 1 << (at % 8);
        assert!(check(&other, &roots, None).is_err(), "byte {at}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn cut_anywhere_or_with_a_tail_the_file_does_not_verify() -> Result<()> {
    let (_pair, file) = proven().await?;
    for length in 0..file.len() {
        assert!(Evidence::parse(&file[..length]).is_err(), "cut to {length}");
    }
    assert!(Evidence::parse(&[file.as_slice(), b"\n"].concat()).is_err());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn under_a_mended_digest_no_byte_of_the_document_can_be_another() -> Result<()> {
    let (pair, file) = proven().await?;
    let roots = roots(&pair);
    let document = Evidence::parse(&file)?.to_document();
    // a prime apart: each costs a verification
    for at in (0..document.len()).step_by(211) {
        let mut other = document.clone();
        other[at] ^= 1 << (at % 7);
        let Ok(evidence) = Evidence::from_document(&other) else { continue };
        let found = check_document(&evidence, &roots, None);
        // under another name a cosignature is nobody's, and the evidence no longer whole
        assert!(found.map_or(true, |it| !it.missing.is_empty()), "byte {at} may be changed");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn members_in_another_order_twice_or_unknown_are_refused() -> Result<()> {
    let (_pair, file) = proven().await?;
    let document = String::from_utf8(Evidence::parse(&file)?.to_document())?;
    let code = |text: &str| Evidence::from_document(text.as_bytes()).map_err(|it| it.code());
    assert!(code(&document).is_ok());
    let value: Value = serde_json::from_str(&document)?;
    let members = value.as_object().ok_or("no object")?;
    let turned: serde_json::Map<String, Value> = members.clone().into_iter().rev().collect();
    assert_eq!(code(&serde_json::to_string(&turned)?), Err("evidence-not-canonical"));
    assert_eq!(code(&serde_json::to_string_pretty(&value)?), Err("evidence-not-canonical"));
    assert_eq!(code(&format!("{document}\n")), Err("evidence-not-canonical"));
    let twice = document.replacen("{\"format\"", "{\"format\":\"comity-proof/1\",\"format\"", 1);
    assert_eq!(code(&twice), Err("evidence-malformed"));
    let unknown = document.replacen("{\"format\"", "{\"more\":1,\"format\"", 1);
    assert_eq!(code(&unknown), Err("evidence-malformed"));
    let other = document.replacen("comity-proof/1", "comity-proof/2", 1);
    assert_eq!(code(&other), Err("evidence-malformed"));
    let escaped = document.replacen("comity-proof/1", "comity\\u002dproof/1", 1);
    assert_eq!(code(&escaped), Err("evidence-not-canonical"));
    Ok(())
}
