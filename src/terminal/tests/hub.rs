//! When the hub is asked, and what is said of one that lost its memory.

use super::feed::{NOTHING, joined, own, silent};
use crate::proto::hub::WAIT_SECS_MAX;
use crate::proto::hub::feed::OtherHistory;
use crate::terminal::{HubProblem, Why};

#[test]
fn the_till_wakes_by_itself_to_ask_a_hub_that_was_silent_unless_it_is_about_to_end() {
    let (mut world, _) = joined();
    world.hub_answers(silent());
    let latest = world.now().mono_ms + 1_000;
    let due = world.terminal.poll_timeout();
    assert!(
        due.is_some_and(|(at, why)| why == Why::Hub && at <= latest),
        "{due:?}"
    );
    world.terminal.send_nothing_more();
    let due = world.terminal.poll_timeout();
    assert!(due.is_some_and(|(_, why)| why != Why::Hub), "{due:?}");
}

#[test]
fn after_a_quick_answer_the_next_question_is_kept_open_at_once() {
    let (mut world, _) = joined();
    world.hub_answers(silent());
    world.wait_ms(1_000);
    let questions = world.asked.len();
    assert_eq!(world.asked.last().map(|asked| asked.wait), Some(0));
    world.hub_answers(own(1, NOTHING));
    assert_eq!(world.asked.len(), questions + 1);
    assert_eq!(
        world.asked.last().map(|asked| asked.wait),
        Some(WAIT_SECS_MAX)
    );
}

#[test]
fn another_history_is_written_down_only_where_something_was_read_of_it() {
    let lost = |own, shop| OtherHistory { own, shop };
    for (has_read, which, is_said) in [
        (false, lost(true, true), false),
        (false, lost(true, false), false),
        (false, lost(false, true), false),
        (true, lost(false, true), false),
        (true, lost(true, false), true),
    ] {
        let (mut world, sale) = joined();
        if has_read {
            let paid = world.paid_item(sale);
            world.hub_answers(own(1, vec![paid]));
        }
        world.hub_answers(Err(HubProblem::OtherHistory(which)));
        let said = world.journal_says("hub_other_history");
        assert_eq!(said, is_said, "{has_read} {which:?}");
    }
}
