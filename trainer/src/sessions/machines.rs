//! Who is no visitor. A crawler's hundred thousand views would be most of what a small shop learns from.

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

/// Whether a session of so many steps, the last one so many microseconds after the first, is a machine's.
/// Without a time between them, the log does not tell the time of steps, and only their number counts.
pub fn is_machine(steps: usize, microseconds: i64) -> bool {
    let pauses = steps.saturating_sub(1) as i64;
    let is_fast = microseconds > 0 && microseconds < pauses.saturating_mul(STEP_MICROSECONDS);
    steps > MAX_SESSION_STEPS || (steps >= MACHINE_STEPS && is_fast)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn machines_are_fast_or_tireless() {
        let pauses = MACHINE_STEPS as i64 - 1;
        assert!(is_machine(MACHINE_STEPS, pauses * STEP_MICROSECONDS - 1));
        // A log that counts a second for each step, for want of times.
        assert!(!is_machine(MACHINE_STEPS, pauses * STEP_MICROSECONDS));
        assert!(!is_machine(MACHINE_STEPS - 1, 1));
        // A log that knows only when a session began, or the day.
        assert!(!is_machine(MAX_SESSION_STEPS, 0));
        assert!(is_machine(MAX_SESSION_STEPS + 1, 0));
        assert!(is_machine(MAX_SESSION_STEPS + 1, i64::MAX));
        assert!(!is_machine(0, 0));
    }
}
