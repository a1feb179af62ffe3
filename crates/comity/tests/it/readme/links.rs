//! Where the pages lead.

use std::path::{Path, PathBuf};

use super::page::{Page, top};

#[test]
fn every_link_between_the_pages_leads_to_a_file_and_a_heading_that_exist() {
    let mut broken = Vec::new();
    let mut followed = 0;
    for page in Page::all() {
        for link in page.links() {
            if link.contains("://") {
                continue;
            }
            followed += 1;
            if !leads(&page.path, &link) {
                broken.push(format!("{}: {link}", page.path.display()));
            }
        }
    }
    assert!(followed > 10, "only {followed} links were found");
    assert!(broken.is_empty(), "links that lead nowhere: {broken:#?}");
}

/// Whether a link of a page leads to something.
fn leads(page: &Path, link: &str) -> bool {
    let (path, heading) = link.split_once('#').map_or((link, None), |(path, it)| (path, Some(it)));
    let target = if path.is_empty() {
        page.to_owned()
    } else {
        page.parent().map_or_else(PathBuf::new, Path::to_owned).join(path)
    };
    top().join(&target).exists()
        && heading.is_none_or(|it| Page::read(target).anchors().iter().any(|anchor| anchor == it))
}

#[test]
fn every_script_that_a_page_names_exists() {
    let mut missing = Vec::new();
    for page in Page::all() {
        let said = page.typed().concat().into_iter().chain(page.spans());
        let scripts = said.flat_map(|it| {
            let words = it.split_whitespace().filter(|word| word.starts_with("scripts/"));
            words.map(str::to_owned).collect::<Vec<_>>()
        });
        missing.extend(
            scripts
                .filter(|it| !top().join(it).exists())
                .map(|it| format!("{}: {it}", page.path.display())),
        );
    }
    assert!(missing.is_empty(), "{missing:#?}");
}
