//! What agreements promise, tested through the public interface alone.

#[cfg(test)]
mod compile;
#[cfg(test)]
mod decide;
#[cfg(test)]
mod diff;
mod drafts;
#[cfg(test)]
mod explain;
#[cfg(test)]
mod fuzz;
#[cfg(test)]
mod grounds;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod labels;
#[cfg(test)]
mod naive;
#[cfg(test)]
mod parse;
#[cfg(test)]
mod parse_errors;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod redact;
#[cfg(test)]
mod support;
#[cfg(test)]
mod terms;
#[cfg(test)]
mod warnings;
#[cfg(test)]
mod when;
