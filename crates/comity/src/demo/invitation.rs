//! What to do with two nodes that stay up.

use super::stage::Stage;
use super::steps::pick;

/// Commands that show something on a node after the demonstration, and the node.
const TRY: [(&str, &str); 6] = [
    ("release list", "us"),
    ("status", "us"),
    ("inbox list", "mx"),
    ("holdings list --from us", "mx"),
    ("proposal list", "mx"),
    ("journal list", "mx"),
];

/// Where the nodes are, and what to try on them.
pub(super) fn text(stage: &Stage) -> String {
    let parties = [&stage.us, &stage.mx];
    let mut lines = vec![
        pick(
            stage.lang,
            "Both nodes stay up until Ctrl-C. The passphrase of each is in a file beside it:",
            "Ambos nodos siguen en pie hasta Ctrl-C. La contraseña de cada uno está en un archivo a su lado:",
        )
        .to_owned(),
    ];
    for party in parties {
        lines.push(format!("  {}  link {}  api http://{}", party.handle, party.link, party.api));
        lines.push(format!(
            "      --data {} --passphrase-file {}",
            party.data().display(),
            party.passphrase_path().display()
        ));
    }
    lines.push(
        pick(stage.lang, "Try, in another terminal:", "Pruebe, en otra terminal:").to_owned(),
    );
    for (command, handle) in TRY {
        let party = parties.into_iter().find(|it| it.handle == handle);
        lines.extend(party.map(|it| format!("  comity {command} --data {}", it.data().display())));
    }
    lines.join("\n")
}
