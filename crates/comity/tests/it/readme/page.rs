//! The pages of the repository, and what is read out of Markdown: fences, spans of code, links and headings.

use std::path::{Path, PathBuf};

/// The top folder of the source.
pub(super) fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A page.
#[derive(Debug)]
pub(super) struct Page {
    /// Its path below the top folder.
    pub(super) path: PathBuf,
    text: String,
}

/// A block of code.
#[derive(Debug)]
pub(super) struct Fence {
    language: String,
    lines: Vec<String>,
}

impl Page {
    /// Reads a page below the top folder.
    pub(super) fn read(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        let text = std::fs::read_to_string(top().join(&path));
        Self { text: text.unwrap_or_else(|error| panic!("{}: {error}", path.display())), path }
    }

    /// Every page that a stranger is led to.
    pub(super) fn all() -> Vec<Self> {
        let docs = ["docs", "docs/stix"].into_iter().flat_map(|folder| {
            let files = std::fs::read_dir(top().join(folder)).unwrap();
            files.map(move |it| Path::new(folder).join(it.unwrap().file_name()))
        });
        let mut pages: Vec<_> =
            docs.filter(|it| it.extension().is_some_and(|it| it == "md")).collect();
        pages.sort();
        let named = [
            "README.md",
            "README.es.md",
            "CHANGELOG.md",
            "SECURITY.md",
            "examples/README.md",
            "crates/comity-stix/README.md",
        ];
        pages.extend(named.map(PathBuf::from));
        pages.into_iter().map(Self::read).collect()
    }

    /// The blocks of code, and the lines outside them.
    fn parts(&self) -> (Vec<Fence>, Vec<&str>) {
        let (mut fences, mut outside) = (Vec::new(), Vec::new());
        let mut open: Option<(usize, Fence)> = None;
        for line in self.text.lines() {
            let inner = line.trim_start();
            match (open.take(), inner.strip_prefix("```")) {
                (Some((_, fence)), Some(_)) => fences.push(fence),
                (Some((indent, mut fence)), None) => {
                    fence.lines.push(line.get(indent..).unwrap_or_default().to_owned());
                    open = Some((indent, fence));
                }
                (None, Some(language)) => {
                    let fence = Fence { language: language.to_owned(), lines: Vec::new() };
                    open = Some((line.len() - inner.len(), fence));
                }
                (None, None) => outside.push(line),
            }
        }
        assert!(open.is_none(), "a block of {} does not end", self.path.display());
        (fences, outside)
    }

    /// What a reader may type, block by block: lines that go on after a backslash are one, and comments are left out.
    pub(super) fn typed(&self) -> Vec<Vec<String>> {
        let (fences, _) = self.parts();
        fences.iter().filter(|it| it.language == "sh").map(Fence::typed).collect()
    }

    /// What stands between backticks outside blocks.
    pub(super) fn spans(&self) -> Vec<String> {
        let outside = self.parts().1.join("\n");
        let spans = outside.split('`').skip(1).step_by(2);
        spans.map(|it| it.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
    }

    /// Where its links lead, as they are written.
    pub(super) fn links(&self) -> Vec<String> {
        let outside = self.parts().1.join("\n");
        let targets = outside.split("](").skip(1).filter_map(|it| it.split_once(')'));
        targets.map(|(target, _)| target.to_owned()).collect()
    }

    /// Its blocks in their order: the words after the backticks, and the lines.
    pub(super) fn blocks(&self) -> Vec<(String, Vec<String>)> {
        self.parts().0.into_iter().map(|it| (it.language, it.lines)).collect()
    }

    /// The names under which its headings are linked.
    pub(super) fn anchors(&self) -> Vec<String> {
        let (_, outside) = self.parts();
        let titles = outside.iter().filter(|it| it.starts_with('#'));
        titles.map(|it| anchor(it.trim_start_matches('#').trim())).collect()
    }
}

impl Fence {
    fn typed(&self) -> Vec<String> {
        let joined = self.lines.join("\n").replace("\\\n", " ");
        let bare = joined.lines().map(|it| it.split(" #").next().unwrap_or_default().trim());
        bare.filter(|it| !it.is_empty()).map(str::to_owned).collect()
    }
}

/// The name that a forge gives to a heading.
fn anchor(title: &str) -> String {
    let kept = title.chars().filter(|it| it.is_alphanumeric() || matches!(it, ' ' | '-' | '_'));
    kept.flat_map(char::to_lowercase).map(|it| if it == ' ' { '-' } else { it }).collect()
}
