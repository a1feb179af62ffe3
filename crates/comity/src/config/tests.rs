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
