//! Icons as strokes on a square of 24 units: they never miss in a font, and they scale.

use egui::{Color32, Painter, Pos2, Rect, Shape, Stroke, pos2};

mod strokes;

/// A picture that goes with a word, never alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Icon {
    /// Done, paid.
    Check,
    /// Closed, refused, remove.
    Cross,
    /// To the left, back.
    Left,
    /// To the right.
    Right,
    /// Up.
    Up,
    /// Down.
    Down,
    /// One more.
    Plus,
    /// One less.
    Minus,
    /// Find.
    Search,
    /// Takes the last letter away.
    Erase,
    /// Products.
    Tiles,
    /// Sales of the day.
    List,
    /// Codes and network.
    Code,
    /// Settings.
    Sliders,
    /// Waits.
    Clock,
    /// Somebody has to look.
    Warning,
    /// Notes and coins.
    Cash,
    /// Put aside.
    Pause,
    /// Thrown away.
    Bin,
    /// Upside down.
    Turn,
    /// Fills the screen.
    Expand,
    /// Digits.
    Keypad,
    /// By hand.
    Hand,
    /// Languages.
    Globe,
    /// The network is there.
    Online,
    /// The network is not there.
    Offline,
    /// Chosen by the owner.
    Star,
    /// The cart.
    Cart,
    /// Further things to do.
    More,
    /// One instead of another.
    Swap,
    /// On its way to the provider.
    Send,
    /// A sheet from a printer.
    Paper,
}

type Lines = &'static [&'static [(f32, f32)]];
/// Center and radius.
type Rings = &'static [(f32, f32, f32)];

impl Icon {
    const fn lines(self) -> Lines {
        match self {
            Self::Check => strokes::CHECK,
            Self::Cross => strokes::CROSS,
            Self::Left => strokes::LEFT,
            Self::Right => strokes::RIGHT,
            Self::Up => strokes::UP,
            Self::Down => strokes::DOWN,
            Self::Plus => strokes::PLUS,
            Self::Minus => strokes::MINUS,
            Self::Search => strokes::SEARCH,
            Self::Erase => strokes::ERASE,
            Self::Tiles => strokes::TILES,
            Self::List => strokes::LIST,
            Self::Code => strokes::CODE,
            Self::Sliders => strokes::SLIDERS,
            Self::Clock => strokes::CLOCK,
            Self::Warning => strokes::WARNING,
            Self::Cash => strokes::CASH,
            Self::Pause => strokes::PAUSE,
            Self::Bin => strokes::BIN,
            Self::Turn => strokes::TURN,
            Self::Expand => strokes::EXPAND,
            Self::Hand => strokes::HAND,
            Self::Globe => strokes::GLOBE,
            Self::Online => strokes::ONLINE,
            Self::Offline => strokes::OFFLINE,
            Self::Star => strokes::STAR,
            Self::Cart => strokes::CART,
            // Rings only.
            Self::Keypad | Self::More => strokes::NONE,
            Self::Swap => strokes::SWAP,
            Self::Send => strokes::SEND,
            Self::Paper => strokes::PAPER,
        }
    }

    const fn rings(self) -> Rings {
        match self {
            Self::Search => &[(10.5, 10.5, 6.5)],
            Self::Clock | Self::Globe => &[(12.0, 12.0, 9.0)],
            Self::Cash => &[(12.0, 12.0, 2.8)],
            Self::Sliders => &[(15.0, 7.0, 2.5), (9.0, 17.0, 2.5)],
            Self::Online | Self::Offline => &[(12.0, 18.0, 1.2)],
            Self::Cart => &[(9.0, 19.5, 1.3), (17.0, 19.5, 1.3)],
            Self::Keypad => &[
                (5.5, 5.0, 1.4),
                (12.0, 5.0, 1.4),
                (18.5, 5.0, 1.4),
                (5.5, 12.0, 1.4),
                (12.0, 12.0, 1.4),
                (18.5, 12.0, 1.4),
                (5.5, 19.0, 1.4),
                (12.0, 19.0, 1.4),
                (18.5, 19.0, 1.4),
            ],
            Self::More => &[(5.0, 12.0, 1.5), (12.0, 12.0, 1.5), (19.0, 12.0, 1.5)],
            Self::Check
            | Self::Cross
            | Self::Left
            | Self::Right
            | Self::Up
            | Self::Down
            | Self::Plus
            | Self::Minus
            | Self::Erase
            | Self::Tiles
            | Self::List
            | Self::Code
            | Self::Paper
            | Self::Warning
            | Self::Pause
            | Self::Bin
            | Self::Turn
            | Self::Expand
            | Self::Hand
            | Self::Star
            | Self::Swap
            | Self::Send => &[],
        }
    }

    /// Paints it into the largest square in the middle of `rect`.
    pub(crate) fn paint(self, painter: &Painter, rect: Rect, color: Color32) {
        let side = rect.width().min(rect.height());
        let unit = side / 24.0;
        let corner = rect.center() - egui::Vec2::splat(side / 2.0);
        let place =
            |&(x, y): &(f32, f32)| -> Pos2 { pos2(corner.x + x * unit, corner.y + y * unit) };
        let stroke = Stroke::new((unit * 2.1).max(1.0), color);
        for line in self.lines() {
            let points: Vec<Pos2> = line.iter().map(place).collect();
            // Round ends: a dot of the stroke's width at each point.
            for point in &points {
                painter.circle_filled(*point, stroke.width / 2.0, color);
            }
            painter.add(Shape::line(points, stroke));
        }
        for (x, y, radius) in self.rings() {
            painter.circle_stroke(place(&(*x, *y)), radius * unit, stroke);
        }
    }
}
