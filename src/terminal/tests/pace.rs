//! How fast an account gets codes, as the pool says it: the owner's number or the provider's, whichever
//! is lower, without what is kept for customers who wait.

use super::world::{World, setup};

#[test]
fn the_pool_says_how_many_codes_a_minute_brings() {
    for (kind, own, said) in [
        ("4pay", None, None),
        ("4pay", Some(10), Some(8)),
        ("4pay", Some(4), Some(4)),
        ("4pay", Some(1), Some(1)),
        ("devdraft", None, Some(80)),
        ("devdraft", Some(50), Some(40)),
        ("devdraft", Some(200), Some(80)),
    ] {
        let mut setup = setup();
        kind.clone_into(&mut setup.backends[0].kind);
        setup.backends[0].requests_per_minute = own;
        let world = World::with_setup(0, setup);
        let report = world.terminal.pool_report(world.now(), None);
        assert_eq!(report.accounts[0].per_minute, said, "{kind} {own:?}");
    }
}
