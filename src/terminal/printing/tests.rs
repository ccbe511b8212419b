//! A lane's deeds, step by step.

use super::*;
use crate::domain::id::PrintId;
use crate::proto::print::escpos::status::QUESTIONS;
use crate::proto::print::status::PrinterState;
use crate::proto::print::{Confirms, Job, Language};
use uuid::Uuid;

const WELL: [u8; 4] = [0x12; 4];
const PAPER_OUT: [u8; 4] = [0x1a, 0x32, 0x12, 0x7e];

fn sheet(number: u32) -> Sheet {
    let body = vec![b'a'; 300];
    Sheet {
        id: PrintId(Uuid::from_u128(number.into())),
        job: Job {
            boundaries: vec![body.len()],
            longest: 40,
            body,
            confirm: vec![b'?'; 3],
            ..Job::default()
        },
        number,
        attempt: 1,
    }
}

/// A lane, its clock, and everything that it wanted.
struct Desk {
    lane: Lane,
    now: u64,
    written: Vec<u8>,
    facts: Vec<Fact>,
    opens: usize,
    /// Bytes that the port still takes.
    room: usize,
}

impl Desk {
    fn new(answers: bool, confirms: Confirms) -> Self {
        Self {
            lane: Lane::new(Abilities {
                language: Language::EscPos,
                answers,
                confirms,
                is_shared: false,
            }),
            now: 0,
            written: Vec::new(),
            facts: Vec::new(),
            opens: 0,
            room: usize::MAX,
        }
    }

    fn with_sheets(mut self, count: u32) -> Self {
        for number in 1..=count {
            assert!(self.lane.add(sheet(number)));
        }
        self.tick(0);
        self
    }

    /// Something happened, and all that follows is done: a port that takes what it has room for, a disk.
    fn happen(&mut self, happened: Happened) {
        let mut waiting = vec![happened];
        while let Some(next) = waiting.pop() {
            for deed in self.lane.handle(&next, self.now) {
                match deed {
                    Deed::Open(_) => self.opens += 1,
                    Deed::Close | Deed::LetGo => {}
                    Deed::Write(bytes) => {
                        let count = bytes.len().min(self.room);
                        self.room -= count;
                        self.written.extend(&bytes[..count]);
                        waiting.push(Happened::Took(count));
                    }
                    Deed::Note(fact) => {
                        waiting.extend((fact.what == What::Begun).then_some(Happened::Noted));
                        self.facts.push(fact);
                    }
                }
            }
        }
    }

    fn tick(&mut self, milliseconds: u64) {
        self.now += milliseconds;
        self.happen(Happened::Tick);
    }

    fn hear(&mut self, bytes: &[u8]) {
        self.happen(Happened::Heard(bytes.to_vec()));
    }

    fn standing(&self, number: u32) -> Standing {
        let id = PrintId(Uuid::from_u128(number.into()));
        let of_it: Vec<_> = self
            .facts
            .iter()
            .filter(|fact| fact.sheet == id)
            .cloned()
            .collect();
        Standing::fold(&of_it)
    }

    /// Bytes of sheets that went out.
    fn sheet_bytes(&self) -> usize {
        let written = String::from_utf8_lossy(&self.written);
        written.matches('a').count()
    }

    fn sheets_sent(&self) -> usize {
        self.sheet_bytes() / 300
    }
}

#[test]
fn a_sheet_goes_out_after_the_question_and_the_note_and_is_done_with_the_printers_word() {
    let mut desk = Desk::new(true, Confirms::ProcessId).with_sheets(2);
    assert_eq!((desk.opens, desk.lane.lamp()), (1, Lamp::NotThere));
    desk.happen(Happened::Opened);
    assert_eq!(desk.written, QUESTIONS.concat());
    assert_eq!(desk.standing(1), Standing::Waiting);
    desk.hear(&WELL);
    assert_eq!(desk.sheets_sent(), 1);
    assert_eq!(desk.standing(1), Standing::UnderWay);
    desk.hear(b"\x37\x220001\x00");
    assert_eq!(desk.standing(1), Standing::Printed(Evidence::Printer));
    desk.hear(&WELL);
    desk.hear(b"\x37\x220002\x00");
    assert_eq!(desk.standing(2), Standing::Printed(Evidence::Printer));
    assert_eq!((desk.sheets_sent(), desk.lane.lamp()), (2, Lamp::Ready));
}

#[test]
fn without_paper_nothing_is_sent_and_with_paper_it_goes_on_by_itself() {
    let mut desk = Desk::new(true, Confirms::ProcessId).with_sheets(1);
    desk.happen(Happened::Opened);
    desk.hear(&PAPER_OUT);
    let Lamp::Trouble(state) = desk.lane.lamp() else {
        panic!("{:?}", desk.lane.lamp());
    };
    assert!(state.is_paper_out);
    assert_eq!(
        (desk.sheets_sent(), desk.standing(1)),
        (0, Standing::Waiting)
    );
    desk.tick(999);
    desk.tick(1);
    desk.hear(&WELL);
    assert_eq!(desk.sheets_sent(), 1);
}

#[test]
fn a_printer_that_says_nothing_gets_nothing() {
    let mut desk = Desk::new(true, Confirms::ProcessId).with_sheets(1);
    desk.happen(Happened::Opened);
    desk.tick(1_000);
    assert_eq!(desk.lane.lamp(), Lamp::Silent);
    for _ in 0..100 {
        desk.tick(500);
    }
    assert_eq!(
        (desk.sheets_sent(), desk.standing(1)),
        (0, Standing::Waiting)
    );
    let asked = desk.written.len();
    while desk.written.len() == asked {
        desk.tick(500);
    }
    // It may be the answer to an older question, of which more are to come.
    desk.hear(&WELL);
    desk.tick(1_499);
    assert_eq!(desk.sheets_sent(), 0);
    desk.tick(1);
    assert_eq!(desk.sheets_sent(), 1);
}

/// They all look alike: only by their number it is known which are which.
#[test]
fn late_answers_do_not_shift_the_next_ones() {
    let mut desk = Desk::new(true, Confirms::ProcessId).with_sheets(1);
    desk.happen(Happened::Opened);
    desk.hear(&[0x12, 0x12]);
    desk.tick(1_500);
    desk.tick(1_000);
    assert_eq!(desk.written, QUESTIONS.concat().repeat(2));
    desk.hear(&[0x12, 0x12]);
    desk.hear(&PAPER_OUT);
    let Lamp::Trouble(state) = desk.lane.lamp() else {
        panic!("{:?}", desk.lane.lamp());
    };
    assert_eq!(state, PrinterState::from_answers(PAPER_OUT));
    // Those of one that lost the first are the last four nevertheless.
    desk.tick(1_000);
    desk.hear(&PAPER_OUT[..3]);
    desk.tick(1_500);
    desk.tick(1_000);
    desk.hear(&WELL);
    assert_eq!(desk.sheets_sent(), 0);
    desk.tick(1_500);
    assert_eq!(desk.sheets_sent(), 1);
}

#[test]
fn paper_that_ends_in_the_middle_is_waited_for_and_no_second_sheet_comes() {
    let mut desk = Desk::new(true, Confirms::ProcessId).with_sheets(2);
    desk.happen(Happened::Opened);
    desk.hear(&WELL);
    for _ in 0..1_000 {
        desk.tick(1_000);
        desk.hear(&PAPER_OUT);
    }
    assert!(matches!(desk.lane.lamp(), Lamp::Trouble(_)));
    assert_eq!(desk.standing(1), Standing::UnderWay);
    desk.tick(1_000);
    desk.hear(&WELL);
    desk.hear(b"\x37\x220001\x00");
    // All is out, and only a person sees whether it is in one piece.
    assert_eq!(desk.standing(1), Standing::Doubtful(Doubt::Stopped));
    assert_eq!(desk.sheets_sent(), 1);
    desk.hear(&WELL);
    desk.hear(b"\x37\x220002\x00");
    assert_eq!(desk.standing(2), Standing::Printed(Evidence::Printer));
    assert_eq!(desk.sheets_sent(), 2);
}

#[test]
fn what_was_lost_before_its_first_byte_is_tried_again_and_after_it_asked_about() {
    let mut desk = Desk::new(true, Confirms::ProcessId).with_sheets(1);
    desk.room = QUESTIONS.as_flattened().len();
    desk.happen(Happened::Opened);
    desk.hear(&WELL);
    assert_eq!(desk.standing(1), Standing::UnderWay);
    desk.happen(Happened::Lost);
    assert_eq!(desk.standing(1), Standing::Waiting);
    desk.tick(2_000);
    assert_eq!(desk.opens, 2);
    desk.room = QUESTIONS.as_flattened().len() + 1;
    desk.happen(Happened::Opened);
    desk.hear(&WELL);
    desk.happen(Happened::Lost);
    assert_eq!(desk.standing(1), Standing::Doubtful(Doubt::Lost));
    desk.room = usize::MAX;
    desk.tick(100_000);
    desk.happen(Happened::Opened);
    assert_eq!(desk.sheet_bytes(), 1);
}

#[test]
fn a_port_that_takes_nothing_is_left_after_a_minute() {
    let mut desk = Desk::new(false, Confirms::Nothing).with_sheets(1);
    desk.room = 200;
    desk.happen(Happened::Opened);
    desk.tick(1);
    assert_eq!(desk.lane.lamp(), Lamp::Blocked);
    desk.tick(59_998);
    assert_eq!(desk.standing(1), Standing::UnderWay);
    desk.tick(1);
    assert_eq!(desk.standing(1), Standing::Doubtful(Doubt::Stuck));
}

#[test]
fn a_word_that_comes_late_ends_the_doubt() {
    let mut desk = Desk::new(true, Confirms::ProcessId).with_sheets(1);
    desk.happen(Happened::Opened);
    desk.hear(&WELL);
    desk.tick(29_999);
    assert_eq!(desk.standing(1), Standing::UnderWay);
    desk.tick(1);
    assert_eq!(desk.standing(1), Standing::Doubtful(Doubt::Unanswered));
    desk.hear(b"\x37\x220001\x00");
    assert_eq!(desk.standing(1), Standing::Printed(Evidence::Printer));
}

#[test]
fn after_a_doubt_the_rest_of_its_command_is_filled_and_its_old_answer_is_not_the_next_ones() {
    let mut desk = Desk::new(true, Confirms::QueuedStatus).with_sheets(2);
    desk.happen(Happened::Opened);
    desk.hear(&WELL);
    desk.tick(30_000);
    assert_eq!(desk.standing(1), Standing::Doubtful(Doubt::Unanswered));
    let filled = [&[0; 40][..], &[0x1d, b'r', 1]].concat();
    assert!(desk.written.ends_with(&filled));
    // Nothing is believed before the printer has answered.
    desk.tick(100_000);
    assert_eq!(desk.lane.lamp(), Lamp::Silent);
    desk.hear(&[0x00]);
    desk.tick(1_000);
    desk.hear(&[0x00]);
    desk.tick(1_499);
    assert_eq!(desk.sheets_sent(), 1);
    desk.tick(1);
    desk.hear(&WELL);
    assert_eq!(
        (desk.sheets_sent(), desk.standing(2)),
        (2, Standing::UnderWay)
    );
    desk.hear(&[0x00]);
    assert_eq!(desk.standing(2), Standing::Printed(Evidence::Processed));
}

/// Its end may come out by that: a person sees it before she says that it is not there.
#[test]
fn what_was_cut_off_is_ended_before_a_person_says_print_again() {
    let mut desk = Desk::new(true, Confirms::ProcessId).with_sheets(1);
    desk.happen(Happened::Opened);
    desk.room = 100;
    desk.hear(&WELL);
    desk.happen(Happened::Lost);
    assert_eq!(desk.standing(1), Standing::Doubtful(Doubt::Lost));
    desk.room = usize::MAX;
    desk.tick(2_000);
    assert_eq!(desk.opens, 2);
    desk.happen(Happened::Opened);
    assert!(desk.written.ends_with(&[0; 40]));
    // After a restart of the till, too.
    let mut desk = Desk::new(true, Confirms::ProcessId);
    let noted = desk.lane.resume(sheet(1), Standing::UnderWay);
    let Some(Deed::Note(fact)) = noted else {
        panic!("{noted:?}");
    };
    desk.facts.push(fact);
    assert_eq!(desk.standing(1), Standing::Doubtful(Doubt::Restarted));
    desk.tick(0);
    desk.room = 10;
    desk.happen(Happened::Opened);
    // What the port took is lost with it: all of it goes out once more.
    desk.happen(Happened::Lost);
    desk.written.clear();
    desk.room = usize::MAX;
    desk.tick(2_000);
    desk.happen(Happened::Opened);
    assert_eq!(desk.written, [0; 40]);
    desk.hear(b"\x37\x220001\x00");
    assert_eq!(desk.standing(1), Standing::Printed(Evidence::Printer));
}

const KEPT: &[u8] = b"\x37\x3699\x1f99\x1f1\x1f0\x00";
const FORGOTTEN: &[u8] = b"\x37\x360\x1f0\x1f1\x1f1\x00";

/// It was given the rest, and repeats the number all the same.
#[test]
fn a_printer_that_was_off_in_the_middle_is_not_believed() {
    let mut desk = Desk::new(true, Confirms::ProcessId);
    for number in 1..=4 {
        let mut sheet = sheet(number);
        sheet.job.check = vec![b'k'; 8];
        assert!(desk.lane.add(sheet));
    }
    desk.tick(0);
    desk.happen(Happened::Opened);
    // One that never says what it keeps is believed.
    desk.hear(&WELL);
    desk.hear(b"\x37\x220001\x00");
    assert!(desk.written.ends_with(&[b'k'; 8]));
    assert_eq!(desk.standing(1), Standing::UnderWay);
    desk.tick(2_000);
    assert_eq!(desk.standing(1), Standing::Printed(Evidence::Printer));
    desk.hear(&WELL);
    desk.hear(b"\x37\x220002\x00");
    desk.hear(KEPT);
    assert_eq!(desk.standing(2), Standing::Printed(Evidence::Printer));
    desk.hear(&WELL);
    desk.hear(b"\x37\x220003\x00");
    desk.hear(FORGOTTEN);
    assert_eq!(desk.standing(3), Standing::Doubtful(Doubt::Lost));
    desk.tick(1_500);
    desk.hear(&WELL);
    desk.hear(b"\x37\x220004\x00");
    desk.tick(2_000);
    assert_eq!(desk.standing(4), Standing::Doubtful(Doubt::Unanswered));
}

#[test]
fn a_printer_without_words_is_sent_to_and_nothing_more_is_claimed() {
    let mut desk = Desk::new(false, Confirms::Nothing).with_sheets(3);
    desk.happen(Happened::Opened);
    assert_eq!(desk.sheets_sent(), 3);
    assert_eq!(
        [1, 2, 3].map(|number| desk.standing(number)),
        [Standing::Sent; 3]
    );
}

#[test]
fn facts_say_the_same_in_any_order_and_however_often() {
    let fact = |attempt, what| Fact {
        sheet: PrintId(Uuid::nil()),
        attempt,
        what,
    };
    let facts = [
        fact(1, What::Begun),
        fact(1, What::NotSent),
        fact(2, What::Begun),
        fact(2, What::Doubtful(Doubt::Lost)),
        fact(2, What::Printed(Evidence::Printer)),
    ];
    for first in 0..facts.len() {
        let mut shuffled = facts.to_vec();
        shuffled.rotate_left(first);
        shuffled.extend_from_slice(&facts[..first]);
        assert_eq!(
            Standing::fold(&shuffled),
            Standing::Printed(Evidence::Printer)
        );
        shuffled.reverse();
        assert_eq!(
            Standing::fold(&shuffled),
            Standing::Printed(Evidence::Printer)
        );
    }
    assert_eq!(Standing::fold(&facts[..2]), Standing::Waiting);
    assert_eq!(Standing::fold(&facts[..3]), Standing::UnderWay);
    assert_eq!(Standing::fold(&[]), Standing::Waiting);
}
