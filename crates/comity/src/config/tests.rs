use super::*;

#[test]
fn every_sample_reads_back_as_the_defaults_it_documents() {
    for (language, text) in
        [(Lang::En, include_str!("comity.en.toml")), (Lang::Es, include_str!("comity.es.toml"))]
    {
        let expected = Config { node: NodeConfig { language }, ..Config::default() };
        assert_eq!(Config::parse(text).unwrap(), expected);
        let written: toml::Table = text.parse().unwrap();
        let all = toml::Table::try_from(&expected).unwrap();
        assert_eq!(written, all, "a setting is missing from the sample");
        assert_eq!(Config::parse(&expected.text()).unwrap(), expected);
    }
}

#[test]
fn what_init_was_told_stands_in_the_file() {
    let address = |text: &str| text.parse::<Address>().unwrap();
    let told = Config {
        link: LinkConfig { listen: address("192.0.2.7:1") },
        api: ApiConfig { listen: address("[2001:db8::1]:2") },
        ..Config::default()
    };
    assert_eq!(Config::parse(&told.text()).unwrap(), told);
}

#[test]
fn an_unknown_setting_is_refused_by_name_and_line() {
    let (line, message) = Config::parse("[link]\nlisten = \"a:1\"\nlisen = \"b:2\"\n").unwrap_err();
    assert_eq!(line, 3);
    assert!(message.contains("`lisen`"), "{message}");
    let (line, message) = Config::parse("[node]\n\n[lnik]\n").unwrap_err();
    assert_eq!(line, 3);
    assert!(message.contains("`lnik`"), "{message}");
}

#[test]
fn a_setting_out_of_its_range_is_refused_by_name_and_line() {
    let (line, message) = Config::parse("[outbox]\nmost_pause_s = 0\n").unwrap_err();
    assert_eq!(line, 2);
    assert!(message.contains("`most_pause_s`"), "{message}");
    let (line, message) = Config::parse("[link]\nlisten = \"nowhere\"\n").unwrap_err();
    assert_eq!(line, 2);
    assert!(message.contains("`nowhere`"), "{message}");
}

#[test]
fn an_address_has_a_host_and_a_port() {
    for good in ["127.0.0.1:7443", "[::1]:1", "node.example:65535", "[fe80::1%eth0]:80"] {
        assert_eq!(good.parse::<Address>().unwrap().as_str(), good);
    }
    let bad = [
        "",
        "host",
        ":1",
        "host:",
        "host:0",
        "host:65536",
        "host:+1",
        "::1:1",
        "[host]:1",
        "a b:1",
        "a/b:1",
    ];
    for bad in bad {
        assert!(bad.parse::<Address>().is_err(), "{bad}");
    }
}

#[test]
fn taxii_without_tls_is_for_this_machine_alone() {
    for own in ["127.0.0.1:1", "[::1]:1", "[::ffff:127.0.0.1]:1", "localhost:1"] {
        assert!(Config::parse(&format!("[taxii]\nlisten = \"{own}\"\n")).is_ok(), "{own}");
    }
    for other in ["0.0.0.0:1", "192.0.2.1:1", "[::]:1", "localhost.example:1"] {
        let text = format!("[link]\nlisten = \"a:1\"\n[taxii]\nlisten = \"{other}\"\n");
        let (line, message) = Config::parse(&text).unwrap_err();
        assert_eq!(line, 4, "{other}");
        assert!(message.contains("`listen`") && message.contains("`tls`"), "{message}");
        let tls = format!("{text}tls = {{ certificate = \"a\", key = \"b\" }}\n");
        assert!(Config::parse(&tls).is_ok(), "{other}");
    }
}

#[test]
fn what_is_wrong_with_taxii_is_refused_by_name_and_line() {
    let collection = "[[taxii.collection]]\nalias = \"a\"\ntitle = \"A\"\n";
    for (text, wanted, name) in [
        ("[taxii]\npage_objects = 0\n".to_owned(), 2, "`page_objects`"),
        ("[taxii]\nbody_mib = 4096\n".to_owned(), 2, "`body_mib`"),
        ("[taxii]\n\nconnections = 0\n".to_owned(), 3, "`connections`"),
        ("[taxii]\ntitle = \"\"\n".to_owned(), 2, "`title`"),
        ("[taxii]\ntls = { certificate = \"a\" }\n".to_owned(), 2, "`key`"),
        (format!("[taxii]\n{collection}{collection}"), 3, "`a`"),
        (format!("[taxii]\n{collection}queri = \"all\"\n"), 5, "`queri`"),
    ] {
        let (line, message) = Config::parse(&text).unwrap_err();
        assert!(line == wanted && message.contains(name), "{text}: {line}: {message}");
    }
}
