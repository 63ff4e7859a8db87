//! The screen as a person has it: to look at, and with a keyboard.

use std::io::IoSlice;
use std::thread;
use std::time::Duration;

use image::RgbImage;
use x11rb::connection::{Connection, RequestConnection};
use x11rb::protocol::xproto::{
    AtomEnum, ClientMessageEvent, ConfigureWindowAux, ConnectionExt, CreateWindowAux, EventMask,
    ImageFormat, InputFocus, MapState, Window, WindowClass,
};
use x11rb::rust_connection::RustConnection;
use x11rb::{COPY_DEPTH_FROM_PARENT, COPY_FROM_PARENT, CURRENT_TIME};

use crate::process::{PATIENCE, poll};
use crate::xvfb::Xvfb;

/// The window class that the program promises to window managers.
const CLASS: &[u8] = b"patron-display";

const KEY_PRESS: u8 = 2;
const KEY_RELEASE: u8 = 3;
const BUTTON_PRESS: u8 = 4;
const BUTTON_RELEASE: u8 = 5;

/// A key or a tap before this was meant for the screen before.
pub(crate) const TIME_TO_SEE: Duration = Duration::from_millis(400);

/// A key, as X names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub(crate) enum Key {
    Enter = 0xff0d,
    Escape = 0xff1b,
}

/// A screen with a keyboard. There is no window manager, as on many a counter.
pub(crate) struct Screen {
    connection: RustConnection,
    root: Window,
    size: (u32, u32),
    xvfb: Xvfb,
}

impl Screen {
    /// A screen of this size in pixels.
    pub(crate) fn start(size: (u32, u32)) -> Self {
        let xvfb = Xvfb::start::<&str>(size, &[]);
        let (connection, screen) = x11rb::connect(Some(xvfb.display())).expect("an X connection");
        let root = connection.setup().roots[screen].root;

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

    /// Everything that is on the screen now.
    pub(crate) fn grab(&self) -> RgbImage {
        let (width, height) = self.size;
        let [x_pixels, y_pixels] = [width, height].map(|side| u16::try_from(side).expect("a side"));
        let image = self
            .connection
            .get_image(
                ImageFormat::Z_PIXMAP,
                self.root,
                0,
                0,
                x_pixels,
                y_pixels,
                u32::MAX,
            )
            .expect("a request")
            .reply()
            .expect("the screen's pixels");
        // 24 bits of colour come in 32, blue first.
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

    /// Where the program's window is and how large: x, y, width, height. Waits until it is there.
    pub(crate) fn window_bounds(&self) -> (i32, i32, u32, u32) {
        let geometry = self
            .connection
            .get_geometry(self.window())
            .expect("a request")
            .reply()
            .expect("the window's geometry");

        (
            geometry.x.into(),
            geometry.y.into(),
            geometry.width.into(),
            geometry.height.into(),
        )
    }

    /// Waits until keys go to the program's window. Full screen, it takes them by itself: without a
    /// window manager nobody else gives them to it.
    pub(crate) fn has_given_the_keyboard(&self) {
        let window = self.window();
        let given = poll(PATIENCE, || (self.focus() == window).then_some(()));
        assert!(given.is_some(), "the window has no keyboard");
    }

    /// Presses and releases a key, as somebody does who has seen what is on the screen: after the time in
    /// which a key does nothing yet.
    pub(crate) fn press(&self, key: Key) {
        self.give_the_keyboard(self.window());
        thread::sleep(TIME_TO_SEE);
        let code = self.key_code(key);
        self.strike(code, true);
        self.strike(code, false);
    }

    /// Keys go to this window from now on.
    pub(crate) fn give_the_keyboard(&self, window: Window) {
        self.connection
            .set_input_focus(InputFocus::PARENT, window, CURRENT_TIME)
            .expect("a request")
            .check()
            .expect("the focus");
    }

    /// Moves a key of the keyboard, by its place.
    pub(crate) fn strike(&self, code: u8, down: bool) {
        self.fake_input(if down { KEY_PRESS } else { KEY_RELEASE }, code);
    }

    /// Moves the button of the pointer where that is.
    pub(crate) fn click(&self, down: bool) {
        self.fake_input(if down { BUTTON_PRESS } else { BUTTON_RELEASE }, 1);
    }

    /// Closes the window, as its close button does.
    pub(crate) fn close_window(&self) {
        let window = self.window();
        let protocols = self.atom(b"WM_PROTOCOLS");
        let delete = self.atom(b"WM_DELETE_WINDOW");
        let message =
            ClientMessageEvent::new(32, window, protocols, [delete, CURRENT_TIME, 0, 0, 0]);
        self.connection
            .send_event(false, window, EventMask::NO_EVENT, message)
            .expect("a request")
            .check()
            .expect("a message to the window");
    }

    /// The window that keys go to.
    fn focus(&self) -> Window {
        self.connection
            .get_input_focus()
            .expect("a request")
            .reply()
            .expect("the focus")
            .focus
    }

    /// Puts another window over all of the screen, and takes it away after `time`.
    pub(crate) fn cover(&self, time: Duration) {
        let window = self.connection.generate_id().expect("an id");
        let [width, height] =
            [self.size.0, self.size.1].map(|side| u16::try_from(side).expect("a side"));
        let red = CreateWindowAux::new()
            .background_pixel(0x00ff_0000)
            .override_redirect(1);
        self.connection
            .create_window(
                COPY_DEPTH_FROM_PARENT,
                window,
                self.root,
                0,
                0,
                width,
                height,
                0,
                WindowClass::INPUT_OUTPUT,
                COPY_FROM_PARENT,
                &red,
            )
            .expect("a request")
            .check()
            .expect("a window");
        self.connection
            .map_window(window)
            .expect("a request")
            .check()
            .expect("a window on the screen");
        thread::sleep(time);
        self.connection
            .destroy_window(window)
            .expect("a request")
            .check()
            .expect("no window");
    }

    /// Takes the program's window off the screen and puts it there again.
    pub(crate) fn blink(&self) {
        let window = self.window();
        for request in [
            self.connection.unmap_window(window),
            self.connection.map_window(window),
        ] {
            request.expect("a request").check().expect("the window");
        }
    }

    /// Destroys the program's window, as another program can.
    pub(crate) fn destroy_window(&self) {
        let destroyed = self.connection.destroy_window(self.window());
        destroyed.expect("a request").check().expect("no window");
    }

    /// Takes the program's window off the screen, as minimising does.
    pub(crate) fn unmap_window(&self) {
        let unmapped = self.connection.unmap_window(self.window());
        unmapped.expect("a request").check().expect("a window");
    }

    /// Puts the corner of the program's window there.
    pub(crate) fn move_window(&self, x: i32, y: i32) {
        let place = ConfigureWindowAux::new().x(x).y(y);
        let moved = self.connection.configure_window(self.window(), &place);
        moved.expect("a request").check().expect("another place");
    }

    /// Makes the program's window so large.
    pub(crate) fn resize_window(&self, width: u32, height: u32) {
        let size = ConfigureWindowAux::new().width(width).height(height);
        let resized = self.connection.configure_window(self.window(), &size);
        resized.expect("a request").check().expect("another size");
    }

    /// The program's window. Waits until it is there.
    pub(crate) fn window(&self) -> Window {
        poll(PATIENCE, || self.find_window()).expect("the program has a window")
    }

    fn find_window(&self) -> Option<Window> {
        let tree = self.connection.query_tree(self.root).ok()?.reply().ok()?;

        tree.children
            .into_iter()
            .find(|&window| self.is_the_program(window).unwrap_or(false))
    }

    /// `None` where the window has gone meanwhile.
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

    fn atom(&self, name: &[u8]) -> u32 {
        self.connection
            .intern_atom(false, name)
            .expect("a request")
            .reply()
            .expect("an atom")
            .atom
    }

    fn key_code(&self, key: Key) -> u8 {
        let setup = self.connection.setup();
        let (first, last) = (setup.min_keycode, setup.max_keycode);
        let mapping = self
            .connection
            .get_keyboard_mapping(first, last - first + 1)
            .expect("a request")
            .reply()
            .expect("the keyboard's mapping");
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

    /// XTEST's `FakeInput`, by hand: x11rb's feature for it would change how winit is built, and
    /// the tests would no longer share its build with the program's.
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
        self.connection
            .send_request_without_reply(&[IoSlice::new(&request)], Vec::new())
            .expect("a request")
            .check()
            .expect("a key press");
    }
}
