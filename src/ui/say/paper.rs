//! Printers, sheets and stickers as words.

use super::{Said, with};
use crate::domain::print::PrintKind;
use crate::domain::sticker::Verdict;
use crate::proto::print::{CodeProblem, PrintError};
use crate::terminal::Notice;
use crate::terminal::printing::{Doubt, PaperNotice, Patrol};
use crate::terminal::query::{
    PrintState, PrintView, PrinterView, PrinterWord, StickerView, Trouble,
};
use crate::ui::cx::Cx;
use crate::ui::icon::Icon;
use crate::ui::theme::Tone;

/// How a printer is, and what helps.
pub(crate) fn printer(cx: &Cx<'_>, printer: &PrinterView) -> Said {
    let waiting = printer.waiting.to_string();
    match printer.state {
        PrinterWord::Ready if printer.troubles.contains(&Trouble::PaperLow) => {
            Said::new(Icon::Warning, Tone::Waiting, cx.say("printer-paper-low"))
        }
        PrinterWord::Ready => Said::new(Icon::Check, Tone::Good, cx.say("printer-ready")),
        PrinterWord::Printing => {
            let words = with(cx, "printer-printing", "count", &waiting);
            Said::new(Icon::Paper, Tone::Plain, words)
        }
        PrinterWord::NotThere => Said::new(
            Icon::Warning,
            Tone::Alarm,
            printer
                .problem
                .clone()
                .unwrap_or_else(|| cx.say("printer-not-there")),
        ),
        PrinterWord::Silent => Said::new(Icon::Warning, Tone::Alarm, cx.say("printer-silent")),
        PrinterWord::Blocked => Said::new(Icon::Warning, Tone::Alarm, cx.say("printer-blocked")),
        PrinterWord::Trouble => {
            let words: Vec<String> = printer
                .troubles
                .iter()
                .map(|trouble| cx.say(trouble_key(*trouble)))
                .collect();
            Said::new(Icon::Warning, Tone::Alarm, words.join(" · "))
        }
    }
}

const fn trouble_key(trouble: Trouble) -> &'static str {
    match trouble {
        Trouble::PaperOut => "printer-paper-out",
        Trouble::CoverOpen => "printer-cover-open",
        Trouble::CutterStuck => "printer-cutter-stuck",
        Trouble::RibbonOut => "printer-ribbon-out",
        Trouble::Jammed => "printer-jammed",
        Trouble::Overheated => "printer-overheated",
        Trouble::Broken => "printer-broken",
        Trouble::Offline => "printer-offline",
        Trouble::PaperLow => "printer-paper-low",
    }
}

/// How a sheet stands.
pub(crate) fn print(cx: &Cx<'_>, print: &PrintView) -> Said {
    if let Some(problem) = &print.problem {
        return Said::new(Icon::Warning, Tone::Alarm, notice(cx, problem));
    }
    match print.state {
        PrintState::Waiting => Said::new(Icon::Clock, Tone::Plain, cx.say("print-waiting")),
        PrintState::Held => Said::new(Icon::Warning, Tone::Waiting, cx.say("print-held")),
        PrintState::Printing => Said::new(Icon::Paper, Tone::Plain, cx.say("print-printing")),
        PrintState::Unconfirmed => {
            let key = match print.why {
                Some(Doubt::Lost) => "print-why-lost",
                Some(Doubt::Stuck) => "print-why-stuck",
                Some(Doubt::Stopped) => "print-why-stopped",
                Some(Doubt::Restarted) => "print-why-restarted",
                Some(Doubt::Unanswered) | None => "print-why-unanswered",
            };
            Said::new(Icon::Warning, Tone::Alarm, cx.say(key))
        }
        PrintState::Sent => Said::new(Icon::Paper, Tone::Plain, cx.say("print-sent")),
        PrintState::Printed => Said::new(Icon::Check, Tone::Good, cx.say("print-printed")),
        PrintState::Forgotten => Said::new(Icon::Cross, Tone::Plain, cx.say("print-forgotten")),
    }
}

/// The key of what a sheet is.
pub(crate) const fn print_kind(kind: PrintKind) -> &'static str {
    match kind {
        PrintKind::Sticker => "print-sticker",
        PrintKind::Receipt => "print-receipt",
        PrintKind::Test => "print-test",
    }
}

/// Whether a sticker that hangs somewhere is right.
pub(crate) fn registered(cx: &Cx<'_>, view: &StickerView) -> Said {
    if view.verdict == Verdict::Good && view.sticker.fades(cx.snap.status.faded_before) {
        return Said::new(Icon::Clock, Tone::Plain, cx.say("register-fades"));
    }
    match (view.verdict, view.price_now) {
        (Verdict::Good, _) => Said::new(Icon::Check, Tone::Good, cx.say("register-good")),
        (Verdict::Superseded, Some(price)) => {
            let words = with(cx, "register-new-price", "amount", &cx.money(price));
            Said::new(Icon::Warning, Tone::Alarm, words)
        }
        (Verdict::Superseded, None) => {
            Said::new(Icon::Warning, Tone::Alarm, cx.say("register-replaced"))
        }
        (Verdict::Dead | Verdict::Foreign, _) => {
            Said::new(Icon::Cross, Tone::Alarm, cx.say("register-dead"))
        }
        (Verdict::TakenDown, _) => Said::new(Icon::Cross, Tone::Plain, cx.say("register-retired")),
    }
}

/// What a scanned sticker is.
fn scanned(cx: &Cx<'_>, patrol: &Patrol) -> String {
    let price = patrol.price.map(|price| cx.money(price));
    let price = price.unwrap_or_else(|| cx.say("sticker-open"));
    let now = patrol.price_now.map(|price| cx.money(price));
    let key = match (patrol.verdict, &now) {
        (Verdict::Good, _) => "scanned-good",
        (Verdict::Superseded, Some(_)) => "scanned-new-price",
        (Verdict::Superseded, None) => "scanned-replaced",
        (Verdict::Dead, _) => "scanned-dead",
        (Verdict::TakenDown, _) => "scanned-taken-down",
        (Verdict::Foreign, _) => "scanned-foreign",
    };
    let values = [
        ("title", patrol.title.as_str()),
        ("amount", price.as_str()),
        ("now", now.as_deref().unwrap_or_default()),
    ];
    cx.say_with(key, &values)
}

/// Whether a sentence is good news.
pub(crate) fn is_good_news(notice: &Notice) -> bool {
    if let Notice::Paper(PaperNotice::StickerScanned { patrol }) = notice {
        return patrol.verdict == Verdict::Good;
    }
    matches!(notice, Notice::Paper(PaperNotice::TestCodeRead { .. }))
}

/// Why something has no room on this paper, and what helps.
fn cannot(cx: &Cx<'_>, why: &PrintError) -> String {
    let two = |key, (name, value): (&str, &usize), (other, of): (&str, &usize)| {
        cx.say_with(key, &[(name, &value.to_string()), (other, &of.to_string())])
    };
    match why {
        PrintError::Code(CodeProblem::TooNarrow {
            needed_mm,
            paper_mm,
        }) => two("cannot-code", ("needed", needed_mm), ("paper", paper_mm)),
        PrintError::Code(CodeProblem::Unencodable(_) | CodeProblem::Controls) => {
            cx.say("cannot-link")
        }
        PrintError::PictureTooWide { dots, paper } => {
            two("cannot-picture", ("dots", dots), ("paper", paper))
        }
        PrintError::LabelTooLow {
            needed_mm,
            label_mm,
        } => two("cannot-label", ("needed", needed_mm), ("label", label_mm)),
        PrintError::LabelSize(side) => with(cx, "cannot-label-size", "side", &side.to_string()),
    }
}

/// A sentence for the cashier.
pub(super) fn notice(cx: &Cx<'_>, notice: &PaperNotice) -> String {
    match notice {
        PaperNotice::NoPrinter { kind } => cx.say(match kind {
            PrintKind::Sticker => "notice-no-sticker-printer",
            PrintKind::Receipt => "notice-no-receipt-printer",
            PrintKind::Test => "notice-no-printer",
        }),
        PaperNotice::UnknownPrinter { name } => with(cx, "notice-unknown-printer", "name", name),
        PaperNotice::CannotPrint { why } => {
            with(cx, "notice-cannot-print", "reason", &cannot(cx, why))
        }
        PaperNotice::PrinterGone { name } => with(cx, "notice-printer-gone", "name", name),
        PaperNotice::DidItPrint { title } => with(cx, "notice-did-it-print", "title", title),
        PaperNotice::UnknownPrint => cx.say("notice-unknown-print"),
        PaperNotice::PrintUnderWay => cx.say("notice-print-under-way"),
        PaperNotice::PrintNotSent => cx.say("notice-print-not-sent"),
        PaperNotice::UnknownSticker => cx.say("notice-unknown-sticker"),
        PaperNotice::StickersWrong { count } => {
            with(cx, "notice-stickers-wrong", "count", &count.to_string())
        }
        PaperNotice::StickerScanned { patrol } => scanned(cx, patrol),
        PaperNotice::NoDrawer { name } => with(cx, "notice-no-drawer", "name", name),
        PaperNotice::WrongAnswer { name } => with(cx, "notice-wrong-answer", "name", name),
        PaperNotice::TestCodeRead { code } => with(cx, "notice-test-code-read", "code", code),
        PaperNotice::UnknownProfile { name } => with(cx, "notice-unknown-profile", "name", name),
        PaperNotice::NoPort => cx.say("notice-no-port"),
        PaperNotice::NoStickerCode => cx.say("notice-no-sticker-code"),
    }
}
