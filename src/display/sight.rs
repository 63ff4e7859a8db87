//! Tracks whether the customer can see the code: the code in the last frame that the display server has taken, and
//! the windows that cover this one. The window library reports neither, and it creates the renderer itself without a
//! way to pass anything in, so this state belongs to the whole process.

mod place;
#[cfg(target_os = "linux")]
mod x11;

use std::sync::{Arc, LazyLock};

use iced::Subscription;
use iced::futures::stream;
use iced_runtime::window::raw_window_handle::{HasWindowHandle, RawWindowHandle};
use tokio::sync::watch;

use crate::qr::Code;

pub(super) use place::Place;

/// A code, and where it stands in the window.
#[derive(Debug, Clone)]
pub(super) struct Placed {
    pub(super) code: Arc<Code>,
    pub(super) place: Place,
}

impl PartialEq for Placed {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.code, &other.code) && self.place == other.place
    }
}

/// The state of the window.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Sight {
    frame: Frame,
    window: Window,
}

/// The result of the last frame.
#[derive(Debug, Clone, Default, PartialEq)]
enum Frame {
    /// None was drawn since the window or what stands over it changed.
    #[default]
    Unknown,
    /// The display server has it, and is done with it if `is_settled`.
    Presented {
        code: Option<Placed>,
        /// Whether words were left out of it, for which there is no room.
        leaves_out: bool,
        is_settled: bool,
    },
    /// It could not be shown.
    Failed(String),
}

/// The state of the window on the screen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
enum Window {
    /// The display server does not say: it shows frames only where they are seen.
    #[default]
    Untold,
    /// It is not mapped, minimised or on another workspace.
    #[cfg(target_os = "linux")]
    Hidden,
    /// It is on the screen. `seen` is the part of it that the screen has, and `covers` is what stands over
    /// it, in its own device pixels.
    #[cfg(target_os = "linux")]
    Mapped { seen: Place, covers: Vec<Place> },
    /// Somebody has destroyed it.
    #[cfg(target_os = "linux")]
    Gone,
}

/// Why a code is not seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Unseen {
    /// The frame with it is on its way.
    NotYet,
    /// The window is not on the screen, or something stands over the code.
    Covered,
    /// The window is too small for it.
    TooSmall,
    /// Frames cannot be shown, and why.
    Failing(String),
}

static SIGHT: LazyLock<watch::Sender<Sight>> =
    LazyLock::new(|| watch::Sender::new(Sight::default()));

#[cfg(target_os = "linux")]
static WATCHED: std::sync::Mutex<Option<x11::Watched>> = std::sync::Mutex::new(None);

impl Sight {
    /// Notes a frame. Returns whether the display must look at it. A frame that is not settled counts each time: only
    /// a further frame finds out, and nothing else may ask for one.
    fn take_frame(&mut self, code: Option<Placed>, leaves_out: bool, is_settled: bool) -> bool {
        let frame = Frame::Presented {
            code,
            leaves_out,
            is_settled,
        };
        let is_news = self.frame != frame || !is_settled;
        self.frame = frame;

        is_news
    }

    /// Whether somebody has destroyed the window.
    pub(super) fn is_gone(&self) -> bool {
        #[cfg(target_os = "linux")]
        return self.window == Window::Gone;
        #[cfg(not(target_os = "linux"))]
        false
    }

    /// Whether the window is not on the screen, or something stands over a part of it.
    pub(super) fn is_obstructed(&self) -> bool {
        match &self.window {
            Window::Untold => false,
            #[cfg(target_os = "linux")]
            Window::Hidden | Window::Gone => true,
            #[cfg(target_os = "linux")]
            Window::Mapped { covers, .. } => !covers.is_empty(),
        }
    }

    /// Whether nothing of the window is on the screen.
    pub(super) fn is_hidden(&self) -> bool {
        match &self.window {
            Window::Untold => false,
            #[cfg(target_os = "linux")]
            Window::Hidden | Window::Gone => true,
            #[cfg(target_os = "linux")]
            Window::Mapped { seen, covers } => {
                seen.is_empty() || covers.iter().any(|cover| cover.contains(*seen))
            }
        }
    }

    /// Whether words were left out of the last frame.
    pub(super) fn leaves_out_words(&self) -> bool {
        matches!(
            self.frame,
            Frame::Presented {
                leaves_out: true,
                ..
            }
        )
    }

    /// Whether all of `code` can be seen.
    ///
    /// # Errors
    ///
    /// Why it cannot.
    pub(super) fn shows(&self, code: &Arc<Code>) -> Result<(), Unseen> {
        if self.is_hidden() {
            return Err(Unseen::Covered);
        }
        let (placed, is_settled) = match &self.frame {
            Frame::Unknown => return Err(Unseen::NotYet),
            Frame::Failed(why) => return Err(Unseen::Failing(why.clone())),
            Frame::Presented {
                code, is_settled, ..
            } => (code, *is_settled),
        };
        let placed = placed
            .as_ref()
            .filter(|placed| Arc::ptr_eq(&placed.code, code));
        match placed {
            None => Err(Unseen::TooSmall),
            Some(placed) if !self.is_whole(placed.place) => Err(Unseen::Covered),
            Some(_) if !is_settled => Err(Unseen::NotYet),
            Some(_) => Ok(()),
        }
    }

    fn is_whole(&self, place: Place) -> bool {
        match &self.window {
            Window::Untold => true,
            #[cfg(target_os = "linux")]
            Window::Hidden | Window::Gone => false,
            #[cfg(target_os = "linux")]
            Window::Mapped { seen, covers } => {
                seen.contains(place) && !covers.iter().any(|cover| cover.meets(place))
            }
        }
    }
}

/// Notes a frame that the display server has taken, and whether it is done with it.
pub(super) fn presented(code: Option<&Placed>, leaves_out: bool, is_settled: bool) {
    let code = code.cloned();
    SIGHT.send_if_modified(|sight| sight.take_frame(code, leaves_out, is_settled));
}

/// Notes that a frame could not be shown.
pub(super) fn failed(why: &str) {
    note(|sight| sight.frame = Frame::Failed(why.to_owned()));
}

/// Watches a window from now on, where its display server tells of it.
pub(super) fn look_at(window: &impl HasWindowHandle) {
    #[cfg(target_os = "linux")]
    {
        let id = match window.window_handle().map(|handle| handle.as_raw()) {
            Ok(RawWindowHandle::Xlib(handle)) => u32::try_from(handle.window).ok(),
            Ok(RawWindowHandle::Xcb(handle)) => Some(handle.window.get()),
            _ => None,
        };
        let mut watched = WATCHED
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        // A window that frames cannot be shown in gets another surface, again and again.
        if id.is_none() || watched.as_ref().map(x11::Watched::id) == id {
            return;
        }
        *watched = id.and_then(|id| {
            x11::Watched::begin(id)
                .inspect_err(
                    |error| tracing::warn!(%error, "whether the window is covered is not known"),
                )
                .ok()
        });
    }
    #[cfg(not(target_os = "linux"))]
    let _ = window;
}

/// Puts the window on the screen, on the present workspace, over all others. Does nothing where the display
/// server does not let a program do so.
pub(super) fn raise() {
    #[cfg(target_os = "linux")]
    {
        let watched = WATCHED
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(watched) = &*watched
            && let Err(error) = watched.raise()
        {
            tracing::warn!(%error, "the window cannot be raised");
        }
    }
}

/// Notes how the window stands. What was drawn into a window that was covered may be lost, so the next
/// frame decides again.
#[cfg(target_os = "linux")]
fn stands(window: Window) {
    note(|sight| {
        if sight.window != window {
            sight.window = window;
            sight.frame = Frame::Unknown;
        }
    });
}

fn note(change: impl FnOnce(&mut Sight)) {
    SIGHT.send_if_modified(|sight| {
        let before = sight.clone();
        change(sight);

        *sight != before
    });
}

/// What is known of the window now.
pub(super) fn now() -> Sight {
    SIGHT.borrow().clone()
}

/// Tells whenever that changes.
pub(super) fn changes() -> Subscription<()> {
    Subscription::run(|| {
        let mut seen = SIGHT.subscribe();
        seen.mark_changed();

        stream::unfold(seen, async |mut seen| {
            seen.changed().await.ok()?;

            Some(((), seen))
        })
    })
}

#[cfg(all(test, target_os = "linux"))]
mod tests;
