//! One printer: a sheet at a time, from the question how it is to the word that it came out.

use std::collections::VecDeque;

use super::port::{Abilities, Deed, Happened, Lamp};
use super::sheet::{Doubt, Evidence, Fact, Sheet, Standing, What};
use crate::proto::print::Confirms;
use crate::proto::print::escpos::process_id;
use crate::proto::print::escpos::status::{Listener, PrinterState, QUESTIONS, Said};

/// Bytes that are handed to the port at once.
const CHUNK_BYTES: usize = 256;
/// How long a printer may take to say how it is.
const ANSWER_MS: u64 = 1_000;
/// How often a printer that cannot print is asked again.
const ASK_EVERY_MS: u64 = 1_000;
/// How often a printer that is not there is looked for.
const OPEN_EVERY_MS: u64 = 2_000;
/// A port that takes nothing for so long will not go on.
const STUCK_MS: u64 = 60_000;
/// How long a printer that is well may take from the last byte to its word.
const CONFIRM_MS: u64 = 30_000;
/// How long is listened whether an old question is still answered.
const QUIET_MS: u64 = 1_500;
/// A question that is answered once all before it is processed.
const QUEUED_QUESTION: [u8; 3] = [0x1d, b'r', 1];
/// Bytes of the questions how it is.
const QUESTIONS_BYTES: usize = QUESTIONS.as_flattened().len();
/// Sheets that wait at most.
const SHEETS_MAX: usize = 1_000;

#[derive(Clone, Debug, PartialEq, Eq)]
enum Phase {
    /// No port.
    Closed { next: u64 },
    /// The port is being opened.
    Opening,
    /// The port is open, and nothing is under way.
    Open,
    /// It was asked how it is.
    Asked { answers: Vec<u8>, until: u64 },
    /// What the sheet before left half-said is ended, and what is still said of it is listened to.
    Clearing {
        /// Bytes that the port has not taken.
        left: Vec<u8>,
        /// Whether an answer has to come before it is believed that there are no more.
        owes: bool,
        until: u64,
    },
    /// That the sheet begins is being written.
    Noting,
    /// Bytes go out.
    Sending { sent: usize, moved_at: u64 },
    /// All is out.
    Confirming {
        until: u64,
        answers: Vec<u8>,
        /// When it is asked how it is.
        ask_at: u64,
    },
    /// It cannot print now.
    Troubled { next: u64 },
}

/// A printer with the sheets that wait for it.
#[derive(Clone, Debug)]
pub struct Lane {
    abilities: Abilities,
    waiting: VecDeque<Sheet>,
    /// Sheets in doubt whose printer may still say that they came out.
    doubtful: VecDeque<Sheet>,
    phase: Phase,
    listener: Listener,
    lamp: Lamp,
    /// Bytes that the printer may take for the rest of a command that was cut off.
    half_said: usize,
}

impl Lane {
    /// Of a printer that was not looked for yet.
    pub fn new(abilities: Abilities) -> Self {
        Self {
            abilities,
            waiting: VecDeque::new(),
            doubtful: VecDeque::new(),
            phase: Phase::Closed { next: 0 },
            listener: Listener::default(),
            lamp: Lamp::NotThere,
            half_said: 0,
        }
    }

    /// How the printer is.
    pub const fn lamp(&self) -> Lamp {
        self.lamp
    }

    /// Sheets of which nothing or something was sent.
    pub fn waiting(&self) -> impl Iterator<Item = &Sheet> {
        self.waiting.iter()
    }

    /// One more sheet. False where there are too many.
    pub fn add(&mut self, sheet: Sheet) -> bool {
        let has_room = self.waiting.len() < SHEETS_MAX;
        if has_room {
            self.waiting.push_back(sheet);
        }
        has_room
    }

    /// What follows from what happened, `now` being milliseconds of a clock that only goes forward.
    pub fn handle(&mut self, happened: &Happened, now: u64) -> Vec<Deed> {
        let mut deeds = Vec::new();
        match happened {
            Happened::Opened => {
                self.listener = Listener::default();
                self.phase = Phase::Open;
                self.begin(now, &mut deeds);
            }
            Happened::Lost => self.lost(now, &mut deeds),
            Happened::Noted => self.noted(now, &mut deeds),
            Happened::Took(count) => self.took(*count, now, &mut deeds),
            Happened::Heard(bytes) => {
                for said in self.listener.hear(bytes) {
                    self.heard(&said, now, &mut deeds);
                }
            }
            Happened::Tick => self.tick(now, &mut deeds),
        }
        deeds
    }

    /// After a restart: a sheet as its facts say that it stands. One that was under way is in doubt now,
    /// which is to be noted.
    pub fn resume(&mut self, sheet: Sheet, standing: Standing) -> Option<Deed> {
        match standing {
            Standing::Waiting => {
                self.add(sheet);
                None
            }
            Standing::UnderWay => {
                let deed = note(&sheet, What::Doubtful(Doubt::Restarted));
                self.doubt(sheet);
                Some(deed)
            }
            Standing::Doubtful(_) => {
                self.doubt(sheet);
                None
            }
            Standing::Sent | Standing::Printed(_) | Standing::Forgotten => None,
        }
    }

    /// Its printer may still say that it came out, and may still wait for the rest of it.
    fn doubt(&mut self, sheet: Sheet) {
        self.half_said = self.half_said.max(rest_of(&sheet));
        self.doubtful.push_back(sheet);
        if self.doubtful.len() > SHEETS_MAX {
            self.doubtful.pop_front();
        }
    }

    /// The next step, where nothing is under way. What is in doubt is ended first, whatever waits: its end
    /// may come out by that, and a person is to see it before she says that it is not there.
    fn begin(&mut self, now: u64, deeds: &mut Vec<Deed>) {
        if self.half_said > 0 {
            self.clear(now, deeds);
            return;
        }
        if self.waiting.is_empty() {
            return;
        }
        if self.abilities.answers {
            let until = now.saturating_add(ANSWER_MS);
            let answers = Vec::new();
            self.phase = Phase::Asked { answers, until };
            deeds.push(Deed::Write(QUESTIONS.concat()));
        } else {
            self.note(deeds);
        }
    }

    /// Whatever the printer still waits for, it gets: zeros, which print nothing. Then what is still said
    /// of the sheet before is listened to, so that it is not taken for the next one's. Only then it is
    /// ended: what a port took may be lost with it.
    fn clear(&mut self, now: u64, deeds: &mut Vec<Deed>) {
        let mut left = vec![0; self.half_said];
        let owes = self.abilities.confirms == Confirms::QueuedStatus;
        if owes {
            left.extend(QUEUED_QUESTION);
        }
        let until = now.saturating_add(QUIET_MS);
        self.phase = Phase::Clearing { left, owes, until };
        self.write(deeds);
    }

    fn wants_port(&self) -> bool {
        self.half_said > 0 || !self.waiting.is_empty()
    }

    fn note(&mut self, deeds: &mut Vec<Deed>) {
        if let Some(sheet) = self.waiting.front() {
            self.phase = Phase::Noting;
            deeds.push(note(sheet, What::Begun));
        }
    }

    fn noted(&mut self, now: u64, deeds: &mut Vec<Deed>) {
        if self.phase == Phase::Noting {
            self.lamp = Lamp::Printing;
            self.phase = Phase::Sending {
                sent: 0,
                moved_at: now,
            };
            self.write(deeds);
        }
    }

    /// The next bytes of what goes out.
    fn write(&self, deeds: &mut Vec<Deed>) {
        match (&self.phase, self.waiting.front()) {
            (Phase::Sending { sent, .. }, Some(sheet)) => {
                let bytes = bytes_of(sheet).skip(*sent).take(CHUNK_BYTES);
                deeds.push(Deed::Write(bytes.collect()));
            }
            (Phase::Clearing { left, .. }, _) => {
                let bytes = left.iter().take(CHUNK_BYTES).copied();
                deeds.push(Deed::Write(bytes.collect()));
            }
            _ => {}
        }
    }

    fn took(&mut self, count: usize, now: u64, deeds: &mut Vec<Deed>) {
        if let Phase::Sending { sent, moved_at } = &mut self.phase {
            if count > 0 {
                *sent = sent.saturating_add(count);
                *moved_at = now;
                self.lamp = Lamp::Printing;
            }
            let all = self.waiting.front().map(|sheet| bytes_of(sheet).count());
            if all.is_some_and(|all| *sent >= all) {
                self.all_sent(now, deeds);
            } else if count > 0 {
                self.write(deeds);
            }
        } else if let Phase::Clearing { left, until, .. } = &mut self.phase {
            left.drain(..count.min(left.len()));
            *until = now.saturating_add(QUIET_MS);
            if left.is_empty() {
                return;
            }
            if count > 0 {
                self.write(deeds);
            } else {
                self.lamp = Lamp::Blocked;
            }
        } else if matches!(self.phase, Phase::Asked { .. }) && count < QUESTIONS_BYTES {
            // A question that went out in part.
            self.half_said = self.half_said.max(QUESTIONS_BYTES);
        }
    }

    fn all_sent(&mut self, now: u64, deeds: &mut Vec<Deed>) {
        if self.abilities.confirms == Confirms::Nothing {
            self.end(What::Sent, now, deeds);
        } else {
            self.phase = Phase::Confirming {
                until: now.saturating_add(CONFIRM_MS),
                answers: Vec::new(),
                ask_at: now.saturating_add(ASK_EVERY_MS),
            };
        }
    }

    /// The sheet under way is done with, and the next one begins.
    fn end(&mut self, what: What, now: u64, deeds: &mut Vec<Deed>) {
        self.finish(what, deeds);
        self.lamp = Lamp::Ready;
        self.phase = Phase::Open;
        self.begin(now, deeds);
    }

    fn finish(&mut self, what: What, deeds: &mut Vec<Deed>) {
        let Some(sheet) = self.waiting.pop_front() else {
            return;
        };
        deeds.push(note(&sheet, what));
        if let What::Doubtful(_) = what {
            self.doubt(sheet);
        }
    }

    /// Nothing of it went out: it is tried again by itself.
    fn not_sent(&mut self, deeds: &mut Vec<Deed>) {
        if let Some(sheet) = self.waiting.front_mut() {
            deeds.push(note(sheet, What::NotSent));
            sheet.attempt = sheet.attempt.saturating_add(1);
        }
    }

    fn heard(&mut self, said: &Said, now: u64, deeds: &mut Vec<Deed>) {
        match said {
            Said::Answer(byte) => self.answered(*byte, now, deeds),
            Said::State(state) => self.state(*state, now, deeds),
            Said::Printed(number) => self.printed(*number, now, deeds),
            Said::Processed { .. } => self.processed(now, deeds),
            Said::Cleared | Said::Noise => {}
        }
    }

    fn answered(&mut self, byte: u8, now: u64, deeds: &mut Vec<Deed>) {
        let (Phase::Asked { answers, .. } | Phase::Confirming { answers, .. }) = &mut self.phase
        else {
            return;
        };
        answers.push(byte);
        if let Ok(four) = <[u8; 4]>::try_from(answers.as_slice()) {
            answers.clear();
            self.state(PrinterState::from_answers(four), now, deeds);
        }
    }

    fn state(&mut self, state: PrinterState, now: u64, deeds: &mut Vec<Deed>) {
        if matches!(self.phase, Phase::Asked { .. }) {
            if state.is_well() {
                self.lamp = Lamp::Ready;
                self.note(deeds);
            } else {
                self.lamp = Lamp::Trouble(state);
                self.pause(now);
            }
        } else if let Phase::Confirming { until, .. } = &mut self.phase {
            if state.is_well() {
                self.lamp = Lamp::Printing;
            } else {
                // It goes on by itself once somebody has helped it: until then its word is waited for.
                *until = now.saturating_add(CONFIRM_MS);
                self.lamp = Lamp::Trouble(state);
            }
        }
    }

    /// Nothing of the next sheet is out; it is asked again.
    fn pause(&mut self, now: u64) {
        self.phase = Phase::Troubled {
            next: now.saturating_add(ASK_EVERY_MS),
        };
    }

    fn printed(&mut self, number: [u8; 4], now: u64, deeds: &mut Vec<Deed>) {
        let is_this = |sheet: &Sheet| process_id(sheet.number) == number;
        let is_out = matches!(self.phase, Phase::Confirming { .. });
        if is_out && self.waiting.front().is_some_and(is_this) {
            self.end(What::Printed(Evidence::Printer), now, deeds);
        } else if let Some(place) = self.doubtful.iter().position(is_this)
            && let Some(sheet) = self.doubtful.remove(place)
        {
            deeds.push(note(&sheet, What::Printed(Evidence::Printer)));
        }
    }

    fn processed(&mut self, now: u64, deeds: &mut Vec<Deed>) {
        if let Phase::Clearing { owes, until, .. } = &mut self.phase {
            // There may be one more.
            *owes = false;
            *until = now.saturating_add(QUIET_MS);
        } else if matches!(self.phase, Phase::Confirming { .. })
            && self.abilities.confirms == Confirms::QueuedStatus
        {
            self.end(What::Printed(Evidence::Processed), now, deeds);
        }
    }

    /// What was begun is in doubt, unless nothing of it went out.
    fn lost(&mut self, now: u64, deeds: &mut Vec<Deed>) {
        if matches!(self.phase, Phase::Noting | Phase::Sending { sent: 0, .. }) {
            self.not_sent(deeds);
        } else if matches!(self.phase, Phase::Sending { .. } | Phase::Confirming { .. }) {
            self.finish(What::Doubtful(Doubt::Lost), deeds);
        }
        self.close(Lamp::NotThere, now);
    }

    fn close(&mut self, lamp: Lamp, now: u64) {
        self.lamp = lamp;
        self.phase = Phase::Closed {
            next: now.saturating_add(OPEN_EVERY_MS),
        };
    }

    fn tick(&mut self, now: u64, deeds: &mut Vec<Deed>) {
        match &self.phase {
            Phase::Closed { next } if now >= *next && self.wants_port() => {
                self.phase = Phase::Opening;
                deeds.push(Deed::Open);
            }
            Phase::Open => self.begin(now, deeds),
            Phase::Troubled { next } if now >= *next => {
                self.phase = Phase::Open;
                self.begin(now, deeds);
            }
            // It never spoke, or no longer does.
            Phase::Asked { until, .. } if now >= *until => {
                self.lamp = Lamp::Silent;
                self.pause(now);
            }
            Phase::Clearing { left, .. } if !left.is_empty() => self.write(deeds),
            Phase::Clearing { owes, until, .. } if now >= *until => {
                if *owes {
                    self.lamp = Lamp::Silent;
                } else {
                    self.half_said = 0;
                    self.phase = Phase::Open;
                    self.begin(now, deeds);
                }
            }
            Phase::Sending { moved_at, .. } if now >= moved_at.saturating_add(STUCK_MS) => {
                self.stuck(now, deeds);
            }
            Phase::Sending { .. } => {
                self.lamp = Lamp::Blocked;
                self.write(deeds);
            }
            Phase::Confirming { until, .. } if now >= *until => {
                self.end(What::Doubtful(Doubt::Unanswered), now, deeds);
            }
            Phase::Confirming { ask_at, .. } if self.abilities.answers && now >= *ask_at => {
                self.ask_meanwhile(now, deeds);
            }
            Phase::Closed { .. }
            | Phase::Opening
            | Phase::Asked { .. }
            | Phase::Clearing { .. }
            | Phase::Noting
            | Phase::Confirming { .. }
            | Phase::Troubled { .. } => {}
        }
    }

    /// How it is, while its word is waited for: all commands of the sheet are out.
    fn ask_meanwhile(&mut self, now: u64, deeds: &mut Vec<Deed>) {
        if let Phase::Confirming {
            answers, ask_at, ..
        } = &mut self.phase
        {
            answers.clear();
            *ask_at = now.saturating_add(ASK_EVERY_MS);
            deeds.push(Deed::Write(QUESTIONS.concat()));
        }
    }

    fn stuck(&mut self, now: u64, deeds: &mut Vec<Deed>) {
        deeds.push(Deed::Close);
        if matches!(self.phase, Phase::Sending { sent: 0, .. }) {
            self.not_sent(deeds);
        } else {
            self.finish(What::Doubtful(Doubt::Stuck), deeds);
        }
        self.close(Lamp::Blocked, now);
    }
}

/// So many bytes a printer may take for the rest of a command of this sheet.
fn rest_of(sheet: &Sheet) -> usize {
    sheet.job.longest.max(sheet.job.confirm.len())
}

/// All that goes out for a sheet: what is printed, and the question behind it.
fn bytes_of(sheet: &Sheet) -> impl Iterator<Item = u8> {
    sheet.job.body.iter().chain(&sheet.job.confirm).copied()
}

const fn note(sheet: &Sheet, what: What) -> Deed {
    Deed::Note(Fact {
        sheet: sheet.id,
        attempt: sheet.attempt,
        what,
    })
}
