//! The client over real sockets of this machine, against servers that keep to the standard and servers that do not.
#![cfg(test)]

mod honest;
mod hostile;
mod support;
mod tls;
