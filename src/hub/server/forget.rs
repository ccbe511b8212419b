//! Forgets what is old and was read, now and then, a little at a time.

use std::sync::Arc;
use std::time::Duration;

use super::{Hub, Phase};

/// Between one time and the next.
const PAUSE: Duration = Duration::from_hours(1);
/// Between two parts of the same time: a notification goes first.
const BREATH: Duration = Duration::from_millis(50);
const DAY_MS: i64 = 24 * 3_600_000;

/// Until the hub stops.
pub(super) async fn now_and_then(hub: Arc<Hub>) {
    let mut phase = hub.phase.clone();
    loop {
        let pause = if forget_some(&hub).await {
            BREATH
        } else {
            PAUSE
        };
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            _ = phase.wait_for(|phase| *phase == Phase::Closing) => return,
        }
    }
}

/// Says whether there may be more.
async fn forget_some(hub: &Hub) -> bool {
    let kept_ms = i64::from(hub.config.keep_days).saturating_mul(DAY_MS);
    let before = hub.clock.now().wall.plus_millis(kept_ms.saturating_neg());
    match hub.store.forget(before).await {
        Ok(more) => more,
        Err(error) => {
            tracing::warn!(%error, "old notifications were not removed");
            false
        }
    }
}
