/// An upright rectangle in device pixels.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::display) struct Place {
    pub(in crate::display) left: i32,
    pub(in crate::display) top: i32,
    pub(in crate::display) width: i32,
    pub(in crate::display) height: i32,
}

impl Place {
    fn right(self) -> i32 {
        self.left.saturating_add(self.width)
    }

    fn bottom(self) -> i32 {
        self.top.saturating_add(self.height)
    }

    pub(super) fn is_empty(self) -> bool {
        self.width <= 0 || self.height <= 0
    }

    pub(super) fn meets(self, other: Self) -> bool {
        self.left < other.right()
            && other.left < self.right()
            && self.top < other.bottom()
            && other.top < self.bottom()
    }

    pub(super) fn contains(self, other: Self) -> bool {
        self.left <= other.left
            && self.top <= other.top
            && self.right() >= other.right()
            && self.bottom() >= other.bottom()
    }

    /// What both have; empty where they do not meet.
    #[cfg(target_os = "linux")]
    pub(super) fn common(self, other: Self) -> Self {
        let (left, top) = (self.left.max(other.left), self.top.max(other.top));

        Self {
            left,
            top,
            width: (self.right().min(other.right()) - left).max(0),
            height: (self.bottom().min(other.bottom()) - top).max(0),
        }
    }

    /// The same, seen from this corner.
    #[cfg(target_os = "linux")]
    pub(super) fn from(self, left: i32, top: i32) -> Self {
        Self {
            left: self.left.saturating_sub(left),
            top: self.top.saturating_sub(top),
            ..self
        }
    }
}
