//! What a trip needs and means, and whether one is ready to leave: in sentences.

use egui::{Rect, Role, Sense, Ui, WidgetInfo};

use crate::domain::money::Currency;
use crate::terminal::pool_view::PoolReport;
use crate::terminal::snapshot::Reach;
use crate::terminal::trip::plan::{PlanError, PlanRow, TripPlan, account_of};
use crate::terminal::trip::{TRIP_AMOUNTS_MAX, TRIP_CODES_MAX};
use crate::ui::cx::Cx;
use crate::ui::icon::Icon;
use crate::ui::say::{self, plain};
use crate::ui::size::Cut as _;
use crate::ui::theme::{Letters, Tone};
use crate::ui::trip::{Filled, LOOK_BACK_DAYS, Source, is_kept};
use crate::ui::widgets::gauge::{gauge_ui, share};
use crate::ui::widgets::label::toned_ui;
use crate::ui::widgets::scroll::{Moves, Rows, rows_ui};
use crate::ui::widgets::surface::surface;
use crate::ui::widgets::text::{self, Style};

/// Sums that one sentence names.
const SUMS_NAMED: usize = 3;

/// The plan, and how it stands to the trip that is on.
#[derive(Clone, Debug)]
pub(super) struct Shown {
    /// What is planned.
    pub(super) filled: Filled,
    /// What that needs.
    pub(super) plan: Result<TripPlan, PlanError>,
    /// Whether any trip is on.
    pub(super) is_on: bool,
    /// How many accounts there are.
    pub(super) accounts: usize,
    /// Whether the trip that is on is just this one.
    is_kept: bool,
    /// What the account said last that a person should know.
    problem: Option<String>,
}

impl Shown {
    /// Compares a filled plan with the pool.
    pub(super) fn of(report: &PoolReport, filled: Filled, currency: Currency) -> Self {
        let plan = filled.plan(report, currency);
        let account = account_of(report, &filled.account);
        Self {
            is_on: report.trip.is_some(),
            accounts: report.accounts.len(),
            is_kept: plan
                .as_ref()
                .is_ok_and(|plan| is_kept(&filled, plan, report.trip.as_ref())),
            problem: account.and_then(|account| account.last_problem.clone()),
            filled,
            plan,
        }
    }

    /// Whether there is anything to prepare.
    pub(super) fn can_prepare(&self) -> bool {
        let plan = self.plan.as_ref();
        plan.is_ok_and(|plan| plan.needed > 0 && (!self.is_kept || plan.to_get > 0))
    }
}

type Fact = (Icon, Tone, String);

/// Draws how far the codes are, and the sentences.
pub(super) fn facts_ui(ui: &mut Ui, cx: &Cx<'_>, mut rect: Rect, shown: &Shown) {
    if let Ok(plan) = shown.plan.as_ref()
        && shown.is_kept
    {
        let tone = if plan.to_get == 0 {
            Tone::Good
        } else {
            Tone::Waiting
        };
        let done = share(i64::from(plan.ready()), i64::from(plan.needed));
        let bar = rect.cut_top(cx.mm(4.0), cx.mm(1.2));
        gauge_ui(ui, cx, bar, tone, done, done);
    }
    surface(ui, cx, rect, cx.palette.card, cx.palette.line);
    let facts = facts(cx, shown);
    let rows = Rows {
        count: facts.len(),
        columns: 1,
        height: cx.mm(9.0),
        gap: cx.mm(0.6),
        moves: Moves::Bar,
    };
    let inner = rect.shrink(cx.mm(1.2));
    rows_ui(
        ui,
        cx,
        inner,
        ("trip-facts", ""),
        rows,
        |ui, index, rect| {
            if let Some((icon, tone, words)) = facts.get(index) {
                toned_ui(ui, cx, rect, Letters::Body, (*icon, *tone), words);
            }
        },
    );
}

/// What is to be known, in the order in which it matters.
fn facts(cx: &Cx<'_>, shown: &Shown) -> Vec<Fact> {
    let plan = match &shown.plan {
        Ok(plan) => plan,
        Err(error) => return vec![(Icon::Warning, Tone::Alarm, impossible(cx, *error))],
    };
    if plan.needed == 0 {
        return vec![(Icon::Plus, Tone::Waiting, cx.say("trip-nothing"))];
    }
    let mut facts = Vec::new();
    if shown.is_kept {
        stands(cx, plan, &mut facts);
    } else {
        needs(cx, plan, shown.is_on, &mut facts);
    }
    let known = facts.len();
    if plan.to_get > 0 {
        missing(cx, shown, plan, &mut facts);
    }
    if plan.to_get > 0 && shown.is_kept && facts.len() == known {
        let time = say::duration(cx, plan.seconds);
        let words = cx.say_with("trip-left", &[("time", &time)]);
        facts.push((Icon::Clock, Tone::Waiting, words));
    }
    means(cx, plan, &mut facts);
    let days = LOOK_BACK_DAYS.to_string();
    match shown.filled.source {
        Source::Trip => {}
        Source::Sold => {
            let words = cx.say_with("trip-from-sales", &[("days", &days)]);
            facts.push((Icon::List, Tone::Plain, words));
        }
        Source::Prices => facts.push((Icon::List, Tone::Plain, cx.say("trip-from-prices"))),
    }
    facts
}

/// Whether one can leave.
fn stands(cx: &Cx<'_>, plan: &TripPlan, facts: &mut Vec<Fact>) {
    if plan.to_get == 0 {
        facts.push((Icon::Check, Tone::Good, cx.say("trip-ready")));
    }
    let (ready, needed) = (plan.ready().to_string(), plan.needed.to_string());
    let words = cx.say_with("trip-progress", &[("count", &ready), ("total", &needed)]);
    facts.push((Icon::Code, Tone::Plain, words));
}

/// What "Prepare" would do.
fn needs(cx: &Cx<'_>, plan: &TripPlan, is_on: bool, facts: &mut Vec<Fact>) {
    if is_on {
        facts.push((Icon::Warning, Tone::Waiting, cx.say("trip-changed")));
    }
    let sales: u32 = plan.rows.iter().map(|row| row.expected).sum();
    let (codes, sales) = (plan.needed.to_string(), sales.to_string());
    let words = cx.say_with("trip-needed", &[("codes", &codes), ("sales", &sales)]);
    facts.push((Icon::Code, Tone::Plain, words));
    if plan.to_get == 0 {
        facts.push((Icon::Check, Tone::Good, cx.say("trip-all-there")));
        return;
    }
    let time = say::duration(cx, plan.seconds);
    let count = plan.to_get.to_string();
    let words = cx.say_with("trip-to-get", &[("count", &count), ("time", &time)]);
    facts.push((Icon::Clock, Tone::Plain, words));
}

/// Why codes may not come.
fn missing(cx: &Cx<'_>, shown: &Shown, plan: &TripPlan, facts: &mut Vec<Fact>) {
    let accounts = &cx.snap.accounts;
    let account = accounts.iter().find(|account| account.name == plan.backend);
    if let Some(account) = account
        && account.reach != Reach::Online
    {
        let said = say::account(cx, &account.name, account.reach);
        facts.push((said.icon, said.tone, said.words));
    }
    let refused = plan
        .rows
        .iter()
        .filter(|row| row.is_refused && row.to_get > 0);
    let refused: Vec<&PlanRow> = refused.collect();
    if !refused.is_empty() {
        let more = if refused.len() > SUMS_NAMED {
            ", …"
        } else {
            ""
        };
        let named: Vec<_> = refused
            .iter()
            .take(SUMS_NAMED)
            .map(|row| cx.money(row.amount))
            .collect();
        let amounts = format!("{}{more}", named.join(", "));
        let words = cx.say_with("trip-refused", &[("amounts", &amounts)]);
        facts.push((Icon::Warning, Tone::Alarm, words));
    }
    if let Some(problem) = &shown.problem {
        let words = cx.say_with("sync-problem", &[("problem", problem)]);
        facts.push((Icon::Warning, Tone::Alarm, words));
    }
}

/// What is at stake, and what the account cannot undo.
fn means(cx: &Cx<'_>, plan: &TripPlan, facts: &mut Vec<Fact>) {
    let amount = cx.money(plan.exposes);
    let words = cx.say_with("trip-exposes", &[("amount", &amount)]);
    facts.push((Icon::Cash, Tone::Plain, words));
    let of_kind = |key: &str| cx.say_with(key, &[("kind", &plan.kind)]);
    if !plan.can_withdraw {
        facts.push((
            Icon::Warning,
            Tone::Waiting,
            of_kind("trip-cannot-withdraw"),
        ));
    }
    if !plan.can_expire {
        facts.push((Icon::Warning, Tone::Waiting, of_kind("trip-cannot-expire")));
    }
    if plan.end_before > 0 {
        let count = plan.end_before.to_string();
        let words = cx.say_with("trip-end-before", &[("count", &count)]);
        facts.push((Icon::Clock, Tone::Plain, words));
    }
}

fn impossible(cx: &Cx<'_>, error: PlanError) -> String {
    match error {
        PlanError::NoAccount => cx.say("notice-no-backend"),
        PlanError::TooManyCodes { .. } => {
            let count = TRIP_CODES_MAX.to_string();
            cx.say_with("trip-too-many-codes", &[("count", &count)])
        }
        PlanError::TooManySums { .. } => {
            let count = TRIP_AMOUNTS_MAX.to_string();
            cx.say_with("trip-too-many-sums", &[("count", &count)])
        }
        PlanError::TooLarge => cx.say("notice-amount-too-large"),
    }
}

/// Words that are seen, and a longer name for those who cannot see beside what they stand.
pub(super) fn spoken_ui(ui: &Ui, rect: Rect, name: &str, words: &str, style: Style) {
    let id = ui.scope_id().with(("trip-spoken", name));
    let response = ui.interact(rect, id, Sense::empty());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, plain(name)));
    text::paint(ui.painter(), rect, words, style);
}
