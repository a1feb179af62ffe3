//! The blocks of code of a page.

use std::fs;
use std::path::Path;

/// A page.
#[derive(Debug)]
pub(super) struct Page {
    text: String,
}

/// A block of code: its language, and what follows the language in the first line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Block {
    pub(super) language: String,
    pub(super) title: String,
    pub(super) lines: Vec<String>,
}

impl Page {
    pub(super) fn read(path: &Path) -> Self {
        Self { text: fs::read_to_string(path).unwrap() }
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Its blocks, in their order.
    pub(super) fn blocks(&self) -> Vec<Block> {
        let mut blocks = Vec::new();
        self.rewritten(|block, _| {
            blocks.push(block.clone());
            None
        });
        blocks
    }

    /// The page with other lines in some blocks. `of` is given each block and the one before it, and gives its new
    /// lines, or `None` to keep those it has.
    pub(super) fn rewritten(
        &self,
        mut of: impl FnMut(&Block, Option<&Block>) -> Option<Vec<String>>,
    ) -> String {
        let mut made = String::new();
        let mut before: Option<Block> = None;
        let mut open: Option<Block> = None;
        for line in self.text.lines() {
            match (open.take(), line.strip_prefix("```")) {
                (None, Some(head)) => {
                    let (language, title) = head.split_once(' ').unwrap_or((head, ""));
                    let (language, title) = (language.to_owned(), title.to_owned());
                    open = Some(Block { language, title, lines: Vec::new() });
                    made.push_str(line);
                    made.push('\n');
                }
                (Some(block), Some(_)) => {
                    let lines = of(&block, before.as_ref()).unwrap_or_else(|| block.lines.clone());
                    made.extend(lines.into_iter().chain(["```".to_owned()]).map(|it| it + "\n"));
                    before = Some(block);
                }
                (Some(mut block), None) => {
                    block.lines.push(line.to_owned());
                    open = Some(block);
                }
                (None, None) => {
                    made.push_str(line);
                    made.push('\n');
                }
            }
        }
        assert!(open.is_none(), "a block does not end");
        made
    }
}

/// The two cells of a row of a table, where both are code.
pub(super) fn row(line: &str) -> Option<[&str; 2]> {
    let (first, second) = line.strip_prefix("| `")?.strip_suffix("` |")?.split_once("` | `")?;
    Some([first, second])
}
