//! A virtual screen, its keyboard and its pointer, as a person uses them.

use std::io::IoSlice;
use std::thread;
use std::time::Duration;

use image::RgbImage;
use x11rb::CURRENT_TIME;
use x11rb::connection::{Connection, RequestConnection};
use x11rb::protocol::xproto::{
    AtomEnum, ClientMessageEvent, ConfigureWindowAux, ConnectionExt, EventMask, ImageFormat,
    InputFocus, MapState, Window,
};
use x11rb::rust_connection::RustConnection;

use crate::process::{PATIENCE, poll, wait_until};
use crate::x11::{Cover, answer, atom, connect, done};
use crate::xvfb::Xvfb;

/// The window class by which window managers know the program.
const CLASS: &[u8] = b"patron-display";

const KEY_PRESS: u8 = 2;
const KEY_RELEASE: u8 = 3;
const BUTTON_PRESS: u8 = 4;
const BUTTON_RELEASE: u8 = 5;

/// A key or tap within this time of a new screen counts for the screen before.
pub(crate) const TIME_TO_SEE: Duration = Duration::from_millis(400);

/// A key by its X name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub(crate) enum Key {
    Enter = 0xff0d,
    Escape = 0xff1b,
}

/// A virtual screen with a keyboard. Like many counters, it has no window manager.
pub(crate) struct Screen {
    connection: RustConnection,
    root: Window,
    size: (u32, u32),
    xvfb: Xvfb,
}

impl Screen {
    /// Starts a screen of this size in pixels.
    pub(crate) fn start(size: (u32, u32)) -> Self {
        let xvfb = Xvfb::start::<&str>(size, &[]);
        let (connection, root) = connect(xvfb.display());

        Self {
            connection,
            root,
            size,
            xvfb,
        }
    }

    pub(crate) fn xvfb(&self) -> &Xvfb {
        &self.xvfb
    }

    pub(crate) fn connection(&self) -> &RustConnection {
        &self.connection
    }

    pub(crate) fn root(&self) -> Window {
        self.root
    }

    pub(crate) fn size(&self) -> (u32, u32) {
        self.size
    }

    /// Returns the picture that is on the screen now.
    pub(crate) fn grab(&self) -> RgbImage {
        let (width, height) = self.size;
        let [x_pixels, y_pixels] = [width, height].map(|side| u16::try_from(side).expect("a side"));
        let image = answer(self.connection.get_image(
            ImageFormat::Z_PIXMAP,
            self.root,
            0,
            0,
            x_pixels,
            y_pixels,
            u32::MAX,
        ));
        // Each pixel has 32 bits: blue, green, red, and 8 unused bits.
        let pixels = image.data.chunks_exact(4);

        RgbImage::from_raw(
            width,
            height,
            pixels
                .flat_map(|bgrx| [bgrx[2], bgrx[1], bgrx[0]])
                .collect(),
        )
        .expect("a pixel for every place")
    }

    /// Waits for the program's window, and returns its bounds: x, y, width, height.
    pub(crate) fn window_bounds(&self) -> (i32, i32, u32, u32) {
        let geometry = answer(self.connection.get_geometry(self.window()));

        (
            geometry.x.into(),
            geometry.y.into(),
            geometry.width.into(),
            geometry.height.into(),
        )
    }

    /// Waits until keys go to the program's window. A full-screen window takes the keyboard focus itself, because
    /// there is no window manager to do it.
    pub(crate) fn has_given_the_keyboard(&self) {
        let window = self.window();
        wait_until("the window has no keyboard", || self.focus() == window);
    }

    /// Waits until keys are no longer ignored, then presses and releases a key.
    pub(crate) fn press(&self, key: Key) {
        /// The longest time until a busy program handles the new focus.
        const TO_NOTICE: Duration = Duration::from_millis(200);
        self.give_the_keyboard(self.window());
        thread::sleep(TIME_TO_SEE + TO_NOTICE);
        let code = self.key_code(key);
        self.strike(code, true);
        self.strike(code, false);
    }

    /// Sends keys to this window from now on.
    pub(crate) fn give_the_keyboard(&self, window: Window) {
        let focus = InputFocus::PARENT;
        done(self.connection.set_input_focus(focus, window, CURRENT_TIME));
    }

    /// Presses or releases the key with this code.
    pub(crate) fn strike(&self, code: u8, down: bool) {
        self.fake_input(if down { KEY_PRESS } else { KEY_RELEASE }, code);
    }

    /// Presses or releases the pointer's button at the pointer's place.
    pub(crate) fn click(&self, down: bool) {
        self.fake_input(if down { BUTTON_PRESS } else { BUTTON_RELEASE }, 1);
    }

    /// Closes the window as its close button would.
    pub(crate) fn close_window(&self) {
        let window = self.window();
        let protocols = atom(&self.connection, "WM_PROTOCOLS");
        let delete = atom(&self.connection, "WM_DELETE_WINDOW");
        let message =
            ClientMessageEvent::new(32, window, protocols, [delete, CURRENT_TIME, 0, 0, 0]);
        let mask = EventMask::NO_EVENT;
        done(self.connection.send_event(false, window, mask, message));
    }

    /// Returns the window that gets the keys.
    fn focus(&self) -> Window {
        answer(self.connection.get_input_focus()).focus
    }

    /// Covers the whole screen with another window for `time`.
    pub(crate) fn cover(&self, time: Duration) {
        let [width, height] =
            [self.size.0, self.size.1].map(|side| u16::try_from(side).expect("a side"));
        let cover = Cover::over(self.xvfb.display(), (0, 0, width, height));
        thread::sleep(time);
        cover.goes();
    }

    /// Unmaps the program's window and maps it again.
    pub(crate) fn blink(&self) {
        let window = self.window();
        done(self.connection.unmap_window(window));
        done(self.connection.map_window(window));
    }

    /// Destroys the program's window, which any X client can do.
    pub(crate) fn destroy_window(&self) {
        done(self.connection.destroy_window(self.window()));
    }

    /// Unmaps the program's window, as minimising does.
    pub(crate) fn unmap_window(&self) {
        done(self.connection.unmap_window(self.window()));
    }

    pub(crate) fn move_window(&self, x: i32, y: i32) {
        let place = ConfigureWindowAux::new().x(x).y(y);
        done(self.connection.configure_window(self.window(), &place));
    }

    pub(crate) fn resize_window(&self, width: u32, height: u32) {
        let size = ConfigureWindowAux::new().width(width).height(height);
        done(self.connection.configure_window(self.window(), &size));
    }

    /// Waits for the program's window and returns it.
    pub(crate) fn window(&self) -> Window {
        poll(PATIENCE, || self.find_window()).expect("the program has a window")
    }

    fn find_window(&self) -> Option<Window> {
        let tree = self.connection.query_tree(self.root).ok()?.reply().ok()?;

        tree.children
            .into_iter()
            .find(|&window| self.is_the_program(window).unwrap_or(false))
    }

    /// Whether this window is the program's. Returns `None` if the window no longer exists.
    fn is_the_program(&self, window: Window) -> Option<bool> {
        let attributes = self.connection.get_window_attributes(window).ok()?;
        let class = self
            .connection
            .get_property(false, window, AtomEnum::WM_CLASS, AtomEnum::STRING, 0, 64)
            .ok()?;
        let is_visible = attributes.reply().ok()?.map_state == MapState::VIEWABLE;
        let class = class.reply().ok()?.value;

        Some(is_visible && class.split(|&byte| byte == 0).any(|name| name == CLASS))
    }

    fn key_code(&self, key: Key) -> u8 {
        let setup = self.connection.setup();
        let (first, last) = (setup.min_keycode, setup.max_keycode);
        let count = last - first + 1;
        let mapping = answer(self.connection.get_keyboard_mapping(first, count));
        let on_each_key = mapping
            .keysyms
            .chunks(mapping.keysyms_per_keycode.into())
            .zip(first..=last);

        on_each_key
            .filter(|(symbols, _)| symbols.contains(&(key as u32)))
            .map(|(_, code)| code)
            .next()
            .expect("a key for it")
    }

    /// Sends the request `FakeInput` of XTEST without x11rb's feature for it. The feature would change how winit
    /// is built, and the tests could not share the program's build.
    fn fake_input(&self, kind: u8, code: u8) {
        const FAKE_INPUT: u8 = 2;
        const WORDS: u8 = 9;
        let extension = self
            .connection
            .extension_information("XTEST")
            .expect("an answer")
            .expect("XTEST");
        let mut request = [0; 4 * WORDS as usize];
        request[..2].copy_from_slice(&[extension.major_opcode, FAKE_INPUT]);
        request[2..4].copy_from_slice(&u16::from(WORDS).to_ne_bytes());
        request[4..6].copy_from_slice(&[kind, code]);
        let request = [IoSlice::new(&request)];
        done(
            self.connection
                .send_request_without_reply(&request, Vec::new()),
        );
    }
}
