//! Addresses and networks of IPv4 and IPv6 (sections 6.8, 6.9 and 9.6.1).

use std::net::IpAddr;

/// A network in CIDR notation; a single address is a network of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Network {
    is_v6: bool,
    /// Bits of the address from the highest on, those of the host cleared; of IPv4 the first 32.
    address: u128,
    /// How many bits name the network.
    prefix: u8,
}

impl Network {
    /// Reads `198.51.100.0/24` or `2001:db8::1`. Bits beyond the prefix are of no account.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text, None),
        };
        let (is_v6, address, width) = match address.parse().ok()? {
            IpAddr::V4(address) => (false, u128::from(u32::from(address)) << 96, 32),
            IpAddr::V6(address) => (true, u128::from(address), 128),
        };
        let prefix = match prefix {
            Some(written) if written.bytes().all(|byte| byte.is_ascii_digit()) => {
                written.parse().ok().filter(|prefix| *prefix <= width)?
            }
            Some(_) => return None,
            None => width,
        };
        Some(Self { is_v6, address, prefix }.widened(prefix))
    }

    /// Whether all of `other` lies within this one.
    pub(crate) fn contains(&self, other: &Self) -> bool {
        self.prefix <= other.prefix && other.widened(self.prefix) == *self
    }

    /// The network of that prefix around this one.
    pub(crate) fn widened(self, prefix: u8) -> Self {
        let mask = u128::MAX.checked_shl(128 - u32::from(prefix)).unwrap_or_default();
        Self { address: self.address & mask, prefix, ..self }
    }

    pub(crate) fn prefix(&self) -> u8 {
        self.prefix
    }

    /// The least and the greatest network within this one, in the order of networks.
    pub(crate) fn ends(&self) -> (Self, Self) {
        let host = u128::MAX.checked_shr(u32::from(self.prefix)).unwrap_or_default();
        let last = Self { address: self.address | host, prefix: u8::MAX, ..*self };
        (*self, last)
    }
}
