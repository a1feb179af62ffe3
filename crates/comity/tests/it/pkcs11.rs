//! The root's Ed25519 half in a token, as a software token plays one: what it signs is like any other, and without it nothing is signed.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

const PIN: &str = "431-887-205";
/// Where Debian and others put the module.
const MODULES: [&str; 4] = [
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib64/pkcs11/libsofthsm2.so",
    "/usr/local/lib/softhsm/libsofthsm2.so",
];

/// A folder with a token in it, and the nodes whose roots the token keeps.
struct Desk {
    folder: tempfile::TempDir,
}

impl Desk {
    fn new() -> Self {
        let desk = Self { folder: tempfile::tempdir().unwrap() };
        std::fs::create_dir(desk.path("tokens")).unwrap();
        let setting = format!("directories.tokendir = {}\n", desk.path("tokens").display());
        std::fs::write(desk.path("softhsm2.conf"), setting).unwrap();
        for (name, text) in [
            ("pin", PIN),
            ("wrong", "000-000-000"),
            ("pass", "a passphrase of nine words that nobody else has"),
        ] {
            desk.secret(name, text);
        }
        desk.label("custody");
        desk
    }

    /// Initialises another token.
    fn label(&self, label: &str) {
        let mut tool = Command::new("softhsm2-util");
        tool.args([
            "--init-token",
            "--free",
            "--label",
            label,
            "--pin",
            PIN,
            "--so-pin",
            "11223344",
        ]);
        let made = tool.env("SOFTHSM2_CONF", self.path("softhsm2.conf")).output();
        let made = made.expect("softhsm2 is not installed: run scripts/setup, or leave these tests out with `scripts/test --without pkcs11`");
        assert!(made.status.success(), "{made:?}");
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn secret(&self, name: &str, text: &str) {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::write(self.path(name), text).unwrap();
        std::fs::set_permissions(self.path(name), std::fs::Permissions::from_mode(0o600)).unwrap();
    }

    fn run(&self, node: &str, typed: &str) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_comity"));
        for name in ["COMITY_DATA", "COMITY_LANG", "CREDENTIALS_DIRECTORY", "COMITY_CLOCK_FILE"] {
            command.env_remove(name);
        }
        command
            .args(typed.split_whitespace())
            .args(["--json", "--lang", "en", "--data", node, "--passphrase-file", "pass"])
            .env("SOFTHSM2_CONF", self.path("softhsm2.conf"))
            .current_dir(self.folder.path())
            .stdin(std::process::Stdio::null())
            .output()
            .unwrap()
    }

    fn ok(&self, node: &str, typed: &str) -> Value {
        let output = self.run(node, typed);
        assert!(output.status.success(), "`{typed}`: {output:?}");
        serde_json::from_slice(&output.stdout).unwrap()
    }

    fn refused(&self, node: &str, typed: &str) -> (String, String) {
        let output = self.run(node, typed);
        assert_eq!(output.status.code(), Some(1), "`{typed}`: {output:?}");
        let text = [output.stdout.as_slice(), &output.stderr].concat();
        assert!(!String::from_utf8_lossy(&text).contains(PIN), "the pin is told");
        let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
        let member = |name: &str| answer["error"][name].as_str().unwrap().to_owned();
        (member("code"), member("message"))
    }

    fn init(node: &str, label: &str, pin: &str) -> String {
        let module = module();
        let module = module.display();
        format!(
            "init --handle {node} --name Authority-{node} --root-token {module} --token-label {label} --pin-file {pin}"
        )
    }

    /// Two live nodes that know each other, the root of `us` in the token; and the text of an agreement.
    fn pair(&self) {
        self.ok("us", &Self::init("us", "custody", "pin"));
        self.ok("mx", "init --handle mx --name Authority-mx");
        let mut roots = Vec::new();
        for node in ["us", "mx"] {
            self.ok(node, &format!("party export --out {node}.descriptor"));
            let own = self.ok(node, "status")["root"].as_str().unwrap().to_owned();
            roots.push(own.parse().unwrap());
        }
        for (node, other) in [("us", "mx"), ("mx", "us")] {
            self.ok(node, &format!("party import {other}.descriptor"));
            self.ok(node, &format!("party confirm {other} --yes"));
        }
        let text = comity_testkit::AgreementText::default().toml(roots[0], roots[1]);
        std::fs::write(self.path("agreement.toml"), text).unwrap();
    }
}

fn module() -> PathBuf {
    let found = MODULES.iter().map(Path::new).find(|it| it.exists());
    found.expect("the module of softhsm2 is not installed: run scripts/setup, or leave these tests out with `scripts/test --without pkcs11`").to_owned()
}

#[test]
fn a_partner_believes_what_a_root_in_a_token_signs_like_any_other() {
    let desk = Desk::new();
    desk.pair();
    desk.ok("us", "agreement sign agreement.toml --out us.agreement --pin-file pin");
    desk.ok("mx", "agreement sign us.agreement --out mx.agreement");
    let signed = desk.ok("us", "agreement import mx.agreement");
    assert_eq!(
        (&signed["signed_here"], &signed["signed_by_partner"]),
        (&true.into(), &true.into())
    );

    let root = &desk.ok("us", "key list")["root"];
    assert_eq!((&root["kind"], &root["label"]), (&"token".into(), &"custody".into()));
    assert_eq!(root["module"], module().to_str().unwrap());
    assert_eq!(desk.ok("mx", "key list")["root"]["kind"], "file");

    let rotated = desk.ok("us", "key rotate seal --by-file --pin-file pin");
    assert_eq!(rotated["serial"], 2);
    desk.ok("us", "party export --out us.second");
    let seen = desk.ok("mx", "party import us.second");
    assert_eq!((&seen["serial"], &seen["confirmed"]), (&2.into(), &true.into()));
}

#[test]
fn without_its_token_and_the_right_pin_a_root_signs_nothing() {
    let desk = Desk::new();
    desk.pair();
    let sign = "agreement sign agreement.toml --out us.agreement";
    let code = |typed: &str| desk.refused("us", typed).0;

    let (wrong, said) = desk.refused("us", &format!("{sign} --pin-file wrong"));
    assert_eq!(wrong, "token-wrong-pin");
    assert!(said.contains("`custody`") && said.contains("counts wrong tries"), "{said}");
    assert_eq!(code(sign), "pin-needed");
    assert_eq!(code("key rotate seal --by-file --pin-file wrong"), "token-wrong-pin");

    let away = desk.path("away");
    std::fs::rename(desk.path("tokens"), &away).unwrap();
    std::fs::create_dir(desk.path("tokens")).unwrap();
    assert_eq!(code(&format!("{sign} --pin-file pin")), "token-missing");
    // another token of the same name knows nothing of this root
    desk.label("custody");
    assert_eq!(code(&format!("{sign} --pin-file pin")), "token-no-key");
    std::fs::remove_dir_all(desk.path("tokens")).unwrap();
    std::fs::rename(&away, desk.path("tokens")).unwrap();

    assert!(!desk.path("us.agreement").exists());
    assert_eq!(desk.ok("us", "key list")["serial"], 1);
    desk.ok("us", &format!("{sign} --pin-file pin"));
    assert_eq!(desk.refused("us", "key rotate seal --by-file").0, "pin-needed");
}

#[test]
fn a_node_that_is_not_made_leaves_no_key_in_the_token_and_no_folder() {
    let desk = Desk::new();
    let code = |typed: &str| desk.refused("us", typed).0;
    assert_eq!(code(&Desk::init("us", "custody", "wrong")), "token-wrong-pin");
    assert_eq!(code(&Desk::init("us", "another", "pin")), "token-missing");
    desk.label("custody");
    assert_eq!(code(&Desk::init("us", "custody", "pin")), "token-ambiguous");
    let none = Desk::init("us", "custody", "pin").replace("libsofthsm2.so", "nothing.so");
    assert_eq!(code(&none), "token-module");
    std::fs::write(desk.path("text.so"), "no library").unwrap();
    let text = "init --handle us --name Authority-us --root-token text.so --token-label custody --pin-file pin";
    assert_eq!(code(text), "token-module");
    assert!(!desk.path("us").exists());
    let is_key = |entry: &Path| {
        entry.extension().is_some_and(|it| it == "object") && !entry.ends_with("token.object")
    };
    let tokens = std::fs::read_dir(desk.path("tokens")).unwrap().flatten();
    let files = tokens.flat_map(|token| std::fs::read_dir(token.path()).unwrap().flatten());
    assert!(files.map(|it| it.path()).all(|it| !is_key(&it)));
}
