//! Signed notes: a text and the signatures under it (C2SP signed-note).

mod key;
mod line;

use std::fmt;

pub use key::{KeyError, KeyId, KeyType, MAX_KEY_NAME, VerifierKey};
pub use line::{LineError, SignatureLine};

/// The largest note that is read, in bytes: room for 16 post-quantum signatures and a text.
pub const MAX_NOTE_BYTES: usize = 64 * 1024;

/// The most signatures that a note may carry. The standard asks for at least 16.
pub const MAX_SIGNATURES: usize = 64;

/// A well-formed note. That it is well formed says nothing about its signatures: trust its text
/// only after [`cosign::verify`](crate::cosign::verify).
///
/// What was parsed prints as the same bytes again (C2SP signed-note, Format).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedNote {
    text: String,
    signatures: Vec<SignatureLine>,
}

/// Why bytes are not a signed note. Always the fault of whoever wrote them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// Larger than [`MAX_NOTE_BYTES`].
    #[error("the note is over {MAX_NOTE_BYTES} bytes; send fewer signatures or a shorter text")]
    TooLarge,
    /// Not UTF-8, or a control character other than newline.
    #[error("the note holds bytes that are not plain text; write UTF-8 lines")]
    NotText,
    /// No empty line between text and signatures, or no newline at an end.
    #[error("the note has no empty line between text and signatures; write one")]
    Shape,
    /// No signature at all.
    #[error("the note carries no signature; get it as it was signed")]
    Unsigned,
    /// More than [`MAX_SIGNATURES`].
    #[error("the note carries over {MAX_SIGNATURES} signatures; send fewer")]
    TooManySignatures,
    /// A signature line that is none.
    #[error("signature line {number} of the note: {problem}")]
    Line {
        /// Which signature line, from 1.
        number: usize,
        /// What is wrong with it.
        problem: LineError,
    },
}

impl NoteError {
    /// The stable name of this error.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooLarge => "note-too-large",
            Self::NotText => "note-not-text",
            Self::Shape => "note-shape",
            Self::Unsigned => "note-unsigned",
            Self::TooManySignatures => "note-too-many-signatures",
            Self::Line { .. } => "note-signature-malformed",
        }
    }
}

impl SignedNote {
    /// Puts signatures under a text, which must end in a newline.
    ///
    /// # Errors
    /// The same as [`Self::parse`] gives for the printed note.
    pub fn new(text: String, signatures: Vec<SignatureLine>) -> Result<Self, NoteError> {
        if !is_note_text(&text) {
            return Err(NoteError::NotText);
        }
        if !text.ends_with('\n') {
            return Err(NoteError::Shape);
        }
        Self { text, signatures }.bounded()
    }

    /// Reads a note. Base64 must be canonical and every line must end in a newline.
    ///
    /// # Errors
    /// [`NoteError`] for anything that [`Display`](fmt::Display) of a note would not print.
    pub fn parse(bytes: &[u8]) -> Result<Self, NoteError> {
        if bytes.len() > MAX_NOTE_BYTES {
            return Err(NoteError::TooLarge);
        }
        let note = std::str::from_utf8(bytes).map_err(|_| NoteError::NotText)?;
        if !is_note_text(note) {
            return Err(NoteError::NotText);
        }
        // The last empty line divides: a text may hold empty lines, the signatures can't.
        let (text, lines) = note.rsplit_once("\n\n").ok_or(NoteError::Shape)?;
        if lines.is_empty() {
            return Err(NoteError::Unsigned);
        }
        let lines = lines.strip_suffix('\n').ok_or(NoteError::Shape)?;
        let mut signatures = Vec::new();
        for (line, number) in lines.split('\n').zip(1..) {
            if number > MAX_SIGNATURES {
                return Err(NoteError::TooManySignatures);
            }
            let parsed = line.parse().map_err(|problem| NoteError::Line { number, problem })?;
            signatures.push(parsed);
        }
        Ok(Self { text: format!("{text}\n"), signatures })
    }

    /// What was signed, with its last newline and without the empty line after it.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The signatures in their order, unverified.
    pub fn signatures(&self) -> &[SignatureLine] {
        &self.signatures
    }

    /// The note with more signatures, for instance a partner's cosignatures. A line that stands
    /// there already is not written twice.
    ///
    /// # Errors
    /// [`NoteError::TooManySignatures`] or [`NoteError::TooLarge`] when they no longer fit.
    pub fn with_signatures(
        mut self,
        more: impl IntoIterator<Item = SignatureLine>,
    ) -> Result<Self, NoteError> {
        for line in more {
            if !self.signatures.contains(&line) {
                self.signatures.push(line);
            }
            if self.signatures.len() > MAX_SIGNATURES {
                return Err(NoteError::TooManySignatures);
            }
        }
        self.bounded()
    }

    /// Checks what every note promises about its size.
    fn bounded(self) -> Result<Self, NoteError> {
        if self.signatures.is_empty() {
            return Err(NoteError::Unsigned);
        }
        if self.signatures.len() > MAX_SIGNATURES {
            return Err(NoteError::TooManySignatures);
        }
        let lines: usize = self.signatures.iter().map(|line| line.printed_len() + 1).sum();
        if self.text.len() + 1 + lines > MAX_NOTE_BYTES {
            return Err(NoteError::TooLarge);
        }
        Ok(self)
    }
}

impl fmt::Display for SignedNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}

/// Whether the text holds no control character but newline.
fn is_note_text(text: &str) -> bool {
    text.bytes().all(|byte| byte >= b' ' || byte == b'\n')
}
