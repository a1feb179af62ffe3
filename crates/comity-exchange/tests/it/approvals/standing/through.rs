//! What leads to a site or a natural person through others wants an officer as what names one does: on the sender's side
//! through what it holds, on the receiver's through what it sees.

use super::*;

/// The number of an object that is at the end of a chain, and those before it.
const END: u8 = 0xf0;

fn note(number: u8, about: &[&str]) -> String {
    object("note", number, &json!({ "content": "n", "object_refs": about }))
}

/// Notes, each about the one before and the first about this: the last comes last.
fn notes(first: &str, count: u8) -> Vec<String> {
    notes_from(0, first, count)
}

fn notes_from(number: u8, first: &str, count: u8) -> Vec<String> {
    let mut about = first.to_owned();
    (number..number + count)
        .map(|number| {
            let it = note(number, &[&about]);
            about = id_of(&it);
            it
        })
        .collect()
}

fn exact(number: u8) -> String {
    object("location", number, &json!({ "country": "MX", "city": "x" }))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_leads_to_a_site_or_a_natural_person_through_others_is_not_approved_beforehand()
-> Result<()> {
    let pair = standing_pair().await?;
    approve_beforehand(&pair, 100, 30).await?;
    let (person, wide) =
        (identity(END, "individual"), object("location", END, &json!({ "country": "MX" })));
    let laboratory = object(
        "suspected-laboratory",
        END,
        &json!({ "location_ref": id_of(&wide), "status": "reported",
            "extensions": { LABORATORY: { "extension_type": "new-sdo" } } }),
    );
    let sighted = object(
        "sighting",
        END,
        &json!({ "sighting_of_ref": id_of(&indicator(0)), "where_sighted_refs": [id_of(&exact(END - 1))] }),
    );
    let made = json!({ "content": "n", "created_by_ref": id_of(&person), "object_refs": [id_of(&indicator(0))] });
    let places = object(
        "sighting",
        END - 2,
        &json!({ "sighting_of_ref": id_of(&indicator(0)), "where_sighted_refs": [id_of(&wide)] }),
    );
    let ends = [
        person.clone(),
        report(END, &["email-addr--6f2ba3a5-07d8-5d3a-9c28-5df5cb50a7a7"]),
        report(END - 1, &["identity--5d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2bfe"]),
        report(END - 2, &[&id_of(&sighted)]),
        report(END - 3, &[&id_of(&laboratory)]),
        object("note", END - 4, &made),
        // a wide place is a site where a laboratory names it
        report(END - 5, &[&id_of(&places)]),
    ];
    pair.us
        .hold(
            &[&exact(END - 1), &wide, &laboratory, &sighted, &places]
                .map(String::as_str)
                .join("\n"),
        )
        .await?;
    for (number, end) in (0u8..).step_by(3).zip(ends) {
        let chain = notes_from(number, &id_of(&end), 3);
        let (last, between) = chain.split_last().unwrap();
        pair.us.hold(&[between, &[indicator(0), end.clone()]].concat().join("\n")).await?;
        let refused = send(&pair, &[indicator(1), last.clone()]).await.unwrap_err();
        assert_eq!(refused.code(), "standing-not-for-this", "{end}");
        let said = refused.to_string();
        assert!(said.contains(&id_of(last)) && !said.contains(&id_of(&indicator(1))), "{said}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_leads_to_neither_is_approved_beforehand_also_in_a_ring() -> Result<()> {
    let pair = standing_pair().await?;
    approve_beforehand(&pair, 100, 30).await?;
    let own: serde_json::Value = serde_json::from_str(pair.us.descriptor()?.identity.get())?;
    let body = identity(END, "organization");
    let first = object(
        "note",
        END,
        &json!({ "content": "n", "created_by_ref": own["id"], "object_refs": [id_of(&note(END - 1, &[])), id_of(&body)] }),
    );
    let ring = note(END - 1, &[&id_of(&first)]);
    let chain = notes(&id_of(&ring), 4);
    let (last, between) = chain.split_last().unwrap();
    pair.us.hold(&[between, &[body, first, ring]].concat().join("\n")).await?;
    send(&pair, std::slice::from_ref(last)).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_names_so_much_that_it_is_not_followed_to_its_end_wants_an_officer() -> Result<()> {
    let pair = standing_pair().await?;
    approve_beforehand(&pair, 100, 30).await?;
    let chain = notes(&id_of(&indicator(0)), 70);
    pair.us.hold(&[&chain[..], &[indicator(0)]].concat().join("\n")).await?;
    send(&pair, &[chain[60].clone()]).await?;
    assert_eq!(code(send(&pair, &[chain[69].clone()]).await), "standing-not-for-this");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_be_a_group_of_persons_wants_an_officer() -> Result<()> {
    let pair = standing_pair().await?;
    approve_beforehand(&pair, 100, 30).await?;
    for (number, class) in (0u8..).zip(["group", "class", "unknown", "family"]) {
        let group = identity(number, class);
        assert_eq!(
            code(send(&pair, std::slice::from_ref(&group)).await),
            "standing-not-for-this",
            "{class}"
        );
        let named = send(&pair, &[report(number, &[&id_of(&group)])]).await;
        assert_eq!(code(named), "standing-not-for-this", "{class}");
    }
    for (number, class) in (0x10u8..).zip(["organization", "system"]) {
        send(&pair, &[identity(number, class)]).await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_leads_to_one_under_a_partners_standing_approval_is_refused_as_far_as_it_is_seen()
-> Result<()> {
    let whole = |it: &mut StandingApproval, _: Timestamp| it.ceiling = 20;
    for end in [identity(END, "individual"), identity(END, "group"), exact(END)] {
        // the chain comes before its end, after it, and with its ring
        let chain = notes(&id_of(&end), 3);
        let free = notes_from(0x10, &id_of(&indicator(0)), 3);
        let mut objects = [&[indicator(0)], &chain[..]].concat();
        objects.push(end.clone());
        objects.extend(free.iter().cloned());
        assert_eq!(taken(&terms(), &objects, whole).await?, (None, 4), "{end}");
        objects.reverse();
        assert_eq!(taken(&terms(), &objects, whole).await?, (None, 4), "{end}");
    }
    let ring = [note(0, &[&id_of(&note(1, &[]))]), note(1, &[&id_of(&note(0, &[]))])];
    assert_eq!(taken(&terms(), &ring, whole).await?, (None, 2));

    // through what the reader holds; what nobody here has is its sender's to judge
    let mut wire = Wire::with(&terms()).await?;
    let person = identity(END, "individual");
    let chain = notes(&id_of(&person), 4);
    wire.pair.mx.hold(&[&chain[..3], &[person]].concat().join("\n")).await?;
    let unknown = note(0x20, &[&id_of(&note(0x21, &[]))]);
    let approval = forged(&wire, |it| it.ceiling = 20)?;
    let draft = wire.draft(&[chain[3].clone(), unknown, indicator(0)])?;
    let forge = wire.release_with(&draft, vec![approval])?;
    let before = wire.objects().await?;
    wire.send(&forge).await?;
    assert_eq!(wire.objects().await? - before, 2);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_that_is_held_is_none_the_less_one_for_what_a_release_says() -> Result<()> {
    let mut wire = Wire::with(&terms()).await?;
    wire.pair.mx.hold(&identity(END, "individual")).await?;
    let approval = forged(&wire, |_| ())?;
    let (said, named) = (identity(END, "organization"), report(1, &[&id_of(&identity(END, ""))]));
    let draft = wire.draft(&[said, named])?;
    let forge = wire.release_with(&draft, vec![approval])?;
    wire.send(&forge).await?;
    assert_eq!(wire.pair.mx.count("SELECT count(*) FROM newest WHERE stix_type = 'report'")?, 0);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_in_which_a_person_was_masked_wants_an_officer() -> Result<()> {
    let pair = standing_pair().await?;
    approve_beforehand(&pair, 100, 30).await?;
    let person = object(
        "identity",
        END,
        &json!({ "name": "Fulgencio Batzin", "identity_class": "individual" }),
    );
    assert_eq!(code(send(&pair, &[person]).await), "standing-not-for-this");
    // nothing in it names him but its text
    let about = object(
        "note",
        1,
        &json!({ "content": "Fulgencio Batzin sold it", "object_refs": [id_of(&indicator(0))] }),
    );
    pair.us.hold(&indicator(0)).await?;
    assert_eq!(code(send(&pair, &[about]).await), "standing-not-for-this");
    let plain =
        object("note", 2, &json!({ "content": "sold", "object_refs": [id_of(&indicator(0))] }));
    send(&pair, &[plain]).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn however_a_pattern_looks_for_a_person_and_whoever_wrote_a_note_an_officer_sees_it()
-> Result<()> {
    let pair = standing_pair().await?;
    approve_beforehand(&pair, 100, 30).await?;
    let looking = |number: u8, language: &str, pattern: &str| {
        let more = json!({ "pattern": pattern, "pattern_type": language, "valid_from": "2026-01-10T00:00:00Z" });
        object("indicator", number, &more)
    };
    for (number, pattern) in (0x40u8..).zip([
        "[email-message:from_ref.value = 'a@example.mx']",
        "[email-message:to_refs[*].value = 'a@example.mx']",
        "[process:creator_user_ref.account_login = 'a']",
        "[email-addr :value = 'a@example.mx']",
        "[user-account : user_id = 'a']",
    ]) {
        let refused = send(&pair, &[looking(number, "stix", pattern)]).await;
        assert_eq!(code(refused), "standing-not-for-this", "{pattern}");
    }
    let rule = "alert tcp any any -> any 25 (content:\"a@example.mx\";)";
    assert_eq!(code(send(&pair, &[looking(0x50, "snort", rule)]).await), "standing-not-for-this");
    send(&pair, &[looking(0x51, "stix", "[file:name = 'a@b']")]).await?;
    pair.us.hold(&indicator(0)).await?;
    let more =
        json!({ "content": "n", "object_refs": [id_of(&indicator(0))], "authors": ["A. Analyst"] });
    let signed = object("note", 0x52, &more);
    assert_eq!(code(send(&pair, std::slice::from_ref(&signed)).await), "standing-not-for-this");
    // and the receiver looks at the same
    let whole = |it: &mut StandingApproval, _: Timestamp| it.ceiling = 20;
    let sent = [indicator(0), signed, looking(0x53, "stix", "[user-account : user_id = 'a']")];
    assert_eq!(taken(&terms(), &sent, whole).await?, (None, 1));
    Ok(())
}
