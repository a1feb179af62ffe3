//! What crosses the Store port: owned values, in the words of the domain.

mod approvals;
mod conduct;
mod contacts;
mod descriptors;
mod holdings;
mod house;
mod inbound;
mod matters;
mod outbound;
mod releases;

pub use approvals::*;
pub use conduct::*;
pub use contacts::*;
pub use descriptors::*;
pub use holdings::*;
pub use house::*;
pub use inbound::*;
pub use matters::*;
pub use outbound::*;
pub use releases::*;
