//! What OpenCTI exports enters under its identifiers, and what has no place here is said.

mod fuzz;

use std::io::Cursor;

use comity_exchange::Node;
use comity_exchange::import::{ImportOptions, ImportReport, Lang};
use comity_exchange::opencti::{Became, Survey, What, import_opencti};
use comity_model::Tlp;
use comity_testkit::{Party, Result, TestClock, indicator};
use serde_json::{Value, json};

const EXAMPLE: &str = include_str!("../../../../examples/opencti/export.json");
const STRICT: &str = "marking-definition--826578e1-40ad-459f-bc73-ede076f81f37";
const EXTENSION: &str = "extension-definition--ea279b3e-5c71-4632-ac08-831c66a786ba";

async fn party() -> Result<Party> {
    let clock = TestClock::at("2026-02-10T10:00:00Z".parse()?);
    Party::new("us", &clock, false).await
}

async fn taken(node: &Node, file: &str) -> Result<(ImportReport, Survey)> {
    let options = ImportOptions {
        source: "opencti".to_owned(),
        grade: None,
        lang: Lang::En,
        by: "an analyst".to_owned(),
    };
    let read = || Cursor::new(file.as_bytes().to_vec());
    Ok(import_opencti(node, read(), read(), options, |_| {}).await?)
}

/// How many objects of a type had this, and what became of it.
fn listed(survey: &Survey, stix_type: &str, name: &str) -> Option<(What, Became, u64)> {
    let found = survey.unplaced.iter().find(|it| it.stix_type == stix_type && it.name == name);
    found.map(|it| (it.what, it.became, it.objects))
}

fn bundle(objects: &[Value]) -> String {
    json!({ "type": "bundle", "id": "bundle--00000000-0000-4000-8000-000000000001", "objects": objects })
        .to_string()
}

fn with(change: impl FnOnce(&mut Value)) -> Value {
    let mut object = serde_json::from_str(&indicator(1)).unwrap();
    change(&mut object);
    object
}

#[tokio::test(flavor = "multi_thread")]
async fn the_example_enters_under_its_identifiers_and_what_has_no_place_is_listed() -> Result<()> {
    let us = party().await?;
    let node = &us.node;
    let file: Value = serde_json::from_str(EXAMPLE)?;
    let (report, survey) = taken(node, EXAMPLE).await?;
    assert_eq!((report.objects, report.held.new, report.rejected), (8, 6, 2));
    assert_eq!((survey.as_written, survey.changed), (4, 2));
    for object in file["objects"].as_array().ok_or("no objects")?.iter().take(6) {
        let id = object["id"].as_str().unwrap_or_default();
        assert!(node.store().holding(id.to_owned()).await?.is_some(), "{id}");
    }
    // refused where the standard says so, on the line where it stands
    let why: Vec<(&str, &str)> =
        report.rejections.iter().map(|it| (it.code.as_str(), it.pointer.as_str())).collect();
    assert_eq!(why, [("reserved-property", "/severity"), ("missing-property", "")]);
    for it in &report.rejections {
        let line = EXAMPLE.lines().nth(usize::try_from(it.line)? - 1).unwrap_or_default();
        assert_eq!(line.trim(), "{");
    }
    for (stix_type, name, expected) in [
        ("indicator", "x_opencti_score", (What::Property, Became::Kept, 1)),
        ("identity", "x_opencti_reliability", (What::Property, Became::Kept, 1)),
        ("report", "external_references.x_opencti_files", (What::File, Became::Kept, 1)),
        ("report", "x_opencti_workflow_id", (What::Property, Became::Kept, 1)),
        ("indicator", &format!("{EXTENSION} id"), (What::Extension, Became::CutOut, 1)),
        ("indicator", &format!("{EXTENSION} score"), (What::Extension, Became::Kept, 1)),
        ("indicator", "TLP:AMBER+STRICT", (What::Marking, Became::Added, 1)),
        ("indicator", "PAP:RED", (What::Marking, Became::Added, 1)),
        ("hostname", "hostname", (What::Type, Became::Refused, 1)),
        ("x-opencti-case-incident", "x_opencti_id", (What::Property, Became::Refused, 1)),
    ] {
        assert_eq!(listed(&survey, stix_type, name), Some(expected), "{stix_type} {name}");
    }
    let (again, _) = taken(node, EXAMPLE).await?;
    assert_eq!((again.held.new, again.held.unchanged, again.held.conflicts), (0, 6, 0));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_valid_object_keeps_its_bytes_and_a_broken_addition_goes_alone() -> Result<()> {
    let us = party().await?;
    let valid = indicator(7).replacen('{', "{\n  \"x_opencti_score\" : 5.0e1,", 1);
    let broken = with(|it| {
        it["x_opencti_aliases"] = json!([]);
        it["x_opencti_score"] = json!(50);
    })
    .to_string();
    let (report, survey) = taken(&us.node, &format!("[{valid},\n{broken}]")).await?;
    assert_eq!((report.held.new, report.rejected), (2, 0));
    assert_eq!((survey.as_written, survey.changed), (1, 1));
    let held = async |text: &str| -> Result<Vec<u8>> {
        let object: Value = serde_json::from_str(text)?;
        let id = object["id"].as_str().unwrap_or_default().to_owned();
        Ok(us.node.store().holding(id).await?.ok_or("not held")?.bytes)
    };
    assert_eq!(held(&valid).await?, valid.as_bytes());
    let left = broken.replace("\"x_opencti_aliases\":[],", "");
    assert_ne!(left, broken);
    assert_eq!(String::from_utf8(held(&broken).await?)?, left);
    let cut = listed(&survey, "indicator", "x_opencti_aliases");
    assert_eq!(cut, Some((What::Property, Became::CutOut, 1)));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_cut_out_of_the_inside_of_an_addition_is_listed_too() -> Result<()> {
    let us = party().await?;
    let object = with(|it| it["x_opencti_sum"] = json!({ "a": 1, "of": [{ "b": null }] }));
    let (report, survey) = taken(&us.node, &bundle(&[object])).await?;
    assert_eq!((report.held.new, survey.changed), (1, 1));
    for (name, became) in [("x_opencti_sum", Became::Kept), ("x_opencti_sum.of.b", Became::CutOut)]
    {
        let expected = Some((What::Property, became, 1));
        assert_eq!(listed(&survey, "indicator", name), expected, "{survey:?}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_breaks_a_rule_of_the_standard_elsewhere_is_refused_and_not_mended() -> Result<()> {
    let us = party().await?;
    let bad = with(|it| {
        it["x_opencti_aliases"] = json!([]);
        it["pattern_type"] = json!(5);
    });
    let (report, survey) = taken(&us.node, &bundle(&[bad])).await?;
    assert_eq!((report.held.new, report.rejected, survey.changed), (0, 1, 0));
    let kept = listed(&survey, "indicator", "x_opencti_aliases");
    assert_eq!(kept, Some((What::Property, Became::Refused, 1)));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_level_in_a_form_of_its_own_binds_like_the_standards_wherever_it_is_defined() -> Result<()>
{
    let us = party().await?;
    let definition = |id: &str, kind: &str, label: &str| {
        json!({
            "type": "marking-definition", "spec_version": "2.1", "id": id, "created": "2026-01-01T00:00:00.000Z",
            "definition_type": kind, "name": label, "definition": { kind: label },
        })
    };
    let red = "marking-definition--00000000-0000-4000-8000-000000000002";
    let purple = "marking-definition--00000000-0000-4000-8000-000000000003";
    let bearing = |number: u64, marking: &str| {
        let mut object: Value = serde_json::from_str(&indicator(number)).unwrap();
        object["object_marking_refs"] = json!([marking]);
        object
    };
    let mut granular: Value = serde_json::from_str(&indicator(4))?;
    granular["granular_markings"] = json!([{ "marking_ref": red, "selectors": ["name"] }]);
    // the definitions stand behind what bears them, and one is not in the file at all
    let objects = [
        bearing(1, red),
        bearing(2, purple),
        bearing(3, STRICT),
        granular,
        definition(red, "TLP", "TLP:RED"),
        definition(purple, "TLP", "TLP:PURPLE"),
    ];
    let (report, survey) = taken(&us.node, &bundle(&objects)).await?;
    let tlp = async |number: usize| -> Result<Option<Option<Tlp>>> {
        let id = objects[number]["id"].as_str().unwrap_or_default().to_owned();
        Ok(us.node.store().holding(id).await?.map(|it| it.tlp))
    };
    assert_eq!(tlp(0).await?, Some(Some(Tlp::Red)));
    assert_eq!(tlp(1).await?, None, "nobody knows what it means");
    assert_eq!(tlp(2).await?, Some(Some(Tlp::AmberStrict)));
    assert_eq!(tlp(3).await?, Some(Some(Tlp::Red)));
    assert_eq!((report.rejected, report.rejections[0].code.as_str()), (1, "marking-not-read"));
    assert_eq!(survey.changed, 3);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_file_of_objects_is_refused_as_in_every_import() -> Result<()> {
    let us = party().await?;
    for file in ["", "[", "{\"type\":", "[[[[", "\u{0}", "[{\"a\":1,\"a\":2}]"] {
        let (report, survey) = taken(&us.node, file).await?;
        assert_eq!((report.held.new, survey.as_written), (0, 0), "{file:?}");
        assert!(file.is_empty() || report.rejected > 0, "{file:?}: {report:?}");
    }
    Ok(())
}
