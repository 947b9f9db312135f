//! The text of a file, whatever its encoding; a part that is no text is refused with its line.

use std::io::{ErrorKind, Read};

use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_8};

use super::ImportError;

/// Bytes read at once.
const CHUNK: usize = 64 * 1024;
/// How workbooks begin: packed ones, and the older form.
const WORKBOOKS: [&[u8]; 2] = [b"PK\x03\x04", b"\xd0\xcf\x11\xe0"];

/// The encoding of a label.
pub(super) fn encoding(label: Option<&str>) -> Result<&'static Encoding, ImportError> {
    match label {
        None => Ok(UTF_8),
        Some(label) => Encoding::for_label(label.trim().as_bytes())
            .ok_or_else(|| ImportError::UnknownEncoding { label: label.to_owned() }),
    }
}

/// Gives the text of a file in pieces.
pub(super) struct Text<F> {
    file: F,
    decoder: Decoder,
    raw: Vec<u8>,
    /// Bytes of `raw` that are read and not yet decoded.
    from: usize,
    to: usize,
    is_at_end: bool,
    is_begun: bool,
    line: Lines,
}

/// Counts lines as an editor does: `\n`, `\r\n` and `\r` end one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lines {
    pub(super) number: u64,
    was_return: bool,
}

impl Lines {
    pub(super) fn new() -> Self {
        Self { number: 1, was_return: false }
    }

    pub(super) fn pass(&mut self, sign: char) {
        match sign {
            '\n' if self.was_return => {}
            '\n' | '\r' => self.number += 1,
            _ => {}
        }
        self.was_return = sign == '\r';
    }
}

impl<F: Read> Text<F> {
    /// A byte-order mark decides, else `encoding`.
    pub(super) fn new(file: F, encoding: &'static Encoding) -> Self {
        Self {
            file,
            decoder: encoding.new_decoder(),
            raw: vec![0; CHUNK],
            from: 0,
            to: 0,
            is_at_end: false,
            is_begun: false,
            line: Lines::new(),
        }
    }

    /// Adds the next piece of text to `out`; answers whether there was one.
    pub(super) fn next_piece(&mut self, out: &mut String) -> Result<bool, ImportError> {
        loop {
            if self.from == self.to && !self.is_at_end {
                self.fill()?;
            }
            if self.from == self.to && self.is_at_end && self.is_begun {
                return Ok(false);
            }
            let start = out.len();
            let rest = self.raw.get(self.from..self.to).unwrap_or_default();
            out.reserve(self.decoder.max_utf8_buffer_length_without_replacement(rest.len()).unwrap_or(CHUNK));
            let (result, read) = self.decoder.decode_to_string_without_replacement(rest, out, self.is_at_end);
            self.from += read;
            self.is_begun |= self.is_at_end;
            for sign in out.get(start..).unwrap_or_default().chars() {
                self.line.pass(sign);
            }
            match result {
                DecoderResult::Malformed(..) => {
                    let encoding = self.decoder.encoding().name();
                    return Err(ImportError::NotText { line: self.line.number, encoding });
                }
                DecoderResult::InputEmpty | DecoderResult::OutputFull if out.len() > start => return Ok(true),
                DecoderResult::InputEmpty if self.is_at_end && self.from == self.to => return Ok(false),
                DecoderResult::InputEmpty | DecoderResult::OutputFull => {}
            }
        }
    }

    fn fill(&mut self) -> Result<(), ImportError> {
        let is_first = self.to == 0;
        (self.from, self.to) = (0, 0);
        while self.to < self.raw.len() {
            let space = self.raw.get_mut(self.to..).unwrap_or_default();
            match self.file.read(space) {
                Ok(0) => {
                    self.is_at_end = true;
                    break;
                }
                Ok(read) => self.to += read,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
            }
        }
        let head = self.raw.get(..self.to).unwrap_or_default();
        if is_first && WORKBOOKS.iter().any(|begin| head.starts_with(begin)) {
            return Err(ImportError::Workbook);
        }
        Ok(())
    }
}
