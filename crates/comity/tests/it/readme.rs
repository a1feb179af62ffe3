//! What the documents say to a newcomer: the commands of both README files work as printed, and no page points at what is not there.

mod commands;
mod guides;
mod links;
mod page;
mod walk;
