//! Patterns that more than one observation matches.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn observations_that_match_together_make_one_sighting_and_are_used_once() -> Result<()> {
    let (us, _) = alone().await?;
    let node = &us.node;
    let pattern = format!("({} FOLLOWEDBY {}) WITHIN 30 SECONDS", shop(1), shop(2));
    stand(node, "pair", &pattern).await?;
    us.hold(&(domain(2) + &line(&observed(2)))).await?;
    catch_up(node).await?;
    assert_eq!(held(node).await?.len(), 0, "half of it");
    let mut late = observed(1);
    late["id"] = json!(observed_id(300));
    late["first_observed"] = json!("2026-01-10T07:00:00Z");
    late["last_observed"] = json!("2026-01-10T07:00:00Z");
    us.hold(&(domain(1) + &line(&late))).await?;
    catch_up(node).await?;
    assert_eq!(held(node).await?.len(), 0, "an hour lies between them");
    us.hold(&line(&observed(1))).await?;
    for _ in 0..2 {
        catch_up(node).await?;
        let found = held(node).await?;
        let [sighting] = found.as_slice() else { panic!("{found:?}") };
        let said = said(&sighting.bytes);
        assert_eq!(said["observed_data_refs"], json!([observed_id(1), observed_id(2)]));
        assert_eq!(
            (&said["count"], &said["last_seen"]),
            (&json!(4), &json!("2026-01-10T08:00:02Z"))
        );
        us.hold(&line(&{
            let mut again = observed(1);
            again["modified"] = json!("2026-01-10T10:00:00.000Z");
            again
        }))
        .await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_this_partys_own_match_alone_owes_nothing_to_a_partner() -> Result<()> {
    let pair = observers().await?;
    let node = &pair.mx.node;
    stand(node, "pair", &format!("{} AND {}", shop(1), shop(2))).await?;
    released(&pair, &[1]).await?;
    catch_up(node).await?;
    let mut own = observed(1);
    own["id"] = json!(observed_id(301));
    own["object_refs"] = json!([format!("domain-name--{}", uuid(311))]);
    let mut name: Value = serde_json::from_str(&domain(1))?;
    name["id"] = json!(format!("domain-name--{}", uuid(311)));
    pair.mx.hold(&(line(&name) + &line(&own) + &domain(2) + &line(&observed(2)))).await?;
    catch_up(node).await?;
    let found = held(node).await?;
    let [sighting] = found.as_slice() else { panic!("{found:?}") };
    let said = said(&sighting.bytes);
    assert_eq!(said["observed_data_refs"], json!([observed_id(2), observed_id(301)]));
    // the partner's goes with the next one of this party's own, and binds the two of them
    let mut next = observed(2);
    next["id"] = json!(observed_id(302));
    pair.mx.hold(&line(&next)).await?;
    catch_up(node).await?;
    let figures = find(node, "pair").await?.figures;
    assert_eq!((figures.own, figures.apart), (1, 1));
    Ok(())
}
