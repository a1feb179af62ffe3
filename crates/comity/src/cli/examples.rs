//! An example for every command. They are the same in both languages, and a test runs them through the reader.

/// The commands and their examples, by name.
pub(super) const EXAMPLES: &[(&str, &str)] = &[
    ("", "comity init --handle us --name \"Example authority\" --exercise\ncomity doctor"),
    ("init", "comity init --handle us --name \"Example authority\" --data node-us --exercise"),
    ("serve", "comity serve --data node-us --passphrase-file us.pass"),
    ("demo", "comity demo --once"),
    ("party", "comity party list"),
    ("party export", "comity party export --out us.descriptor"),
    ("party import", "comity party import mx.descriptor --handle mx"),
    ("party confirm", "comity party confirm mx"),
    ("party list", "comity party list --json"),
    ("agreement", "comity agreement list"),
    ("agreement new", "comity agreement new --with mx --from 2026-02-01 --out agreement.toml"),
    ("agreement check", "comity agreement check agreement.toml"),
    ("agreement sign", "comity agreement sign agreement.toml --out agreement.us.agreement"),
    ("agreement import", "comity agreement import agreement.mx.agreement"),
    ("agreement list", "comity agreement list"),
    ("agreement show", "comity agreement show agreement--5d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2b11"),
    ("officer", "comity officer list"),
    ("officer add", "comity officer add officer-1 --office \"release desk\""),
    ("officer list", "comity officer list"),
    ("import", "comity import holdings.jsonl --grade B2"),
    ("holdings", "comity holdings list --own"),
    ("holdings list", "comity holdings list --type consignment --limit 20"),
    ("holdings show", "comity holdings show indicator--5d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2b11"),
    ("holdings search", "comity holdings search acetic anhydride"),
    ("release", "comity release list"),
    (
        "release compose",
        "comity release compose --to mx --clause us-to-mx --purpose precursor-control --type consignment",
    ),
    (
        "release preview",
        "comity release preview --to mx --clause us-to-mx --purpose precursor-control --search anhydride",
    ),
    ("release approve", "comity release approve US-2026-000002 --as officer-1"),
    ("release send", "comity release send US-2026-000002"),
    ("release list", "comity release list --limit 10"),
    ("release show", "comity release show US-2026-000002"),
    (
        "release open",
        "comity release open US-2026-000002 identity--5d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2b11 --out importer.comity-opening",
    ),
    ("request", "comity request list --open"),
    (
        "request send",
        "comity request send --to mx --urgency urgent --purpose precursor-control --kind consignment --text-file request.txt",
    ),
    ("request clarify", "comity request clarify US-2026-000004 --text \"Which port?\""),
    ("request reply", "comity request reply US-2026-000004 --text \"Manzanillo\""),
    ("request withdraw", "comity request withdraw US-2026-000004"),
    (
        "request answer",
        "comity request answer US-2026-000004 --complete --release MX-2026-000007 --reason in-answer",
    ),
    ("request list", "comity request list --overdue"),
    ("request show", "comity request show US-2026-000004"),
    ("proposal", "comity proposal list"),
    (
        "proposal put",
        "comity proposal put --to mx --subject joint-operation --text-file proposal.txt",
    ),
    (
        "proposal decide",
        "comity proposal decide US-2026-000002 --decline --grounds \"Outside the scope of the agreement\" --office \"release desk\"",
    ),
    ("proposal list", "comity proposal list"),
    ("proposal show", "comity proposal show US-2026-000002"),
    ("inbox", "comity inbox list"),
    ("inbox list", "comity inbox list --all"),
    ("inbox show", "comity inbox show MX-2026-000001"),
    ("status", "comity status --json"),
    ("journal", "comity journal list"),
    ("journal list", "comity journal list --after 100 --limit 20"),
    ("doctor", "comity doctor --data node-us"),
    (
        "verify",
        "comity verify importer.comity-opening --root us=sha256:5d0b6f1e3c0e4e598a526d1f0c6e2b115d0b6f1e3c0e4e598a526d1f0c6e2b11",
    ),
    ("stix", "comity stix check bundle.json"),
    ("stix check", "comity stix check bundle.json holdings.jsonl --strict"),
    (
        "stix match",
        "comity stix match --pattern \"[url:value = 'https://example.com/x']\" observed.jsonl",
    ),
    ("stix head", "comity stix head holdings.jsonl"),
    ("stix schema", "comity stix schema indicator"),
];

/// The example of a command.
pub(super) fn of(command: &str) -> Option<&'static str> {
    EXAMPLES.iter().find(|(name, _)| *name == command).map(|(_, example)| *example)
}
