//! Tracks whether the customer can see the code: where the code is in the last frame that the display server took,
//! and which windows cover ours. The window library reports neither. It also creates the renderer without a way to
//! pass anything in, so this state is global to the process.

#[cfg(target_os = "linux")]
mod x11;

use std::sync::{Arc, LazyLock};
#[cfg(target_os = "linux")]
use std::sync::{Mutex, PoisonError};

use iced::futures::stream;
use iced::{Rectangle, Subscription};
use iced_runtime::window::raw_window_handle::HasWindowHandle;
#[cfg(target_os = "linux")]
use iced_runtime::window::raw_window_handle::RawWindowHandle;
use tokio::sync::watch;

use crate::qr::Code;

/// A code, and its place in the window in device pixels.
#[derive(Debug, Clone)]
pub(in crate::app) struct Placed {
    pub(in crate::app) code: Arc<Code>,
    pub(in crate::app) place: Rectangle,
}

impl PartialEq for Placed {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.code, &other.code) && self.place == other.place
    }
}

/// The state of the window.
#[derive(Debug, Clone, Default, PartialEq)]
pub(in crate::app) struct Sight {
    frame: FrameResult,
    window: WindowPlace,
}

/// The result of the last frame.
#[derive(Debug, Clone, Default, PartialEq)]
enum FrameResult {
    /// No frame was drawn since the window or a window above it changed.
    #[default]
    Unknown,
    /// The display server took the frame. If `is_settled`, the server has also finished the frame.
    Presented {
        code: Option<Placed>,
        /// Whether words were left out for lack of space.
        leaves_out: bool,
        is_settled: bool,
    },
    /// The frame could not be shown.
    Failed(String),
}

/// The window's place on the screen.
#[derive(Debug, Clone, Default, PartialEq)]
#[cfg_attr(not(target_os = "linux"), allow(dead_code))]
enum WindowPlace {
    /// The display server does not report the window's place. Such a server shows frames only while the window is
    /// visible.
    #[default]
    Untold,
    /// The window is unmapped, minimised or on another workspace.
    Hidden,
    /// The window is on the screen. `seen` is the part of the window that is on the screen, and `covers` are the
    /// windows above. Both are in the window's device pixels.
    Mapped {
        seen: Rectangle,
        covers: Vec<Rectangle>,
    },
    /// Someone destroyed the window.
    Gone,
}

/// The reason why a code is not visible.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::app) enum Unseen {
    /// The frame with the code is not on the screen yet.
    NotYet,
    /// The window is not on the screen, or another window covers the code.
    Covered,
    /// The window is too small for the code.
    TooSmall,
    /// Frames cannot be shown, for this reason.
    Failing(String),
}

static SIGHT: LazyLock<watch::Sender<Sight>> =
    LazyLock::new(|| watch::Sender::new(Sight::default()));

#[cfg(target_os = "linux")]
static WATCHED: Mutex<Option<x11::Watched>> = Mutex::new(None);

impl Sight {
    /// Records a frame. Returns whether the display must check the frame. An unsettled frame is always checked:
    /// the check leads to another frame, and only that frame shows whether the server has finished this one.
    fn take_frame(&mut self, code: Option<Placed>, leaves_out: bool, is_settled: bool) -> bool {
        let frame = FrameResult::Presented {
            code,
            leaves_out,
            is_settled,
        };
        let is_news = self.frame != frame || !is_settled;
        self.frame = frame;

        is_news
    }

    /// Whether the window was destroyed.
    pub(in crate::app) fn is_gone(&self) -> bool {
        self.window == WindowPlace::Gone
    }

    /// Whether the window is off the screen or partly covered.
    pub(in crate::app) fn is_obstructed(&self) -> bool {
        match &self.window {
            WindowPlace::Untold => false,
            WindowPlace::Hidden | WindowPlace::Gone => true,
            WindowPlace::Mapped { covers, .. } => !covers.is_empty(),
        }
    }

    /// Whether the whole window is invisible.
    pub(in crate::app) fn is_hidden(&self) -> bool {
        match &self.window {
            WindowPlace::Untold => false,
            WindowPlace::Hidden | WindowPlace::Gone => true,
            WindowPlace::Mapped { seen, covers } => {
                seen.area() == 0.0 || covers.iter().any(|cover| seen.is_within(cover))
            }
        }
    }

    /// Whether words were left out of the last frame.
    pub(in crate::app) fn leaves_out_words(&self) -> bool {
        matches!(&self.frame, FrameResult::Presented { leaves_out, .. } if *leaves_out)
    }

    /// Checks that all of `code` is visible.
    ///
    /// # Errors
    ///
    /// If a part of the code is not visible.
    pub(in crate::app) fn shows(&self, code: &Arc<Code>) -> Result<(), Unseen> {
        if self.is_hidden() {
            return Err(Unseen::Covered);
        }
        let (placed, is_settled) = match &self.frame {
            FrameResult::Unknown => return Err(Unseen::NotYet),
            FrameResult::Failed(why) => return Err(Unseen::Failing(why.clone())),
            FrameResult::Presented {
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

    fn is_whole(&self, place: Rectangle) -> bool {
        match &self.window {
            WindowPlace::Untold => true,
            WindowPlace::Hidden | WindowPlace::Gone => false,
            WindowPlace::Mapped { seen, covers } => {
                place.is_within(seen) && !covers.iter().any(|cover| cover.intersects(&place))
            }
        }
    }
}

/// Records a frame that the display server took, and whether the server has finished it.
pub(in crate::app) fn presented(code: Option<&Placed>, leaves_out: bool, is_settled: bool) {
    let code = code.cloned();
    SIGHT.send_if_modified(|sight| sight.take_frame(code, leaves_out, is_settled));
}

/// Records that a frame could not be shown.
pub(in crate::app) fn failed(why: &str) {
    note(|sight| sight.frame = FrameResult::Failed(why.to_owned()));
}

/// Starts to watch a window, if its display server reports its state.
pub(in crate::app) fn look_at(window: &impl HasWindowHandle) {
    #[cfg(target_os = "linux")]
    if let Some(id) = x11_number(window) {
        let mut watched = WATCHED.lock().unwrap_or_else(PoisonError::into_inner);
        // If frames cannot be shown, the window gets a new surface again and again, but is watched only once.
        if watched.as_ref().is_none_or(|watched| watched.id() != id) {
            *watched = x11::Watched::begin(id)
                .inspect_err(
                    |error| tracing::warn!(%error, "whether the window is covered is not known"),
                )
                .ok();
        }
    }
    #[cfg(not(target_os = "linux"))]
    let _ = window;
}

/// Returns the number of a window on an X server.
#[cfg(target_os = "linux")]
pub(in crate::app) fn x11_number(window: &impl HasWindowHandle) -> Option<u32> {
    match window.window_handle().ok()?.as_raw() {
        RawWindowHandle::Xlib(handle) => handle.window.try_into().ok(),
        RawWindowHandle::Xcb(handle) => Some(handle.window.get()),
        _ => None,
    }
}

/// Brings the window to the current workspace, above all other windows. Does nothing if the display server does
/// not allow it.
pub(in crate::app) fn raise() {
    #[cfg(target_os = "linux")]
    if let Some(watched) = &*WATCHED.lock().unwrap_or_else(PoisonError::into_inner)
        && let Err(error) = watched.raise()
    {
        tracing::warn!(%error, "the window cannot be raised");
    }
}

/// Records the window's place. A covered window may have lost its content, so the last frame no longer counts.
#[cfg(target_os = "linux")]
fn stands(window: WindowPlace) {
    note(|sight| {
        if sight.window != window {
            sight.window = window;
            sight.frame = FrameResult::Unknown;
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

/// Returns the current state of the window.
pub(in crate::app) fn now() -> Sight {
    SIGHT.borrow().clone()
}

/// Reports changes of the state.
pub(in crate::app) fn changes() -> Subscription<()> {
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
