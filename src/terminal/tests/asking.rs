//! A till whose account is asked what was paid, step by step: no link of a sale is forgotten, a
//! callback is a reason to ask, and a pause is kept between the steps of one job too.

use uuid::Uuid;

use super::notified::{item, notification};
use super::world::eur;
use crate::domain::id::{Entropy, JobId, LinkId, SaleId};
use crate::domain::link::{Link, LinkState, Purpose, RemoteLink};
use crate::domain::payment::PaymentStatus;
use crate::domain::sale::{Fact, Line, Sale, SaleRecord};
use crate::domain::time::{Now, Timestamp};
use crate::proto::backend::{Action, Response, sample};
use crate::terminal::step::{Job, Recovered};
use crate::terminal::tests::world::setup;
use crate::terminal::{Actor, Command, Effect, Event, Question, Rows, Step, Terminal, Write};

const START: Timestamp = Timestamp::from_millis(1_800_000_000_000);

/// What is said of an order that nobody paid.
pub(super) const NOTHING: &str =
    "<APIResponse><Header><ErrorCode>0</ErrorCode></Header><Body/></APIResponse>";

pub(super) fn now(mono_ms: u64) -> Now {
    Now {
        mono_ms,
        boot_id: Uuid::nil(),
        wall: START.plus_millis(i64::try_from(mono_ms).unwrap()),
        server_offset_ms: 0,
    }
}

pub(super) fn link(number: u128, sale: Option<SaleId>) -> Link {
    let url = format!("https://pay.example/{number}");
    Link {
        id: LinkId(Uuid::from_u128(number)),
        token: format!("{number:064x}"),
        state: if sale.is_some() {
            LinkState::Shown
        } else {
            LinkState::Requested
        },
        remote: sale.map(|_| RemoteLink {
            id: number.to_string(),
            url,
        }),
        sale,
        created_at: START,
        expires_at: Some(START.plus_millis(3_600_000)),
        ..*sample::link(350, "EUR")
    }
}

pub(super) fn sale(shown: &[&Link]) -> SaleRecord {
    let sale = Sale {
        id: SaleId(Uuid::from_u128(9)),
        reference: "K7-0001".to_owned(),
        created_at: START,
        lines: vec![Line {
            product: None,
            sku: String::new(),
            name: String::new(),
            unit: eur(350),
            quantity: 1,
        }],
        total: eur(350),
        backend: "main".to_owned(),
    };
    let facts = shown.iter().map(|link| Fact::Shown {
        link: link.id,
        purpose: Purpose::Single,
        part: None,
        at: START,
    });
    SaleRecord::new(sale, facts)
}

/// A till with one `AltaPay` account that answers.
pub(super) fn till(links: Vec<Link>, sales: Vec<SaleRecord>, jobs: Vec<Job>) -> (Terminal, Step) {
    let mut setup = setup();
    setup.backends[0].kind = "altapay".to_owned();
    setup.backends[0].pay_hosts = vec!["pay.example".to_owned()];
    let rows = Recovered {
        links,
        sales,
        jobs,
        ..Recovered::default()
    };
    let (mut till, _) = Terminal::recover(setup, rows, Entropy::new([1; 32]), now(0));
    let step = answer(&mut till, None, 1, 200, &[], "{}");
    // Back online everything is asked about at once; nothing was paid yet.
    for (question, path) in sent(&step) {
        if path.contains("/payments") {
            answer(&mut till, question, 1, 200, &[], NOTHING);
        }
    }
    (till, step)
}

pub(super) fn answer(
    till: &mut Terminal,
    question: Option<Question>,
    at: u64,
    status: u16,
    headers: &[(&str, &str)],
    body: &str,
) -> Step {
    let headers = headers
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let event = Event::Answered {
        question,
        backend: "main".to_owned(),
        result: Ok(Response {
            status,
            headers: headers.collect(),
            body: body.to_owned(),
        }),
    };
    till.handle(event, Rows::default(), now(at))
}

pub(super) fn wakes(till: &mut Terminal, at: u64) -> Step {
    till.handle(Event::Woke, Rows::default(), now(at))
}

pub(super) fn sent(step: &Step) -> Vec<(Option<Question>, String)> {
    let sent = step.effects.iter().filter_map(|effect| {
        let Effect::Send {
            question, request, ..
        } = effect
        else {
            return None;
        };
        Some((*question, request.path.clone()))
    });
    sent.collect()
}

pub(super) fn asks_about(step: &Step, link: &Link) -> bool {
    let id = link.id.to_string();
    sent(step).iter().any(|(_, path)| path.contains(&id))
}

pub(super) fn state_of(step: &Step, link: &Link) -> Option<LinkState> {
    let mut states = step.writes.iter().rev().filter_map(|write| {
        let Write::Link(row) = write else { return None };
        (row.id == link.id).then_some(row.state)
    });
    states.next()
}

#[test]
fn a_code_whose_sale_was_paid_in_cash_is_asked_about_still() {
    let shown = link(1, Some(SaleId(Uuid::from_u128(9))));
    let record = sale(&[&shown]);
    let id = record.sale.id;
    let (mut till, _) = till(vec![shown.clone()], vec![record], Vec::new());
    let command = Command::PayInCash {
        sale: id,
        given: eur(350),
    };
    let event = Event::Command {
        command,
        actor: Actor::Script,
        seen: None,
        reply_to: None,
    };
    let paid = till.handle(event, Rows::default(), now(2));
    assert_eq!(state_of(&paid, &shown), Some(LinkState::Burned));
    assert!(asks_about(&wakes(&mut till, 3_600_000), &shown));
}

#[test]
fn the_rows_of_a_sale_are_read_for_an_answer_only_where_they_are_not_in_memory() {
    let id = SaleId(Uuid::from_u128(9));
    let shown = link(1, Some(id));
    // A sale that was over before this start is not in memory; its code is asked about still.
    for (sales, read) in [(vec![sale(&[&shown])], vec![]), (Vec::new(), vec![id])] {
        let (mut till, _) = till(vec![shown.clone()], sales, Vec::new());
        let step = wakes(&mut till, 3_600_000);
        let question = sent(&step)
            .into_iter()
            .find(|(_, path)| path.contains(&shown.id.to_string()))
            .and_then(|(question, _)| question);
        assert!(question.is_some());
        let answer = Event::Answered {
            question,
            backend: "main".to_owned(),
            result: Ok(Response {
                status: 200,
                headers: Vec::new(),
                body: NOTHING.to_owned(),
            }),
        };
        assert_eq!(till.needs(&answer).sales, read);
    }
}

#[test]
fn a_callback_sets_off_a_question_and_one_for_another_order_does_not() {
    let shown = link(1, Some(SaleId(Uuid::from_u128(9))));
    let record = sale(&[&shown]);
    let (mut till, _) = till(vec![shown.clone()], vec![record], Vec::new());
    let mut callback = |order: &str, at| {
        let body = format!("shop_orderid={order}&transaction_id=77&status=succeeded");
        let event = Event::Notified(Box::new(item(notification(&shown, "altapay", &body))));
        till.handle(event, Rows::default(), now(at))
    };
    let forged = callback("another", 2);
    assert!(!asks_about(&forged, &shown));
    let is_unmatched =
        |write: &Write| matches!(write, Write::Journal(entry) if entry.what == "payment_unmatched");
    assert!(forged.writes.iter().any(is_unmatched), "{forged:?}");
    let good = callback(&shown.id.to_string(), 3);
    assert!(asks_about(&good, &shown));
    let is_money = |write: &Write| matches!(write, Write::Payment(row) if row.report.status > PaymentStatus::Pending);
    assert!(!good.writes.iter().any(is_money), "{good:?}");
}

/// Links in the making, and a till that has just sent the first request of each.
fn in_the_making(links: &[Link]) -> (Terminal, Vec<Question>) {
    let jobs = links.iter().map(|link| Job {
        id: JobId(link.id.0),
        backend: "main".to_owned(),
        link: Some(link.id),
        action: Action::Create {
            link: Box::new(link.clone()),
            notify_url: None,
        },
        answers: Vec::new(),
        attempts: 0,
        created_at: START,
        problem: None,
        first_sent: None,
        refusal: None,
    });
    let (till, first) = till(links.to_vec(), Vec::new(), jobs.collect());
    let asked = sent(&first).into_iter();
    (till, asked.filter_map(|(question, _)| question).collect())
}

/// The answer to a link's first request.
fn session_of(link: &Link) -> String {
    let amount = r#"{"value":3.50,"currency":"EUR"}"#;
    let id = link.id;
    format!(r#"{{"sessionId":"s-1","order":{{"orderId":"{id}","amount":{amount}}}}}"#)
}

#[test]
fn an_answer_that_comes_twice_is_not_taken_for_the_next_question() {
    let wanted = link(1, None);
    let (mut till, asked) = in_the_making(std::slice::from_ref(&wanted));
    let [first] = asked[..] else {
        panic!("one is under way: {asked:?}");
    };
    let session = session_of(&wanted);
    let went_on = answer(&mut till, Some(first), 2, 201, &[], &session);
    let [(Some(second), _)] = sent(&went_on)[..] else {
        panic!("the session's link is asked for: {went_on:?}");
    };
    assert_eq!(second, Question { step: 1, ..first });
    let again = answer(&mut till, Some(first), 3, 201, &[], &session);
    assert_eq!(sent(&again), []);
    let writes = &again.writes[..];
    assert!(
        matches!(writes, [Write::Journal(entry)] if entry.what == "possible_stray"),
        "{writes:?}"
    );
    let made = r#"{"id":"l-1","paymentLink":"https://pay.example/l-1"}"#;
    let made = answer(&mut till, Some(second), 4, 201, &[], made);
    assert_eq!(state_of(&made, &wanted), Some(LinkState::Live), "{made:?}");
}

#[test]
fn a_pause_is_kept_between_two_steps_of_one_job() {
    let links = [link(1, None), link(2, None)];
    let (mut till, asked) = in_the_making(&links);
    let [one, other] = asked[..] else {
        panic!("both are under way: {asked:?}");
    };
    let pause = [("retry-after", "60")];
    let refused = answer(&mut till, Some(other), 1_000, 429, &pause, "{}");
    assert_eq!(sent(&refused), []);
    let session = session_of(&links[0]);
    let went_on = answer(&mut till, Some(one), 2_000, 201, &[], &session);
    assert_eq!(sent(&went_on), []);
    let due = till.poll_timeout().map(|(at, _)| at);
    assert!(due.is_some_and(|at| at > 2_000), "{due:?}");
    let early = wakes(&mut till, 60_999);
    assert!(
        sent(&early).iter().all(|(question, _)| question.is_none()),
        "{early:?}"
    );
    let late = wakes(&mut till, 61_000);
    let second = Question { step: 1, ..one };
    let next = sent(&late)
        .into_iter()
        .find(|(question, _)| *question == Some(second));
    assert_eq!(
        next.map(|(_, path)| path).as_deref(),
        Some("/checkout/v1/api/session/s-1/link")
    );
}

#[test]
fn money_on_a_code_whose_closed_sale_is_not_in_memory_asks_for_its_row() {
    let shown = link(1, Some(SaleId(Uuid::from_u128(9))));
    let record = sale(&[&shown]);
    let id = record.sale.id;
    for (sales, needed) in [(vec![record], vec![]), (Vec::new(), vec![id])] {
        let (till, _) = till(vec![shown.clone()], sales, Vec::new());
        let news = Event::Notified(Box::new(item(notification(&shown, "altapay", "{}"))));
        assert_eq!(till.needs(&news).sales, needed);
    }
}
