//! Counts what the program draws into its window, as the X server reports it.

use std::io::IoSlice;
use std::thread;
use std::time::{Duration, Instant};

use x11rb::connection::{Connection, RequestConnection};
use x11rb::protocol::xproto::{ConnectionExt, Window};
use x11rb::rust_connection::RustConnection;

use crate::x11::{answer, connect};

/// Rectangles that were drawn together.
#[derive(Debug, Clone)]
pub(crate) struct Drawn {
    /// The time of drawing by the server's clock, in milliseconds.
    at: u32,
    /// The number of drawn pixels. A pixel counts once each time it is drawn.
    pub(crate) pixels: u64,
}

/// Counts drawn rectangles with the X extension DAMAGE.
pub(crate) struct Drawing {
    connection: RustConnection,
    /// The number of the X event that reports a rectangle.
    notify: u8,
}

impl Drawing {
    pub(crate) fn into(window: Window, display: &str) -> Self {
        let (connection, _) = connect(display);
        let extension = connection
            .extension_information("DAMAGE")
            .expect("an answer")
            .expect("DAMAGE");
        let drawing = Self {
            notify: extension.first_event,
            connection,
        };
        // Sends DAMAGE requests without x11rb's feature: version 1.1, and a report of every single rectangle.
        let damage = drawing.connection.generate_id().expect("an id");
        drawing.request(extension.major_opcode, 0, [1, 1, 0]);
        drawing.request(extension.major_opcode, 1, [damage, window, 0]);
        drawing.seen();

        drawing
    }

    fn request(&self, extension: u8, minor: u8, words: [u32; 3]) {
        // The request for the version has two words. The request that creates the report has three.
        let words = if minor == 0 { &words[..2] } else { &words[..] };
        let length = u16::try_from(words.len() + 1).expect("a length");
        let mut request = vec![extension, minor];
        request.extend(length.to_ne_bytes());
        request.extend(words.iter().flat_map(|word| word.to_ne_bytes()));
        // Drops the answer, but waits until the server has accepted the request.
        let _ = self
            .connection
            .send_request_without_reply(&[IoSlice::new(&request)], Vec::new())
            .expect("a request");
    }

    /// Returns the rectangles that were drawn since the last call.
    pub(crate) fn seen(&self) -> Vec<Drawn> {
        /// The events of rectangles that are drawn together arrive within this many milliseconds.
        const TOGETHER: u32 = 100;
        // Waits for this answer, because it comes after all events that were sent before.
        answer(self.connection.get_input_focus());
        let mut seen: Vec<Drawn> = Vec::new();
        while let Some(event) = self.connection.poll_for_raw_event().expect("events") {
            assert_ne!(event[0], 0, "the X server did not understand");
            if event[0] & 0x7f != self.notify {
                continue;
            }
            let at = u32::from_ne_bytes([event[12], event[13], event[14], event[15]]);
            let side =
                |index: usize| u64::from(u16::from_ne_bytes([event[index], event[index + 1]]));
            let pixels = side(20) * side(22);
            match seen.last_mut() {
                Some(last) if at.wrapping_sub(last.at) < TOGETHER => last.pixels += pixels,
                _ => seen.push(Drawn { at, pixels }),
            }
        }

        seen
    }

    /// Waits for this long, and returns the rectangles that were drawn meanwhile.
    pub(crate) fn during(&self, time: Duration) -> Vec<Drawn> {
        self.seen();
        thread::sleep(time);

        self.seen()
    }

    /// Waits until nothing is drawn for a while. Returns `false` if that does not happen within `patience`.
    pub(crate) fn settles(&self, patience: Duration) -> bool {
        const WHILE: Duration = Duration::from_millis(400);
        let start = Instant::now();
        while start.elapsed() < patience {
            if self.during(WHILE).is_empty() {
                return true;
            }
        }

        false
    }
}
