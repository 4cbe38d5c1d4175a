//! For tests only: the engine with one rule turned off.
//!
//! Without the cargo feature `mutants` there is nothing here but a constant `false`. With it a test can ask what would
//! be noticed if a rule were not obeyed: `without` runs a closure on such an engine, and a check that then still
//! passes is no check of that rule.

/// What can be turned off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mutant {
    /// Same-tick prints are seen.
    Exclude,
    /// Ticks are one unit long.
    Resolution,
    /// Same-stamp prints are seen whatever their sequence.
    Sequence,
    /// Prints are seen before they were available.
    Availability,
    /// No embargo.
    Embargo,
    /// Own prints are the last print.
    SelfAsOf,
    /// Own prints are in the windows.
    SelfFlow,
    /// The last print may be of any age.
    MaxAge,
    /// Windows are closed on the right.
    Closed,
    /// Of equal stamps the last one, and no error.
    Tie,
    /// Tokens that will print have flows of 0 before.
    Unknown,
    /// Only looks back.
    Direction,
}

impl Mutant {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::Exclude,
        Self::Resolution,
        Self::Sequence,
        Self::Availability,
        Self::Embargo,
        Self::SelfAsOf,
        Self::SelfFlow,
        Self::MaxAge,
        Self::Closed,
        Self::Tie,
        Self::Unknown,
        Self::Direction,
    ];
}

#[cfg(feature = "mutants")]
thread_local! {
    static OFF: std::cell::Cell<Option<Mutant>> = const { std::cell::Cell::new(None) };
}

/// Runs `work` with a rule turned off, on this thread. Needs the cargo feature `mutants`.
#[cfg(feature = "mutants")]
pub fn without<T>(rule: Mutant, work: impl FnOnce() -> T) -> T {
    struct Restore(Option<Mutant>);
    impl Drop for Restore {
        fn drop(&mut self) {
            OFF.set(self.0);
        }
    }
    let _restore = Restore(OFF.replace(Some(rule)));
    work()
}

/// The rule that is turned off on this thread: what threads that work for it have to be told by [`turn_off`].
#[cfg(feature = "mutants")]
#[must_use]
pub fn turned_off() -> Option<Mutant> {
    OFF.get()
}

/// Turns a rule off on this thread for good, or none.
#[cfg(feature = "mutants")]
pub fn turn_off(rule: Option<Mutant>) {
    OFF.set(rule);
}

/// Whether a rule is turned off.
#[cfg(feature = "mutants")]
pub(super) fn off(rule: Mutant) -> bool {
    OFF.get() == Some(rule)
}

/// Whether a rule is turned off: never, in the product.
#[cfg(not(feature = "mutants"))]
#[inline(always)]
pub(super) const fn off(_: Mutant) -> bool {
    false
}
