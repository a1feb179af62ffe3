use super::*;
use crate::derivative::fold;

/// 2026-11-20, in days since 1970.
const NOVEMBER: i64 = 20_777;

/// Each time with its text, and what it may be: minutes of 2026-11-20 behind `=`, of some day behind `?`.
fn told(text: &str) -> Vec<String> {
    let folded = fold(text);
    let all = read(&folded).times.into_iter().map(|it| {
        let of_day = |all: &[i64]| {
            let clock = |it: &i64| format!("{:02}:{:02}", it.div_euclid(60), it.rem_euclid(60));
            all.iter().map(clock).collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>().join("|")
        };
        let said = match it.said {
            Said::Minutes(all) => {
                let here: Vec<i64> = all.iter().map(|it| it - NOVEMBER * DAY).collect();
                let here: Vec<i64> = here.into_iter().filter(|it| (0..DAY).contains(it)).collect();
                format!("={}", of_day(&here))
            }
            Said::OfDay(all) => format!("?{}", of_day(&all)),
        };
        let joined = if it.is_joined { "+" } else { "" };
        format!("{joined}{}{said}", folded.get(it.start..it.end).unwrap())
    });
    all.collect()
}

fn days(text: &str) -> Vec<i64> {
    let days = read(&fold(text)).days;
    days.into_iter().map(|it| it - NOVEMBER).collect()
}

#[test]
fn a_time_with_its_date_is_read_however_it_is_written() {
    for (text, time) in [
        ("20261120T083117Z", "+t083117z=08:31"),
        ("2026-11-20T08:31:17.250Z", "+t08:31:17.250z=08:31"),
        ("2026-11-20 08:31", "08:31=08:31"),
        ("2026/11/20, 8:31 p.m.", "8:31 p.m.=20:31"),
        ("2026-11-20 8:31", "8:31=08:31|20:31"),
        ("IMG_20261120_083117.jpg", "+_083117=08:31"),
        ("IMG-20261120-083117123.jpg", "+-083117123=08:31"),
        ("Screenshot_2026-11-20-08-31-17.png", "+-08-31-17=08:31"),
        ("202611200831", "+0831=08:31"),
        ("20261120083117", "+083117=08:31"),
        ("261120_083117", "+_083117=08:31"),
        ("20.11.2026 08:31", "08:31=08:31"),
        ("on 2026-11-20 at 08.31", "08.31=08:31"),
        ("el 20/11/2026, a las 8:31 de la noche", "8:31 de la noche=20:31"),
        ("20/11/2026 (08:31)", "08:31=08:31"),
        ("20 de noviembre de 2026, 08:31 horas", "08:31 horas=08:31"),
        ("November 20th, 2026 8:31 PM", "8:31 pm=20:31"),
        ("20-nov-2026 0831Z", "0831z=08:31"),
        ("2026-11-20T02:31:17-06:00", "+t02:31:17-06:00=02:31|08:31"),
        ("2026-11-20 14:01 +0530", "14:01 +0530=08:31|14:01"),
        ("seen 1795163477", "1795163477=08:31"),
        ("1795163477250", "1795163477250=08:31"),
        ("1795163477.25,", "1795163477.25=08:31"),
    ] {
        assert_eq!(told(text).first().map(String::as_str), Some(time), "{text}");
    }
}

#[test]
fn a_time_alone_is_read_where_it_can_be_nothing_else() {
    for (text, time) in [
        ("08:31", "08:31?08:31"),
        ("at 8:31 am.", "8:31 am?08:31"),
        ("a las 8:31 de la noche", "8:31 de la noche?20:31"),
        ("a las 8.31 a. m., salió", "8.31 a. m.?08:31"),
        ("20:31: two men", "20:31?20:31"),
        ("08:31:59 h", "08:31:59 h?08:31"),
        ("a las 8h31", "8h31?08:31|20:31"),
        ("at 0831Z", "0831z?08:31"),
        ("a las 0831 horas", "0831 horas?08:31"),
        ("“08:31”", "08:31?08:31"),
        ("Hora:08:31", "08:31?08:31"),
        ("02:31-06:00", "02:31-06:00?02:31|08:31"),
        ("8:31 ambar", "8:31?08:31|20:31"),
        ("8:31,9:15", "8:31?08:31|20:31"),
        ("salió a las 8:31", "8:31?08:31|20:31"),
        ("hora: 8:31", "8:31?08:31|20:31"),
        ("they left 8:31 on 20 November 2026", "8:31?08:31|20:31"),
        ("left nov. 20, 8:31", "8:31?08:31|20:31"),
        ("it was 8:31 local time", "8:31?08:31|20:31"),
        ("log 8:31:17", "8:31:17?08:31|20:31"),
    ] {
        assert_eq!(told(text).first().map(String::as_str), Some(time), "{text}");
    }
    // the second of two is read too
    assert_eq!(told("07:15-08:31").last().map(String::as_str), Some("08:31?08:31"));
    assert_eq!(told("left at 7:15 and 8:31").len(), 2);
    for text in [
        "10.0.0.8:3128",
        "2001:db8::8:31",
        "fe80:8:31::1",
        "08:31:17:aa:bb:cc",
        "0831",
        "8.31",
        "25:31",
        "08:61",
        "08:315",
        "x08:31",
        "ratio 8-31",
        "a dilution 8:31 in acetone",
        "mixed 1:10 or 1:20",
        "http://example.com/8:31/",
        "won 3:15.",
        "083117",
        "identity--20261120-0831",
    ] {
        let alone: Vec<String> = told(text).into_iter().filter(|it| it.contains('?')).collect();
        assert_eq!(alone, Vec::<String>::new(), "{text}");
    }
}

#[test]
fn days_are_read_however_they_are_written() {
    for text in [
        "2026-11-20",
        "2026/11/20",
        "20261120",
        "20/11/2026",
        "11/20/2026",
        "20.11.2026",
        "20 November 2026",
        "Nov. 20, 2026",
        "el 20 de noviembre de 2026",
        "20 de nov. del 2026",
        "2026-11-20T10:00:00Z",
    ] {
        assert_eq!(days(text), [0], "{text}");
    }
    assert_eq!(days("2026-11-19 - 2026-11-20, 20261121-20261122"), [-1, 0, 1, 2]);
    // either may be meant
    assert_eq!(days("05/06/2026").len(), 2);
    for text in ["2026-13-20", "20261320", "1526-11-20", "20 things 2026", "5512345678", "12345678"]
    {
        assert_eq!(days(text), Vec::<i64>::new(), "{text}");
    }
}

#[test]
fn any_text_is_read_without_harm() {
    for text in [
        "",
        "8",
        "8:",
        ":8:31",
        "20261120",
        "20261120t",
        "2026-",
        "é8:31é",
        "99999999999999999999:31",
    ] {
        let _ = read(text);
    }
}
