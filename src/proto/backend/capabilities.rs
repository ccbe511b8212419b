//! What a provider's document allows, and how that is said.

/// How a till learns that a link was paid, as far as the provider's document goes (design.md 4.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Learns {
    /// A notification that proves it: signed, or on an unguessable address of the link.
    Notified,
    /// The till asks and gets a proof.
    LookedUp,
    /// A notification that only hints at it until the owner has tried it out.
    Hinted,
    /// Never: the owner compares with the provider's console.
    Never,
}

/// What a provider's document allows; screens and checks say it in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "facts that do not depend on each other, asked for one by one"
)]
pub struct Capabilities {
    /// A link can be given an end.
    pub expiry: bool,
    /// A link can be switched off.
    pub withdraw: bool,
    /// A link's amount can be changed, so that a sticker survives a new price.
    pub update: bool,
    /// A link can be read back.
    pub fetch: bool,
    /// All links of the account can be listed.
    pub list: bool,
    /// A link ends by itself after one payment.
    pub single_use: bool,
    /// The payer can type the amount.
    pub open_amount: bool,
    /// A link may hang on a wall without an end.
    pub permanent: bool,
    /// A request for a link that is sent again makes no second one.
    pub repeatable: bool,
    /// How payments are heard of.
    pub learns: Learns,
}

/// One fact of [`Capabilities`] as a word that the translation files explain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CapabilityWords {
    /// The key in the translation files.
    pub key: &'static str,
    /// The same in English, for the commands.
    pub english: &'static str,
}

impl Capabilities {
    /// One sentence for each fact that a cashier or an owner has to live with.
    pub const fn in_words(self) -> [CapabilityWords; 7] {
        [
            pick(
                self.expiry,
                ("can-expire", "codes can be given an end"),
                ("cannot-expire", "codes never end by themselves"),
            ),
            pick(
                self.withdraw,
                ("can-withdraw", "codes can be switched off"),
                ("cannot-withdraw", "codes cannot be switched off"),
            ),
            pick(
                self.update,
                ("can-update", "a sticker survives a new price"),
                ("cannot-update", "a new price needs a new sticker"),
            ),
            pick(
                self.single_use,
                ("can-end-once-paid", "a code ends once it was paid"),
                ("can-be-paid-twice", "a code can be paid more than once"),
            ),
            pick(
                self.open_amount,
                ("can-open-amount", "the payer can type the amount"),
                ("cannot-open-amount", "the payer cannot type the amount"),
            ),
            pick(
                self.permanent,
                ("can-stick", "stickers stay valid"),
                (
                    "cannot-stick",
                    "there are no stickers, only codes for one sale",
                ),
            ),
            self.learns.in_words(),
        ]
    }
}

impl Learns {
    /// What it means for whoever stands at the till.
    pub const fn in_words(self) -> CapabilityWords {
        let (key, english) = match self {
            Self::Notified => ("learns-notified", "payments are reported by themselves"),
            Self::LookedUp => (
                "learns-looked-up",
                "the till asks for each payment by itself",
            ),
            Self::Hinted => (
                "learns-hinted",
                "payments are reported, but nothing proves the report: compare with the provider's console",
            ),
            Self::Never => (
                "learns-never",
                "payments are not reported: compare with the provider's console",
            ),
        };
        CapabilityWords { key, english }
    }
}

const fn pick(
    holds: bool,
    yes: (&'static str, &'static str),
    no: (&'static str, &'static str),
) -> CapabilityWords {
    let (key, english) = if holds { yes } else { no };
    CapabilityWords { key, english }
}
