//! The book of unfinished work: what counts, whose turn it is and when.

use uuid::Uuid;

use crate::domain::id::{Entropy, JobId, LinkId, SaleId};
use crate::domain::time::Timestamp;
use crate::proto::backend::{Action, Refusal};
use crate::terminal::jobs::{Flight, JobBook};
use crate::terminal::pace::Urgency;
use crate::terminal::step::Job;

fn id(number: u128) -> JobId {
    JobId(Uuid::from_u128(number))
}

fn flight(number: u128, backend: &str, link: u128) -> Flight {
    Flight {
        job: Job {
            id: id(number),
            backend: backend.to_owned(),
            link: Some(LinkId(Uuid::from_u128(link))),
            action: Action::Withdraw {
                remote_id: String::new(),
            },
            answers: Vec::new(),
            attempts: 0,
            created_at: Timestamp::from_millis(0),
            problem: None,
            first_sent: None,
            refusal: None,
        },
        sent: false,
        not_before_mono: 100,
        sale: None,
    }
}

fn book(flights: impl IntoIterator<Item = Flight>) -> JobBook {
    let mut book = JobBook::default();
    for flight in flights {
        book.put(flight);
    }
    book
}

fn counts(book: &JobBook) -> (usize, u32, usize, bool) {
    let flying = book.in_flight("a");
    (
        book.waiting(),
        book.refused(),
        flying,
        book.awaits_answers(),
    )
}

#[test]
fn work_is_counted_as_it_waits_flies_lands_and_is_refused() {
    let mut question = flight(3, "b", 3);
    question.job.action = Action::Fetch {
        remote_id: String::new(),
    };
    let mut book = book([flight(1, "a", 1), flight(2, "a", 2), question]);
    assert_eq!(counts(&book), (2, 0, 0, false), "a question is asked again");
    assert!(book.has_backlog("a") && book.has_backlog("b") && !book.has_backlog("c"));
    for number in [1, 1, 2, 3] {
        book.took_off(id(number));
    }
    assert_eq!(counts(&book), (2, 0, 2, true));
    assert!(!book.has_backlog("a"), "all of it is under way");
    book.landed(id(1));
    assert_eq!(counts(&book), (2, 0, 1, true));
    assert!(book.has_backlog("a") && !book.has_backlog("b"));
    book.stop(id(1), Refusal::of(String::new()));
    assert_eq!(counts(&book), (2, 1, 1, true));
    assert!(!book.has_backlog("a"), "what was refused holds nothing up");
    book.remove(id(2));
    book.remove(id(3));
    assert_eq!(counts(&book), (1, 1, 0, false));
}

#[test]
fn a_link_is_as_it_was_while_its_provider_is_told_where_to_report() {
    let link = LinkId(Uuid::from_u128(1));
    let mut told = flight(1, "a", 1);
    told.job.action = Action::Subscribe {
        remote_id: String::new(),
        link: crate::proto::backend::sample::link(100, "EUR"),
        notify_url: String::new(),
    };
    let mut book = book([told]);
    assert!(!book.concerns(link));
    book.put(flight(2, "a", 1));
    assert!(book.concerns(link));
    book.remove(id(2));
    assert!(!book.concerns(link));
}

#[test]
fn one_job_of_a_link_at_a_time_the_oldest_first_and_a_customers_before_all() {
    let mut hurried = flight(4, "a", 4);
    hurried.sale = Some(SaleId(Uuid::from_u128(9)));
    let mut book = book([
        flight(1, "b", 1),
        flight(2, "a", 2),
        flight(3, "a", 2),
        hurried,
    ]);
    let due = |book: &JobBook, least| book.due("a", 100, least);
    assert_eq!(book.due("a", 99, Urgency::Background), None, "not yet");
    assert_eq!(due(&book, Urgency::Background), Some(id(4)));
    book.remove(id(4));
    assert_eq!(due(&book, Urgency::Customer), None);
    assert_eq!(due(&book, Urgency::Background), Some(id(2)));
    book.took_off(id(2));
    assert_eq!(due(&book, Urgency::Background), None, "3 is behind 2");
    assert!(book.concerns(LinkId(Uuid::from_u128(2))));
    book.stop(id(2), Refusal::of(String::new()));
    assert_eq!(due(&book, Urgency::Background), Some(id(3)));
    book.remove(id(3));
    assert!(!book.concerns(LinkId(Uuid::from_u128(2))));
    assert!(book.restart(id(2), 50).is_some());
    assert_eq!(book.due("a", 50, Urgency::Background), Some(id(2)));
}

#[test]
fn the_next_time_is_that_of_the_first_job_that_may_go_by_its_pause_and_by_the_pace() {
    let free_at = |urgency| match urgency {
        Urgency::Customer => 0,
        Urgency::Background => 150,
    };
    let mut soon = flight(1, "b", 1);
    soon.not_before_mono = 10;
    let mut behind = flight(3, "a", 2);
    behind.not_before_mono = 20;
    let mut book = book([soon, flight(2, "a", 2), behind]);
    assert_eq!(book.next_due_mono("a", free_at), Some(150), "the pace");
    assert_eq!(book.next_due_mono("a", |_| 0), Some(100), "its own pause");
    book.took_off(id(2));
    assert_eq!(book.next_due_mono("a", |_| 0), None, "3 is behind 2");
    book.stop(id(2), Refusal::of(String::new()));
    assert_eq!(book.next_due_mono("a", |_| 0), Some(20), "2 left its lane");
    book.release("a", 5);
    assert_eq!(book.next_due_mono("a", |_| 0), Some(5));
    assert_eq!(
        book.next_due_mono("b", |_| 0),
        Some(10),
        "another account's"
    );
    book.release("a", 7);
    assert_eq!(book.next_due_mono("a", |_| 0), Some(5), "never later");
    book.remove(id(3));
    assert_eq!(book.next_due_mono("a", |_| 0), None, "refused for good");
}

#[test]
fn pauses_grow_up_to_five_minutes_and_are_never_none() {
    for (attempts, longest) in [
        (0, 1_000),
        (1, 2_000),
        (8, 256_000),
        (9, 300_000),
        (40, 300_000),
    ] {
        let mut seen = 0;
        for seed in 0..40 {
            let mut waits = flight(1, "a", 1);
            waits.job.attempts = attempts;
            let mut book = book([waits]);
            book.retry_later(id(1), 1_000, &mut Entropy::new([seed; 32]));
            let pause = book.next_due_mono("a", |_| 0).unwrap() - 1_000;
            assert!((1..=longest).contains(&pause), "{attempts}: {pause}");
            seen = seen.max(pause);
        }
        assert!(seen > longest / 2, "{attempts}: {seen}");
    }
}

#[test]
fn a_clock_that_was_set_back_changes_no_order() {
    // The ids sort by the date that the till believed in when it decided.
    let mut book = book([flight(9, "a", 1), flight(2, "a", 1), flight(1, "a", 2)]);
    let due = |book: &JobBook| book.due("a", 100, Urgency::Background);
    assert_eq!(due(&book), Some(id(9)), "the oldest goes first");
    book.took_off(id(9));
    assert_eq!(
        due(&book),
        Some(id(1)),
        "the second waits for the first of its link"
    );
    book.stop(id(9), Refusal::of(String::new()));
    assert_eq!(due(&book), Some(id(2)));
    book.restart(id(9), 100);
    assert_eq!(
        due(&book),
        Some(id(9)),
        "tried again at the place that it had"
    );
}
