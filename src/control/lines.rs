use std::io::{self, BufRead, Read};

use super::{ControlCommand, ControlError, ControlLine, LONGEST_LINE};

/// The commands that stand in a stream, one a line. Empty lines are passed over; a line that is
/// too long is skipped to its end without being kept. It ends with the stream, and where that
/// cannot be read.
#[derive(Debug)]
pub struct ControlLines<R> {
    reader: R,
    line: Vec<u8>,
}

impl<R: BufRead> ControlLines<R> {
    /// The commands in what `reader` reads.
    pub fn new(reader: R) -> Self {
        Self {
            reader,
            line: Vec::new(),
        }
    }

    /// How much room the lines take, in bytes.
    #[cfg(test)]
    pub(super) fn kept(&self) -> usize {
        self.line.capacity()
    }

    /// The next line that is not empty; `None` at the end.
    fn read(&mut self) -> io::Result<Option<ControlLine>> {
        // One byte more than a line may have, and its end, tells one that is too long.
        const MOST: u64 = LONGEST_LINE as u64 + 1;
        loop {
            self.line.clear();
            let mut line = self.reader.by_ref().take(MOST);
            if line.read_until(b'\n', &mut self.line)? == 0 {
                return Ok(None);
            }
            if self.line.last() == Some(&b'\n') {
                self.line.pop();
            } else if self.line.len() > LONGEST_LINE {
                self.reader.skip_until(b'\n')?;

                return Ok(Some(Err(ControlError::TooLong)));
            }
            if !self.line.trim_ascii().is_empty() {
                return Ok(Some(ControlCommand::parse(&self.line)));
            }
        }
    }
}

impl<R: BufRead> Iterator for ControlLines<R> {
    type Item = ControlLine;

    fn next(&mut self) -> Option<Self::Item> {
        self.read().unwrap_or_else(|error| {
            tracing::warn!(%error, "commands can no longer be read");

            None
        })
    }
}
