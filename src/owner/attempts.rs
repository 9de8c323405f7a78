//! Attempts to sign in, limited by address: ten at once, then one every six seconds. No address slows another, so nobody
//! can lock out the owner.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

const AT_ONCE: u32 = 10;
const INTERVAL: Duration = Duration::from_secs(6);
/// Addresses that are remembered at most.
const MAX_ADDRESSES: usize = 10_000;

/// By address, when the attempts that were made are used up at one every interval.
#[derive(Clone, Default)]
pub struct Attempts(Arc<Mutex<HashMap<IpAddr, Instant>>>);

impl Attempts {
    /// Counts an attempt. An error is the time to wait before the next one; then nothing is counted.
    pub fn begin(&self, address: IpAddr, now: Instant) -> Result<(), Duration> {
        let mut ends = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if ends.len() >= MAX_ADDRESSES {
            ends.retain(|_, end| *end > now);
        }
        if ends.len() >= MAX_ADDRESSES {
            ends.clear();
        }
        let end = ends.entry(network(address)).or_insert(now);
        let next_end = (*end).max(now) + INTERVAL;
        let wait = next_end.saturating_duration_since(now + AT_ONCE * INTERVAL);
        if wait.is_zero() {
            *end = next_end;
            return Ok(());
        }
        Err(wait)
    }

    /// Forgets the attempts of an address: the password was right.
    pub fn succeeded(&self, address: IpAddr) {
        let mut ends = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        ends.remove(&network(address));
    }
}

/// One customer of an IPv6 provider has 2⁶⁴ addresses or more.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into(),
        address => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn ten_at_once_then_one_every_six_seconds() {
        let (attempts, start) = (Attempts::default(), Instant::now());
        let one = address("192.0.2.1");

        let at_once = (0..10).all(|_| attempts.begin(one, start).is_ok());

        assert!(at_once);
        assert_eq!(attempts.begin(one, start), Err(INTERVAL));
        let later = start + Duration::from_secs(2);
        assert_eq!(attempts.begin(one, later), Err(Duration::from_secs(4)));
        assert_eq!(attempts.begin(one, start + INTERVAL), Ok(()));
        assert!(attempts.begin(one, start + INTERVAL).is_err());
        assert_eq!(attempts.begin(address("192.0.2.2"), start), Ok(()));
    }

    #[test]
    fn the_right_password_and_time_clear_the_count() {
        let (attempts, start) = (Attempts::default(), Instant::now());
        let one = address("2001:db8::1");
        let neighbour = address("2001:db8::2");
        while attempts.begin(one, start).is_ok() {}

        assert!(attempts.begin(neighbour, start).is_err());
        attempts.succeeded(one);
        assert!(attempts.begin(neighbour, start).is_ok());
    }

    #[test]
    fn the_memory_is_bounded() {
        let (attempts, now) = (Attempts::default(), Instant::now());

        for number in 0..3 * MAX_ADDRESSES as u32 {
            let _ = attempts.begin(IpAddr::V4(number.into()), now);
        }

        assert!(attempts.0.lock().expect("not poisoned").len() <= MAX_ADDRESSES);
    }
}
