//! What a release rests on, who approved it, and when an approval is worth nothing any more.

mod grounds;
mod holding;
mod people;
mod standing;
