//! What the program draws into its window, as the X server counts it.

use std::io::IoSlice;
use std::thread;
use std::time::{Duration, Instant};

use x11rb::connection::{Connection, RequestConnection};
use x11rb::protocol::xproto::{ConnectionExt, Window};
use x11rb::rust_connection::RustConnection;

/// Rectangles that were drawn at once.
#[derive(Debug, Clone)]
pub(crate) struct Drawn {
    /// The server's clock, in milliseconds.
    at: u32,
    /// Pixels, counted once for each time that they were drawn.
    pub(crate) pixels: u64,
}

/// Counts what is drawn from now on, by the extension DAMAGE.
pub(crate) struct Drawing {
    connection: RustConnection,
    /// The code of the event that tells of a rectangle.
    notify: u8,
}

impl Drawing {
    pub(crate) fn into(window: Window, display: &str) -> Self {
        let (connection, _) = x11rb::connect(Some(display)).expect("an X connection");
        let extension = connection
            .extension_information("DAMAGE")
            .expect("an answer")
            .expect("DAMAGE");
        let drawing = Self {
            notify: extension.first_event,
            connection,
        };
        // By hand, as with XTEST: version 1.1, and every single rectangle.
        let damage = drawing.connection.generate_id().expect("an id");
        drawing.request(extension.major_opcode, 0, [1, 1, 0]);
        drawing.request(extension.major_opcode, 1, [damage, window, 0]);
        drawing.seen();

        drawing
    }

    fn request(&self, extension: u8, minor: u8, words: [u32; 3]) {
        // The version has two words, and what is made has three.
        let words = if minor == 0 { &words[..2] } else { &words[..] };
        let length = u16::try_from(words.len() + 1).expect("a length");
        let mut request = vec![extension, minor];
        request.extend(length.to_ne_bytes());
        request.extend(words.iter().flat_map(|word| word.to_ne_bytes()));
        // What is answered is not wanted, but the server must have understood.
        let _ = self
            .connection
            .send_request_without_reply(&[IoSlice::new(&request)], Vec::new())
            .expect("a request");
    }

    /// What was drawn since this was last asked.
    pub(crate) fn seen(&self) -> Vec<Drawn> {
        /// What is drawn at once arrives at once.
        const TOGETHER: u32 = 100;
        self.connection
            .get_input_focus()
            .expect("a request")
            .reply()
            .expect("an answer after all events");
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

    /// What is drawn during this time.
    pub(crate) fn during(&self, time: Duration) -> Vec<Drawn> {
        self.seen();
        thread::sleep(time);

        self.seen()
    }

    /// Waits until nothing is drawn for a while; `false` where that does not come.
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
