//! The scanner: one pass over an object's bytes, the whole grammar of RFC 8259, no tree.

use super::keys::{Keys, Opened};
use super::text::{Text, end_of_string, white_run};
use crate::finding::{Code, Finding, Thing, Word};
use crate::limits::Limits;
use crate::pointer;

/// What the scanner tells about the document, in the order it is written.
pub(crate) trait Sink<'a> {
    /// A container opens at this offset; `path` is where it stands.
    fn open(&mut self, path: &Path<'a>, container: Container, at: usize) -> Result<(), Finding>;

    /// The innermost container has closed before this offset.
    fn close(&mut self, end: usize);

    /// A value that is no container.
    fn leaf(&mut self, path: &Path<'a>, leaf: &Leaf<'a>) -> Result<(), Finding>;

    /// A key stands twice. To go on, swallow the finding.
    fn duplicate(&mut self, finding: Finding) -> Result<(), Finding> {
        Err(finding)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Container {
    Object,
    List,
}

/// A value that is no container, and where it is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Leaf<'a> {
    pub(crate) value: Scalar<'a>,
    pub(crate) at: usize,
    pub(crate) end: usize,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Scalar<'a> {
    Text(Text<'a>),
    /// As it is written.
    Number(&'a str),
    Boolean(bool),
    Null,
}

/// Where the scanner is: the open containers, outermost first.
#[derive(Debug, Default)]
pub(crate) struct Path<'a> {
    frames: Vec<Frame<'a>>,
}

/// One open container.
#[derive(Debug)]
pub(crate) struct Frame<'a> {
    pub(crate) container: Container,
    /// Of an object: the property that is being read. Of a list: the property it is the value of,
    /// through any lists around it.
    pub(crate) key: Text<'a>,
    /// Of a list: the element that is being read.
    pub(crate) index: usize,
    keys: Opened,
}

impl<'a> Path<'a> {
    pub(crate) fn depth(&self) -> usize {
        self.frames.len()
    }

    pub(crate) fn top(&self) -> Option<&Frame<'a>> {
        self.frames.last()
    }

    /// Whether the property of the outermost object that is being read has this name.
    pub(crate) fn root_key_is(&self, name: &str) -> bool {
        self.frames.first().is_some_and(|frame| frame.key.decode() == name)
    }

    /// The pointer to the value that is being read.
    pub(crate) fn pointer(&self) -> String {
        self.pointer_through(self.frames.len())
    }

    /// The pointer to the innermost open container.
    pub(crate) fn container_pointer(&self) -> String {
        self.pointer_through(self.frames.len().saturating_sub(1))
    }

    fn pointer_through(&self, count: usize) -> String {
        let mut pointer = String::new();
        for frame in self.frames.iter().take(count) {
            match frame.container {
                Container::Object => pointer::push(&mut pointer, &frame.key.decode()),
                Container::List => pointer::push_index(&mut pointer, frame.index),
            }
        }
        pointer
    }
}

/// Scans one JSON text, and gives it back as the UTF-8 that it is. The first breach of the grammar or
/// of a limit ends the scan; so does what the sink refuses.
pub(crate) fn scan<'a, S: Sink<'a>>(
    bytes: &'a [u8],
    limits: &Limits,
    sink: &mut S,
) -> Result<&'a str, Finding> {
    if bytes.len() > limits.object_bytes {
        return Err(Finding::too_large(limits.object_bytes));
    }
    let text = str::from_utf8(bytes).map_err(|fault| {
        Finding::new(Code::InvalidUtf8, JSON, String::new(), fault.valid_up_to(), [])
    })?;
    let path = Path { frames: Vec::with_capacity(FRAMES) };
    Scanner { text, bytes, at: 0, path, keys: Keys::new(), count: 0, limits, sink }.document()?;
    Ok(text)
}

/// So many open containers find room without growing the list of them: few objects nest deeper.
const FRAMES: usize = 8;

/// The section findings about the grammar refer to.
const JSON: &str = "RFC 8259";
/// The section findings about limits refer to.
const PROTOCOL: &str = "docs/protocol.md 5";

struct Scanner<'a, 'l, S> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    path: Path<'a>,
    keys: Keys<'a>,
    count: usize,
    limits: &'l Limits,
    sink: &'l mut S,
}

impl<'a, S: Sink<'a>> Scanner<'a, '_, S> {
    fn document(mut self) -> Result<(), Finding> {
        'value: loop {
            self.white();
            match self.peek() {
                Some(b'"') => {
                    let text = self.string()?;
                    self.leaf(Scalar::Text(text), text.at)?;
                }
                Some(b'{') => {
                    self.open(Container::Object)?;
                    self.white();
                    if self.peek() != Some(b'}') {
                        self.key()?;
                        continue 'value;
                    }
                    self.close()?;
                }
                Some(b'[') => {
                    self.open(Container::List)?;
                    self.white();
                    if self.peek() != Some(b']') {
                        self.count()?;
                        continue 'value;
                    }
                    self.close()?;
                }
                Some(b'-' | b'0'..=b'9') => self.number()?,
                Some(b't') => self.word("true", Scalar::Boolean(true))?,
                Some(b'f') => self.word("false", Scalar::Boolean(false))?,
                Some(b'n') => self.word("null", Scalar::Null)?,
                _ => return Err(self.unexpected()),
            }
            loop {
                self.white();
                let Some(frame) = self.path.frames.last_mut() else { break 'value };
                match (frame.container, self.bytes.get(self.at)) {
                    (Container::Object, Some(b',')) => {
                        self.at += 1;
                        self.white();
                        self.key()?;
                        continue 'value;
                    }
                    (Container::List, Some(b',')) => {
                        self.at += 1;
                        frame.index += 1;
                        self.count()?;
                        continue 'value;
                    }
                    (Container::Object, Some(b'}')) | (Container::List, Some(b']')) => {
                        self.close()?;
                    }
                    _ => return Err(self.unexpected()),
                }
            }
        }
        if self.at == self.bytes.len() { Ok(()) } else { Err(self.unexpected()) }
    }

    #[inline]
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    #[inline]
    fn white(&mut self) {
        if !matches!(self.peek(), Some(b' ' | b'\n' | b'\t' | b'\r')) {
            return;
        }
        self.at += white_run(self.bytes.get(self.at..).unwrap_or_default());
    }

    fn open(&mut self, container: Container) -> Result<(), Finding> {
        if self.path.depth() >= self.limits.depth {
            return Err(self.over(Code::TooDeep, self.limits.depth));
        }
        self.sink.open(&self.path, container, self.at)?;
        let key = match (container, self.path.top()) {
            (Container::List, Some(around)) => around.key,
            _ => Text::default(),
        };
        self.path.frames.push(Frame { container, key, index: 0, keys: self.keys.open() });
        self.at += 1;
        Ok(())
    }

    fn close(&mut self) -> Result<(), Finding> {
        self.at += 1;
        let Some(frame) = self.path.frames.last() else { return Ok(()) };
        if frame.container == Container::Object {
            for (name, at) in self.keys.close(&frame.keys) {
                let finding = self.twice(&name, at);
                self.sink.duplicate(finding)?;
            }
        }
        self.path.frames.pop();
        self.sink.close(self.at);
        Ok(())
    }

    /// Reads a key and its colon.
    fn key(&mut self) -> Result<(), Finding> {
        if self.peek() != Some(b'"') {
            return Err(self.unexpected());
        }
        self.count()?;
        let key = self.string_in_container()?;
        let Some(frame) = self.path.frames.last_mut() else { return Ok(()) };
        frame.key = key;
        if self.keys.add(&mut frame.keys, &key) {
            let finding = self.twice(&key.decode(), key.at);
            self.sink.duplicate(finding)?;
        }
        self.white();
        if self.peek() != Some(b':') {
            return Err(self.unexpected());
        }
        self.at += 1;
        Ok(())
    }

    fn string(&mut self) -> Result<Text<'a>, Finding> {
        self.text_from_here().map_err(|(code, at)| self.string_fault(code, at, self.path.pointer()))
    }

    /// A key: what is wrong with it is told of the container, since the key has no value yet.
    fn string_in_container(&mut self) -> Result<Text<'a>, Finding> {
        self.text_from_here()
            .map_err(|(code, at)| self.string_fault(code, at, self.path.container_pointer()))
    }

    #[inline]
    fn text_from_here(&mut self) -> Result<Text<'a>, (Code, usize)> {
        let at = self.at;
        let (end, escaped) = end_of_string(self.bytes, at + 1)?;
        // Both ends are beside an ASCII quote, so this is always there.
        let raw = self.text.get(at + 1..end).unwrap_or_default();
        if raw.len() > self.limits.string_bytes {
            return Err((Code::StringTooLong, at));
        }
        self.at = end + 1;
        Ok(Text { raw, escaped, at })
    }

    fn leaf(&mut self, value: Scalar<'a>, at: usize) -> Result<(), Finding> {
        self.sink.leaf(&self.path, &Leaf { value, at, end: self.at })
    }

    fn word(&mut self, word: &str, value: Scalar<'a>) -> Result<(), Finding> {
        let at = self.at;
        if !self.text.get(at..).unwrap_or_default().starts_with(word) {
            return Err(self.unexpected());
        }
        self.at += word.len();
        self.leaf(value, at)
    }

    fn number(&mut self) -> Result<(), Finding> {
        let start = self.at;
        self.skip(b"-");
        let whole = self.digits();
        let padded = whole > 1 && self.bytes.get(self.at - whole) == Some(&b'0');
        let mut good = whole > 0 && !padded;
        if self.skip(b".") {
            good &= self.digits() > 0;
        }
        if self.skip(b"eE") {
            self.skip(b"+-");
            good &= self.digits() > 0;
        }
        if !good {
            return Err(self.fault(Code::BadNumber, start, []));
        }
        let written = self.text.get(start..self.at).unwrap_or_default();
        self.leaf(Scalar::Number(written), start)
    }

    fn skip(&mut self, any: &[u8]) -> bool {
        let found = self.peek().is_some_and(|byte| any.contains(&byte));
        self.at += usize::from(found);
        found
    }

    fn digits(&mut self) -> usize {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let count = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.at += count;
        count
    }

    /// One more property or list element.
    #[inline]
    fn count(&mut self) -> Result<(), Finding> {
        self.count += 1;
        if self.count > self.limits.properties {
            return Err(self.over(Code::TooManyProperties, self.limits.properties));
        }
        Ok(())
    }

    #[cold]
    fn over(&self, code: Code, limit: usize) -> Finding {
        let pointer = self.path.container_pointer();
        Finding::new(code, PROTOCOL, pointer, self.at, [Word::number(limit)])
    }

    #[cold]
    fn twice(&self, name: &str, at: usize) -> Finding {
        let mut pointer = self.path.container_pointer();
        pointer::push(&mut pointer, name);
        Finding::new(Code::DuplicateKey, JSON, pointer, at, [Word::said(name)])
    }

    #[cold]
    fn fault<const N: usize>(&self, code: Code, at: usize, words: [Word; N]) -> Finding {
        Finding::new(code, JSON, self.path.pointer(), at, words)
    }

    #[cold]
    fn unexpected(&self) -> Finding {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let Some(character) = rest.chars().next() else {
            return Finding::new(Code::JsonCut, JSON, self.path.container_pointer(), self.at, []);
        };
        let word = Word::said(character.encode_utf8(&mut [0; 4]));
        Finding::new(Code::JsonSyntax, JSON, self.path.container_pointer(), self.at, [word])
    }

    #[cold]
    fn string_fault(&self, code: Code, at: usize, pointer: String) -> Finding {
        let words: Vec<Word> = match code {
            Code::StringTooLong => vec![Word::number(self.limits.string_bytes)],
            Code::ControlCharacter => {
                let byte = self.bytes.get(at).copied().unwrap_or_default();
                vec![Word::said(&format!("\\u{byte:04x}"))]
            }
            Code::BadEscape | Code::LoneSurrogate => {
                let length = if code == Code::LoneSurrogate { 6 } else { 2 };
                let rest = self.text.get(at..).unwrap_or_default();
                vec![Word::said(&rest.chars().take(length).collect::<String>())]
            }
            _ => Vec::new(),
        };
        let section = if code == Code::StringTooLong { PROTOCOL } else { JSON };
        Finding::new(code, section, pointer, at, words)
    }
}

impl Finding {
    /// The root of a document has to be an object.
    pub(crate) fn not_an_object(at: usize) -> Self {
        Self::new(Code::NotAnObject, "3.2", String::new(), at, [])
    }

    /// An object of more bytes than allowed.
    pub(crate) fn too_large(limit: usize) -> Self {
        Self::new(Code::TooLarge, PROTOCOL, String::new(), 0, [Word::number(limit)])
    }

    /// A value of the wrong kind under a named property.
    pub(crate) fn wrong_type(
        section: &'static str,
        pointer: String,
        at: usize,
        name: &str,
        expected: Thing,
    ) -> Self {
        Self::new(Code::WrongType, section, pointer, at, [Word::said(name), expected.into()])
    }
}
