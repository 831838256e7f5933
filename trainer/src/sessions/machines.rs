//! Who is no visitor. A crawler's hundred thousand views would be most of what a small shop learns from.

use crate::interactions::Interaction;

/// The longest session of a person, in steps.
pub const MAX_SESSION_STEPS: usize = 500;
/// From so many steps on, a session is a machine's when a step takes it less than [`STEP_MICROSECONDS`]
/// on average. Fewer steps prove nothing: people open tabs in the background.
pub const MACHINE_STEPS: usize = 50;
/// The shortest time that a person takes for a step, on average.
const STEP_MICROSECONDS: i64 = 1_000_000;
/// A visitor with more interactions in all is none: a monitor that looks at the same page all day, or
/// an id that all visitors share.
pub const MAX_OWNER_INTERACTIONS: usize = 20_000;

/// Whether a session's steps, in order of time, are a machine's. When all have the same time, the log
/// does not tell the time of steps, and only their number is looked at.
pub(super) fn is_machine(steps: &[&Interaction]) -> bool {
    let (Some(first), Some(last)) = (steps.first(), steps.last()) else {
        return false;
    };
    let time = last.time.saturating_sub(first.time);
    let is_fast = time > 0 && time < (steps.len() as i64 - 1) * STEP_MICROSECONDS;
    steps.len() > MAX_SESSION_STEPS || (steps.len() >= MACHINE_STEPS && is_fast)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events::EventName;
    use crate::interactions::Owner;

    fn is_machine_of(steps: usize, milliseconds: i64) -> bool {
        let all: Vec<_> = (0..steps as i64)
            .map(|at| Interaction {
                name: EventName::ViewItem,
                item: at as u32,
                time: at * milliseconds * 1000,
                owner: Owner::Visitor(1),
            })
            .collect();
        is_machine(&all.iter().collect::<Vec<_>>())
    }

    #[test]
    fn machines_are_fast_or_tireless() {
        assert!(is_machine_of(MACHINE_STEPS, 200));
        assert!(is_machine_of(MAX_SESSION_STEPS + 1, 60_000));
        assert!(!is_machine_of(MACHINE_STEPS - 1, 200));
        // A log that counts a second for each step, for want of times.
        assert!(!is_machine_of(MACHINE_STEPS, 1_000));
        assert!(!is_machine_of(MAX_SESSION_STEPS, 2_000));
        // A log that knows only when a session began.
        assert!(!is_machine_of(MACHINE_STEPS * 2, 0));
        assert!(!is_machine(&[]));
    }
}
