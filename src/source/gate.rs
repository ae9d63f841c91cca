//! How fast a resolver is asked when many checks run at once.

use std::collections::HashMap;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// Most resolvers that are told apart; a command line names a handful.
const MAX_RESOLVERS: usize = 64;

/// The pace for each resolver.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// Most questions under way.
    pub in_flight: usize,
    /// Most questions a second.
    pub per_second: u32,
}

/// Where questions wait for their turn.
#[derive(Debug)]
pub(super) struct Gate {
    pace: Pace,
    resolvers: Mutex<HashMap<String, Turn>>,
    free: Condvar,
}

/// How far one resolver is.
#[derive(Debug)]
struct Turn {
    in_flight: usize,
    /// When the next question may leave.
    next: Instant,
}

/// A place among the questions that are under way; dropped, it is free again.
pub(super) struct InFlight<'g> {
    gate: &'g Gate,
    resolver: String,
}

impl Gate {
    pub(super) fn new(pace: Pace) -> Self {
        Self { pace, resolvers: Mutex::new(HashMap::new()), free: Condvar::new() }
    }

    /// Waits until a question to this address may leave.
    pub(super) fn enter(&self, url: &str) -> InFlight<'_> {
        let resolver = url.split('?').next().unwrap_or_default().to_owned();
        let now = Instant::now();
        let mut turns = self.lock();
        let resolver =
            if turns.contains_key(&resolver) || turns.len() < MAX_RESOLVERS { resolver } else { String::new() };
        loop {
            let turn = turns.entry(resolver.clone()).or_insert(Turn { in_flight: 0, next: now });
            if turn.in_flight < self.pace.in_flight.max(1) {
                turn.in_flight += 1;
                let leaves = turn.next.max(Instant::now());
                turn.next = leaves + Duration::from_secs(1) / self.pace.per_second.max(1);
                drop(turns);
                thread::sleep(leaves.saturating_duration_since(Instant::now()));
                return InFlight { gate: self, resolver };
            }
            turns = self.free.wait(turns).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// A thread that ended while it held the lock has left whole numbers behind.
    fn lock(&self) -> MutexGuard<'_, HashMap<String, Turn>> {
        self.resolvers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        if let Some(turn) = self.gate.lock().get_mut(&self.resolver) {
            turn.in_flight = turn.in_flight.saturating_sub(1);
        }
        self.gate.free.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    /// Never more than the pace allows at once; two resolvers do not wait for each other.
    #[test]
    fn the_pace_is_kept() {
        let gate = Gate::new(Pace { in_flight: 3, per_second: 200 });
        let (under_way, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let started = Instant::now();
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for _ in 0..5 {
                        let _place = gate.enter("https://a.example/q?dns=AAA");
                        most.fetch_max(under_way.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                        thread::sleep(Duration::from_millis(1));
                        under_way.fetch_sub(1, Ordering::SeqCst);
                    }
                });
            }
        });
        assert!(most.load(Ordering::SeqCst) <= 3);
        // 40 questions at 200 a second.
        assert!(started.elapsed() >= Duration::from_millis(190), "{:?}", started.elapsed());
        let held: Vec<_> = (0..3).map(|_| gate.enter("https://a.example/q")).collect();
        drop(gate.enter("https://b.example/q"));
        drop(held);
    }
}
