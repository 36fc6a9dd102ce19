//! The signs of a message, drawn by us on a grid of 24: HTML, SVG and PNG show the same paths.

use crate::template::message::SocialKind;

/// A sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Icon {
    Like,
    Comment,
    Share,
    View,
    Subscriber,
    /// On a video's first picture.
    Play,
    /// In the place of a picture that is missing.
    Absent,
    Calendar,
    /// At the end of the source row.
    Chevron,
}

/// Side of the grid.
pub(super) const GRID: f32 = 24.0;
/// Width of the pen on the grid.
pub(super) const PEN: f32 = 1.8;

impl Icon {
    /// The sign of a social count.
    pub(super) fn of(kind: SocialKind) -> Self {
        match kind {
            SocialKind::Like => Self::Like,
            SocialKind::Comment => Self::Comment,
            SocialKind::Shared => Self::Share,
            SocialKind::View => Self::View,
            SocialKind::Subscriber => Self::Subscriber,
        }
    }

    /// Path data on the grid.
    pub(super) fn path(self) -> &'static str {
        match self {
            Self::Like => {
                "M12 20.3C7 16.5 3.4 13.2 3.4 9.4A4.6 4.6 0 0 1 8 4.7C9.7 4.7 11.1 5.5 12 6.9C12.9 5.5 14.3 4.7 16 4.7A4.6 4.6 0 0 1 20.6 9.4C20.6 13.2 17 16.5 12 20.3Z"
            }
            Self::Comment => {
                "M12 4C7 4 3.2 7.2 3.2 11.2C3.2 13.8 4.8 16 7.2 17.3L6.4 20.8L10.4 18.3C10.9 18.4 11.5 18.4 12 18.4C17 18.4 20.8 15.2 20.8 11.2C20.8 7.2 17 4 12 4Z"
            }
            Self::Share => "M12 15.5V4.2M7.8 8.2L12 4L16.2 8.2M5 12.5V19.5H19V12.5",
            Self::View => {
                "M2.5 12C5 7.6 8.3 5.5 12 5.5C15.7 5.5 19 7.6 21.5 12C19 16.4 15.7 18.5 12 18.5C8.3 18.5 5 16.4 2.5 12ZM12 15A3 3 0 1 0 12 9A3 3 0 0 0 12 15Z"
            }
            Self::Subscriber => {
                "M10 11.5A4 4 0 1 0 10 3.5A4 4 0 0 0 10 11.5ZM3 20.5C3 16.8 6 14.6 10 14.6C11.3 14.6 12.4 14.8 13.4 15.2M18 14.3V20.7M14.8 17.5H21.2"
            }
            Self::Play => "M9 6.4L18.2 12L9 17.6Z",
            Self::Absent => {
                "M3.5 5H20.5V19H3.5ZM3.5 16.5L9 11.5L13.2 15.4L15.8 13L20.5 17M15.6 9.9A1.2 1.2 0 1 0 15.6 7.5A1.2 1.2 0 0 0 15.6 9.9Z"
            }
            Self::Calendar => "M4 6H20V20.2H4ZM4 10.6H20M8.3 3.6V8M15.7 3.6V8M8 14H9.6M14.4 14H16M8 17.2H9.6",
            Self::Chevron => "M15 5.5L21.5 12L15 18.5",
        }
    }

    /// True if it is filled, false if it is drawn with a pen.
    pub(super) fn is_filled(self) -> bool {
        self == Self::Play
    }
}
