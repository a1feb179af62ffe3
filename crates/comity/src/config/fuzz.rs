//! Configurations against inputs made from the samples: always the same ones.

#[path = "../../../../fuzz/bounded/group.rs"]
mod bounded;
#[path = "../../../../fuzz/targets/node/all.rs"]
mod targets;
#[path = "../../../../fuzz/targets/node/tokens.rs"]
mod tokens;

bounded::each_target! { configuration 1_000 }

#[test]
fn the_seeds_are_the_samples() {
    let samples = [include_str!("comity.en.toml"), include_str!("comity.es.toml")];
    let [english, spanish] = samples.map(|it| it.as_bytes().to_vec());
    bounded::bless("configuration", &[("english", english), ("spanish", spanish)]);
}
