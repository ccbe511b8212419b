//! `kill -9` while a sticker is printed: the next start prints no second one by itself, and knows of
//! each whether it came out, or that nobody knows.

use std::sync::Mutex;
use std::time::Duration;

use tillcode::terminal::printing::{Doubt, Evidence};
use tillcode::terminal::query::{PrintState, PrintView};

use super::LABEL;
use super::paper::{all, codes_of_last, count, jobs};
use super::stall::{Stall, on_pty};
use crate::support::printer::{PtyPrinter, Sheet, Traits};

/// How often it is killed beside the other tests; by command more often: `PRINT_KILLS=50`.
const KILLS: usize = 12;
/// Shops, each with a printer; all print at the same time.
const STALLS: usize = 4;
/// Long enough for a printer to be done.
const LATER: Duration = Duration::from_millis(700);
/// The printer draws the code: all is on its way at once.
const SHORT_JOB: (u64, &str) = (9_600, "flow = \"xonxoff\"");
/// The till draws the code: a piece is on its way, and the rest dies with the till.
const LONG_JOB: (u64, &str) = (57_600, "flow = \"xonxoff\"\nnative_code = false");

/// What came of the killed sheets.
#[derive(Debug, Default)]
struct Totals {
    kills: usize,
    /// Killed before the sheet was wanted.
    none: usize,
    /// It came out with the next start.
    waited: usize,
    /// It was known already that it came out, or the printer said so to the next start.
    known: usize,
    /// A person is asked.
    asked: usize,
    /// Of those, there on paper.
    asked_and_there: usize,
}

/// A shop and its printer, which is slow and on a cable that keeps next to nothing.
struct Killer {
    stall: Stall,
    printer: PtyPrinter,
    /// Bytes of a sticker with the questions before it.
    job: usize,
    url: String,
    totals: Totals,
}

impl Killer {
    fn open((baud, set): (u64, &str)) -> Self {
        let printer = PtyPrinter::start_short(Traits {
            baud,
            ..Traits::default()
        });
        let stall = Stall::open(&[on_pty("counter", &printer, set)]);
        stall.print_label();
        let job = printer.look(|printer| printer.came());
        let url = stall.url();
        Self {
            stall,
            printer,
            job,
            url,
            totals: Totals::default(),
        }
    }

    /// Kills it once so many thousandths of the job came, or once it was cut. A late
    /// start does not hear what the printer said meanwhile.
    fn kill_at(&mut self, thousandths: usize, is_late: bool) {
        let known = self.stall.prints().len();
        let paper_before = self.printer.look(all);
        let (came, cut) = self
            .printer
            .look(|printer| (printer.came(), printer.sheets().len()));
        let call = self.stall.start(&LABEL);
        let until = came + self.job * thousandths / 1_000;
        // Where it was asked more often at first, a job is shorter than it was taken for.
        self.printer
            .wait(|printer| printer.came() >= until || printer.sheets().len() > cut);
        call.kill();
        if is_late {
            std::thread::sleep(LATER);
        }
        let killed = self.stall.prints().get(known).cloned();
        // All that waits for the printer goes before this one.
        self.stall.print_label();
        let what = format!("killed at {thousandths} of 1000: {killed:?}");
        let paper = self.printer.look(all);
        let new: Vec<Sheet> = paper.into_iter().skip(paper_before.len() - 1).collect();
        self.check(known, killed, &new, &what);
    }

    fn check(&mut self, known: usize, killed: Option<PrintView>, new: &[Sheet], what: &str) {
        self.totals.kills += 1;
        let prints = self.stall.prints();
        let own = prints.last().unwrap();
        assert_eq!(own.state, PrintState::Printed, "{what}");
        assert_eq!(on_paper(new, own), 1, "{what}");
        let last = new.iter().rfind(|sheet| sheet.cut).unwrap();
        assert_eq!(codes_of_last(last), [self.url.as_str()], "{what}");
        let Some(killed) = killed else {
            assert_eq!((prints.len(), jobs(new)), (known + 1, 1), "{what}");
            self.totals.none += 1;
            return;
        };
        assert_eq!(prints.len(), known + 2, "{what}");
        let now = &prints[known];
        let (there, begun) = (on_paper(new, now), jobs(new) - 1);
        let seen = format!("{what}, then {now:?}: {there} times, begun {begun} times");
        match now.state {
            PrintState::Printed => {
                assert_eq!((there, begun), (1, 1), "{seen}");
                assert_eq!(now.evidence, Some(Evidence::Printer), "{seen}");
                if killed.state == PrintState::Waiting {
                    self.totals.waited += 1;
                } else {
                    self.totals.known += 1;
                }
            }
            PrintState::Unconfirmed => {
                assert!(there <= 1 && begun <= 1, "{seen}");
                assert_eq!(now.why, Some(Doubt::Restarted), "{seen}");
                assert_ne!(killed.state, PrintState::Waiting, "{seen}");
                self.totals.asked += 1;
                self.totals.asked_and_there += there;
                let id = now.id.to_string();
                self.stall.ok(&["printer", "queue", "--forget", &id]);
            }
            _ => panic!("{seen}"),
        }
    }
}

/// How often a sticker stands there with its serial number.
fn on_paper(sheets: &[Sheet], print: &PrintView) -> usize {
    let (_, serial) = print.title.rsplit_once(' ').unwrap();
    // At the end of its line: no other number begins with it.
    count(sheets, &format!("{serial}\n"))
}

#[test]
fn no_sheet_comes_out_twice_by_kill_nine() {
    let kills = std::env::var("PRINT_KILLS").map_or(KILLS, |text| text.parse().unwrap());
    let kills = kills.max(2);
    let all_totals = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for number in 0..STALLS {
            let all_totals = &all_totals;
            let run = move || {
                let mut killer = Killer::open([SHORT_JOB, LONG_JOB][number % 2]);
                for kill in (number..kills).step_by(STALLS) {
                    // From before the first byte to after the cut, the closer the earlier.
                    let thousandths = 1_050 * kill * kill / ((kills - 1) * (kills - 1));
                    killer.kill_at(thousandths, (kill / STALLS) % 2 == 1);
                }
                all_totals.lock().unwrap().push(killer.totals);
            };
            let builder = std::thread::Builder::new().name(format!("killer-{number}"));
            builder.spawn_scoped(scope, run).unwrap();
        }
    });
    let all_totals = all_totals.into_inner().unwrap();
    let sum = |of: fn(&Totals) -> usize| all_totals.iter().map(of).sum::<usize>();
    let asked = sum(|totals| totals.asked);
    println!(
        "{} kills: {} before a sheet was wanted, {} waited, {} are known to be there, {asked} are asked \
         about, of which {} are there",
        sum(|totals| totals.kills),
        sum(|totals| totals.none),
        sum(|totals| totals.waited),
        sum(|totals| totals.known),
        sum(|totals| totals.asked_and_there),
    );
    assert_eq!(sum(|totals| totals.kills), kills);
    assert!(asked > 0, "no kill was in the middle");
}
