//! Icons as strokes on a square of 24 units: they never miss in a font, and they scale.

use egui::{Color32, Painter, Pos2, Rect, Shape, Stroke, pos2};

/// A picture that goes with a word, never alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
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
}

type Lines = &'static [&'static [(f32, f32)]];
/// Center and radius.
type Rings = &'static [(f32, f32, f32)];

impl Icon {
    const fn lines(self) -> Lines {
        match self {
            Self::Check => &[&[(4.5, 12.5), (10.0, 18.0), (20.0, 6.5)]],
            Self::Cross => &[&[(6.0, 6.0), (18.0, 18.0)], &[(18.0, 6.0), (6.0, 18.0)]],
            Self::Left => &[&[(15.0, 5.0), (8.0, 12.0), (15.0, 19.0)]],
            Self::Right => &[&[(9.0, 5.0), (16.0, 12.0), (9.0, 19.0)]],
            Self::Up => &[&[(5.0, 15.0), (12.0, 8.0), (19.0, 15.0)]],
            Self::Down => &[&[(5.0, 9.0), (12.0, 16.0), (19.0, 9.0)]],
            Self::Plus => &[&[(12.0, 5.0), (12.0, 19.0)], &[(5.0, 12.0), (19.0, 12.0)]],
            Self::Minus => &[&[(5.0, 12.0), (19.0, 12.0)]],
            Self::Search => &[&[(15.2, 15.2), (20.5, 20.5)]],
            Self::Erase => &[
                &[
                    (9.0, 5.5),
                    (21.0, 5.5),
                    (21.0, 18.5),
                    (9.0, 18.5),
                    (3.0, 12.0),
                    (9.0, 5.5),
                ],
                &[(11.5, 9.0), (17.5, 15.0)],
                &[(17.5, 9.0), (11.5, 15.0)],
            ],
            Self::Tiles => &[
                &[
                    (4.0, 4.0),
                    (10.5, 4.0),
                    (10.5, 10.5),
                    (4.0, 10.5),
                    (4.0, 4.0),
                ],
                &[
                    (13.5, 4.0),
                    (20.0, 4.0),
                    (20.0, 10.5),
                    (13.5, 10.5),
                    (13.5, 4.0),
                ],
                &[
                    (4.0, 13.5),
                    (10.5, 13.5),
                    (10.5, 20.0),
                    (4.0, 20.0),
                    (4.0, 13.5),
                ],
                &[
                    (13.5, 13.5),
                    (20.0, 13.5),
                    (20.0, 20.0),
                    (13.5, 20.0),
                    (13.5, 13.5),
                ],
            ],
            Self::List => &[
                &[(9.0, 6.0), (20.5, 6.0)],
                &[(9.0, 12.0), (20.5, 12.0)],
                &[(9.0, 18.0), (20.5, 18.0)],
                &[(3.5, 6.0), (5.0, 6.0)],
                &[(3.5, 12.0), (5.0, 12.0)],
                &[(3.5, 18.0), (5.0, 18.0)],
            ],
            Self::Code => &[
                &[
                    (4.0, 4.0),
                    (10.0, 4.0),
                    (10.0, 10.0),
                    (4.0, 10.0),
                    (4.0, 4.0),
                ],
                &[
                    (14.0, 4.0),
                    (20.0, 4.0),
                    (20.0, 10.0),
                    (14.0, 10.0),
                    (14.0, 4.0),
                ],
                &[
                    (4.0, 14.0),
                    (10.0, 14.0),
                    (10.0, 20.0),
                    (4.0, 20.0),
                    (4.0, 14.0),
                ],
                &[(14.0, 14.0), (17.0, 14.0), (17.0, 17.0)],
                &[(20.0, 14.0), (20.0, 20.0), (14.0, 20.0), (14.0, 17.5)],
            ],
            Self::Sliders => &[
                &[(3.5, 7.0), (12.5, 7.0)],
                &[(17.5, 7.0), (20.5, 7.0)],
                &[(3.5, 17.0), (6.5, 17.0)],
                &[(11.5, 17.0), (20.5, 17.0)],
            ],
            Self::Clock => &[&[(12.0, 7.0), (12.0, 12.5), (15.5, 14.5)]],
            Self::Warning => &[
                &[(12.0, 3.5), (21.5, 20.0), (2.5, 20.0), (12.0, 3.5)],
                &[(12.0, 10.0), (12.0, 14.5)],
                &[(12.0, 17.0), (12.0, 17.4)],
            ],
            Self::Cash => &[&[
                (2.5, 6.0),
                (21.5, 6.0),
                (21.5, 18.0),
                (2.5, 18.0),
                (2.5, 6.0),
            ]],
            Self::Pause => &[&[(8.0, 5.0), (8.0, 19.0)], &[(16.0, 5.0), (16.0, 19.0)]],
            Self::Bin => &[
                &[(4.0, 6.5), (20.0, 6.5)],
                &[(6.0, 6.5), (7.0, 20.5), (17.0, 20.5), (18.0, 6.5)],
                &[(9.0, 6.5), (9.0, 3.5), (15.0, 3.5), (15.0, 6.5)],
            ],
            Self::Turn => &[
                &[
                    (4.0, 10.0),
                    (6.0, 6.5),
                    (9.5, 4.5),
                    (13.5, 4.5),
                    (17.0, 6.0),
                    (19.5, 9.0),
                ],
                &[(20.0, 4.5), (19.5, 9.2), (15.0, 8.6)],
                &[
                    (20.0, 14.0),
                    (18.0, 17.5),
                    (14.5, 19.5),
                    (10.5, 19.5),
                    (7.0, 18.0),
                    (4.5, 15.0),
                ],
                &[(4.0, 19.5), (4.5, 14.8), (9.0, 15.4)],
            ],
            Self::Expand => &[
                &[(4.0, 9.5), (4.0, 4.0), (9.5, 4.0)],
                &[(14.5, 4.0), (20.0, 4.0), (20.0, 9.5)],
                &[(20.0, 14.5), (20.0, 20.0), (14.5, 20.0)],
                &[(9.5, 20.0), (4.0, 20.0), (4.0, 14.5)],
            ],
            Self::Hand => &[
                &[(8.0, 13.0), (8.0, 5.0)],
                &[(11.3, 11.5), (11.3, 3.5)],
                &[(14.6, 11.5), (14.6, 4.5)],
                &[(17.9, 13.0), (17.9, 7.0)],
                &[
                    (8.0, 5.0),
                    (8.0, 15.0),
                    (4.5, 12.0),
                    (3.5, 13.5),
                    (8.5, 20.5),
                    (15.5, 20.5),
                    (17.9, 17.0),
                    (17.9, 12.0),
                ],
            ],
            Self::Globe => &[
                &[(3.0, 12.0), (21.0, 12.0)],
                &[
                    (12.0, 3.0),
                    (8.6, 7.0),
                    (7.8, 12.0),
                    (8.6, 17.0),
                    (12.0, 21.0),
                ],
                &[
                    (12.0, 3.0),
                    (15.4, 7.0),
                    (16.2, 12.0),
                    (15.4, 17.0),
                    (12.0, 21.0),
                ],
            ],
            Self::Online => &[
                &[
                    (2.5, 9.5),
                    (7.0, 6.3),
                    (12.0, 5.2),
                    (17.0, 6.3),
                    (21.5, 9.5),
                ],
                &[(6.5, 13.5), (12.0, 10.6), (17.5, 13.5)],
            ],
            Self::Offline => &[
                &[
                    (2.5, 9.5),
                    (7.0, 6.3),
                    (12.0, 5.2),
                    (17.0, 6.3),
                    (21.5, 9.5),
                ],
                &[(6.5, 13.5), (12.0, 10.6), (17.5, 13.5)],
                &[(4.0, 20.5), (20.0, 3.5)],
            ],
            Self::Star => &[&[
                (12.0, 3.0),
                (14.8, 9.0),
                (21.0, 9.7),
                (16.4, 14.0),
                (17.7, 20.4),
                (12.0, 17.1),
                (6.3, 20.4),
                (7.6, 14.0),
                (3.0, 9.7),
                (9.2, 9.0),
                (12.0, 3.0),
            ]],
            Self::Cart => &[&[
                (2.5, 4.0),
                (5.5, 4.0),
                (8.0, 15.5),
                (18.0, 15.5),
                (20.5, 7.0),
                (6.2, 7.0),
            ]],
            Self::Keypad => &[],
        }
    }

    const fn rings(self) -> Rings {
        match self {
            Self::Search => &[(10.5, 10.5, 6.5)],
            Self::Clock => &[(12.0, 12.0, 9.0)],
            Self::Globe => &[(12.0, 12.0, 9.0)],
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
            Self::Check | Self::Cross | Self::Left | Self::Right | Self::Up | Self::Down => &[],
            Self::Plus | Self::Minus | Self::Erase | Self::Tiles | Self::List | Self::Code => &[],
            Self::Warning | Self::Pause | Self::Bin | Self::Turn | Self::Expand => &[],
            Self::Hand | Self::Star => &[],
        }
    }

    /// Paints it into the largest square in the middle of `rect`.
    pub fn paint(self, painter: &Painter, rect: Rect, color: Color32) {
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
