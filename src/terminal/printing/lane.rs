//! One printer: a sheet at a time, from the question how it is to the word that it came out.

use std::collections::VecDeque;

use super::port::{Abilities, Deed, Happened, Lamp, Opening};
use super::sheet::{Doubt, Fact, Sheet, Standing, What};
use crate::domain::id::PrintId;
use crate::proto::print::Confirms;
use crate::proto::print::status::Listener;
use phase::{Course, Cutter, Phase, Work};
use poll::Poll;

mod clock;
mod heard;
mod phase;
mod poll;
mod wire;

/// Bytes that are handed to the port at once.
const CHUNK_BYTES: usize = 256;
/// How long a printer may take to say how it is.
const ANSWER_MS: u64 = 1_000;
/// How often a printer that cannot print is asked again.
const ASK_EVERY_MS: u64 = 1_000;
/// How often a printer that is not there is looked for.
const OPEN_EVERY_MS: u64 = 2_000;
/// How often a printer that rests is asked how it is.
const ASK_RESTING_MS: u64 = 15_000;
/// How long a printer that others use too is held after the last sheet.
const SHARED_REST_MS: u64 = 3_000;
/// How long a port that took nothing is left alone.
const WRITE_AGAIN_MS: u64 = 100;
/// A port that takes nothing for so long will not go on.
const STUCK_MS: u64 = 60_000;
/// How long a printer that is well may take from the last byte to its word.
const CONFIRM_MS: u64 = 30_000;
/// How long is listened whether an old question is still answered.
const QUIET_MS: u64 = 1_500;
/// How often a label printer is asked whether it is done.
const ASK_DONE_MS: u64 = 500;
/// One that leaves so many unanswered says nothing: no label is so long on its way.
const SILENT_QUESTIONS: usize = 10;
/// One that was not seen at work has done a label if it rests for so long after.
const RESTS_MS: u64 = 1_500;
/// How long a printer may take to say whether it was off in the middle.
const CHECK_MS: u64 = 2_000;
/// A question that is answered once all before it is processed.
const QUEUED_QUESTION: [u8; 3] = [0x1d, b'r', 1];
/// Sheets that wait at most.
pub(in crate::terminal) const SHEETS_MAX: usize = 1_000;

/// A printer with the sheets that wait for it.
#[derive(Clone, Debug)]
pub struct Lane {
    abilities: Abilities,
    waiting: VecDeque<Sheet>,
    /// Sheets in doubt whose printer may still say that they came out.
    doubtful: VecDeque<Sheet>,
    phase: Phase,
    listener: Listener,
    poll: Poll,
    lamp: Lamp,
    /// Bytes that the printer may take for the rest of a command that was cut off.
    half_said: usize,
    /// Bytes that the port was given and has not answered for: it is given no others until then, since
    /// nobody could tell what an answer is for.
    with_port: Option<usize>,
    /// How many answers there will be to what the port was given.
    asking: usize,
    /// Whether it ever said what its memory keeps.
    tells_kept: bool,
    /// The last time that the port was to be opened.
    opening: Opening,
    is_paper_low: bool,
    /// How the sheet under way went so far.
    course: Course,
    cutter: Cutter,
    is_closing: bool,
    wrote_at: u64,
}

impl Lane {
    /// Of a printer that was not looked for yet.
    pub fn new(abilities: Abilities) -> Self {
        Self {
            abilities,
            waiting: VecDeque::new(),
            doubtful: VecDeque::new(),
            phase: Phase::Closed { next: 0 },
            listener: Listener::new(abilities.language),
            poll: Poll::default(),
            lamp: Lamp::NotThere,
            half_said: 0,
            with_port: None,
            asking: 0,
            tells_kept: false,
            opening: 0,
            is_paper_low: false,
            course: Course::Smooth,
            cutter: Cutter::Works,
            is_closing: false,
            wrote_at: 0,
        }
    }

    /// How the printer is.
    pub const fn lamp(&self) -> Lamp {
        self.lamp
    }

    /// Whether the roll ends soon, as far as the printer said.
    pub const fn is_paper_low(&self) -> bool {
        self.is_paper_low
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

    /// Takes a sheet out of which nothing was sent; none where it is not there, or is under way.
    pub fn take_back(&mut self, id: PrintId) -> Option<Sheet> {
        let place = self.waiting.iter().position(|sheet| sheet.id == id)?;
        if place == 0 && self.is_under_way() {
            return None;
        }
        self.waiting.remove(place)
    }

    /// Whether something of the first sheet is out, or about to be.
    pub const fn is_under_way(&self) -> bool {
        matches!(
            self.phase,
            Phase::Noting
                | Phase::Sending { .. }
                | Phase::Confirming { .. }
                | Phase::Checking { .. }
        )
    }

    /// A person has decided about a sheet in doubt: its printer's word is not waited for any more.
    pub fn decided(&mut self, id: PrintId) {
        self.doubtful.retain(|sheet| sheet.id != id);
    }

    /// Whether what a port says is of the opening that this lane works with: what is told of an earlier one
    /// came late, and would be taken for an answer that is still to come.
    pub fn heeds(&self, opening: Opening) -> bool {
        opening == self.opening && !matches!(self.phase, Phase::Closed { .. })
    }

    /// What is under way comes to its end; no other sheet begins.
    pub const fn begin_no_more(&mut self) {
        self.is_closing = true;
    }

    /// Whether a sheet is under way and nothing holds it up.
    pub const fn is_printing(&self) -> bool {
        matches!(self.lamp, Lamp::Printing)
    }

    /// What follows from what happened, `now` being milliseconds of a clock that only goes forward.
    pub fn handle(&mut self, happened: &Happened, now: u64) -> Vec<Deed> {
        let mut deeds = Vec::new();
        match happened {
            // Said twice, it is not opened twice.
            Happened::Opened if self.phase != Phase::Opening => {}
            Happened::Opened => {
                self.listener = Listener::new(self.abilities.language);
                self.with_port = None;
                self.rest(now);
                if self.has_work() {
                    self.begin(now, &mut deeds);
                } else if self.abilities.answers {
                    self.ask(now, &mut deeds);
                }
                if !self.abilities.answers {
                    self.lamp = Lamp::Ready;
                }
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
        if let Some(Deed::Write(bytes)) = deeds.iter().find(|deed| matches!(deed, Deed::Write(_))) {
            self.with_port = Some(bytes.len());
            self.wrote_at = now;
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
                self.doubt(sheet, Doubt::Restarted);
                Some(deed)
            }
            Standing::Doubtful(doubt) => {
                self.doubt(sheet, doubt);
                None
            }
            Standing::Sent | Standing::Printed(_) | Standing::Forgotten => None,
        }
    }

    /// Its printer may still say that it came out, and may still wait for the rest of it.
    fn doubt(&mut self, sheet: Sheet, doubt: Doubt) {
        // All of it is out: nothing of it is still to come.
        if doubt == Doubt::Stopped {
            return;
        }
        self.half_said = self.half_said.max(rest_of(&sheet));
        self.doubtful.push_back(sheet);
        if self.doubtful.len() > SHEETS_MAX {
            self.doubtful.pop_front();
        }
    }

    /// The next step, where nothing is under way. What is in doubt is ended first, whatever waits: its end
    /// may come out by that, and a person is to see it before she says that it is not there.
    fn begin(&mut self, now: u64, deeds: &mut Vec<Deed>) {
        if self.with_port.is_some() || self.is_closing {
            return;
        }
        if self.half_said > 0 {
            self.clear(now, deeds);
            return;
        }
        if self.waiting.is_empty() {
            return;
        }
        if self.abilities.answers {
            self.ask(now, deeds);
        } else {
            self.note(deeds);
        }
    }

    fn ask(&mut self, now: u64, deeds: &mut Vec<Deed>) {
        let until = now.saturating_add(ANSWER_MS);
        self.phase = Phase::Asked { until };
        self.write_question(deeds);
    }

    /// Nothing is under way.
    fn rest(&mut self, now: u64) {
        let pause = if self.abilities.is_shared {
            SHARED_REST_MS
        } else {
            ASK_RESTING_MS
        };
        let next = now.saturating_add(pause);
        self.phase = Phase::Open { next };
    }

    /// One that others use too is held for a sheet, or to see how it is.
    fn wants_port(&self) -> bool {
        !self.abilities.is_shared || self.has_work() || self.lamp == Lamp::NotThere
    }

    fn note(&mut self, deeds: &mut Vec<Deed>) {
        if let Some(sheet) = self.waiting.front().filter(|_| !self.is_closing) {
            self.phase = Phase::Noting;
            deeds.push(note(sheet, What::Begun));
        }
    }

    fn noted(&mut self, now: u64, deeds: &mut Vec<Deed>) {
        if self.phase == Phase::Noting {
            self.course = Course::Smooth;
            self.lamp = Lamp::Printing;
            self.phase = Phase::Sending {
                sent: 0,
                moved_at: now,
            };
            self.write(deeds);
        }
    }

    fn all_sent(&mut self, now: u64, deeds: &mut Vec<Deed>) {
        if self.abilities.confirms == Confirms::Nothing {
            self.end(What::Sent, now, deeds);
        } else {
            // One for labels says nothing by itself.
            let pause = if self.abilities.is_for_labels() {
                0
            } else {
                ASK_EVERY_MS
            };
            self.phase = Phase::Confirming {
                until: now.saturating_add(CONFIRM_MS),
                ask_at: now.saturating_add(pause),
                work: Work::Unseen,
            };
        }
    }

    /// The sheet under way is done with, and the next one begins.
    fn end(&mut self, what: What, now: u64, deeds: &mut Vec<Deed>) {
        self.finish(self.as_seen(what), deeds);
        self.lamp = Lamp::Ready;
        self.rest(now);
        self.begin(now, deeds);
    }

    /// One that stopped amid the sheet says that all of it is printed. Whether it is in one piece only a
    /// person sees; a label printer begins the label anew by itself.
    const fn as_seen(&self, what: What) -> What {
        let was_opened = matches!(self.course, Course::Opened);
        if was_opened && !self.abilities.is_for_labels() && matches!(what, What::Printed(_)) {
            What::Doubtful(Doubt::Stopped)
        } else {
            what
        }
    }

    fn finish(&mut self, what: What, deeds: &mut Vec<Deed>) {
        let Some(sheet) = self.waiting.pop_front() else {
            return;
        };
        deeds.push(note(&sheet, what));
        if let What::Doubtful(doubt) = what {
            self.doubt(sheet, doubt);
        }
    }

    /// Nothing of it went out: it is tried again by itself.
    fn not_sent(&mut self, deeds: &mut Vec<Deed>) {
        if let Some(sheet) = self.waiting.front_mut() {
            deeds.push(note(sheet, What::NotSent));
            sheet.attempt = sheet.attempt.saturating_add(1);
        }
    }

    /// Nothing of the next sheet is out; it is asked again.
    fn pause(&mut self, now: u64) {
        self.phase = Phase::Troubled {
            next: now.saturating_add(ASK_EVERY_MS),
        };
    }

    /// What was begun is in doubt, unless nothing of it went out.
    fn lost(&mut self, now: u64, deeds: &mut Vec<Deed>) {
        if matches!(self.phase, Phase::Noting | Phase::Sending { sent: 0, .. }) {
            self.not_sent(deeds);
        } else if matches!(
            self.phase,
            Phase::Sending { .. } | Phase::Confirming { .. } | Phase::Checking { .. }
        ) {
            self.finish(What::Doubtful(Doubt::Lost), deeds);
        }
        self.close(Lamp::NotThere, now);
    }

    fn close(&mut self, lamp: Lamp, now: u64) {
        self.lamp = lamp;
        self.with_port = None;
        self.asking = 0;
        self.phase = Phase::Closed {
            next: now.saturating_add(OPEN_EVERY_MS),
        };
    }

    fn has_work(&self) -> bool {
        self.half_said > 0 || !self.waiting.is_empty()
    }
}

impl Abilities {
    const fn is_for_labels(self) -> bool {
        self.language.is_for_labels()
    }

    /// How often it is asked how it is while its word is waited for.
    const fn pause_ms(self) -> u64 {
        if self.is_for_labels() {
            ASK_DONE_MS
        } else {
            ASK_EVERY_MS
        }
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
