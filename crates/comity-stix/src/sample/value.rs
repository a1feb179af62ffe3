//! Values of each kind.

use serde_json::{Map, Value as Json, json};
use uuid::{Builder, Uuid};

use super::{Fill, Sampler};
use crate::types::{self, Kind, Targets, Type, vocabulary};

const WORDS: &[&str] = &[
    "precursor",
    "consignment",
    "harbour",
    "Manzanillo",
    "análisis",
    "muestra",
    "laboratory",
    "seal \"A\"",
    "tab\tbed",
    "naïve",
    "口岸",
    "drum",
    "\u{1f4e6}",
    "pill press",
    "C:\\temp",
    "weigh/bill",
];

impl<R: FnMut() -> u64> Sampler<R> {
    /// A value of a kind; `lower` makes strings terms.
    pub(super) fn value(&mut self, kind: &'static Kind, lower: bool) -> Json {
        match kind {
            Kind::Boolean => json!((self.random)() >> 63 == 1),
            Kind::Integer(least, most) => {
                let width = u64::try_from(most.saturating_sub(*least)).unwrap_or_default();
                let offset =
                    ((self.random)() >> 8).checked_rem(width.saturating_add(1)).unwrap_or_default();
                json!(least.saturating_add(i64::try_from(offset).unwrap_or_default()))
            }
            Kind::Float(least, most) => {
                let (least, most) = (least.max(-1_000.0), most.min(1_000.0));
                let share = f64::from(u32::try_from((self.random)() >> 32).unwrap_or_default())
                    / f64::from(u32::MAX);
                json!(((most - least) * share + least).clamp(least, most))
            }
            Kind::Enum(vocabulary) | Kind::Open(vocabulary) => json!(self.pick(vocabulary.values)),
            Kind::Literal(values) => json!(self.pick(values)),
            Kind::Reference(targets) => Json::String(self.target(targets)),
            Kind::List(element) => self.list(element, lower),
            Kind::Object(shape) => {
                let fill = if (self.random)() >> 63 == 0 { Fill::Least } else { Fill::Some };
                self.shape(shape, fill)
            }
            Kind::Dictionary(value) | Kind::Names(value) => {
                let mut dictionary = Map::new();
                for _ in 0..=(self.random)() % 2 {
                    let key = self.term().replace('-', "_");
                    let value = self.value(value, lower);
                    dictionary.insert(key, value);
                }
                Json::Object(dictionary)
            }
            Kind::Either(kinds) => {
                let kinds: Vec<&'static Kind> = kinds.iter().collect();
                self.pick(&kinds).map_or(Json::Null, |kind| self.value(kind, lower))
            }
            Kind::Hashes => {
                let mut hashes = Map::new();
                for _ in 0..=(self.random)() % 2 {
                    let name = self.pick(vocabulary::HASH_ALGORITHM.values).unwrap_or("MD5");
                    hashes.insert(name.to_owned(), json!(self.hash(name)));
                }
                Json::Object(hashes)
            }
            Kind::Marking => json!({ "statement": self.words() }),
            Kind::Translations => json!({ "es": { "name": self.words() } }),
            Kind::Objects => match types::find("identity") {
                Some(identity) => json!([self.object(identity, Fill::Some)]),
                None => json!([]),
            },
            Kind::Container => json!({ "0": { "type": "ipv4-addr", "value": "198.51.100.7" } }),
            Kind::Text if lower => Json::String(self.term()),
            text => Json::String(self.text(text)),
        }
    }

    fn text(&mut self, kind: &Kind) -> String {
        let number = (self.random)() >> 40;
        match kind {
            Kind::SpecVersion => "2.1".to_owned(),
            Kind::Term | Kind::LowerText => self.term(),
            Kind::Ending(end) => format!("{}{end}", self.term()),
            Kind::SecondTimestamp => {
                self.timestamp().split('.').next().map(|it| format!("{it}Z")).unwrap_or_default()
            }
            Kind::FineTimestamp => self.timestamp(),
            Kind::Timestamp => {
                let fraction = self.pick(&["Z", "5Z", "000000Z", ""]).unwrap_or_default();
                let whole = self.timestamp();
                let (second, rest) = whole.split_once('.').unwrap_or((&whole, ""));
                match fraction {
                    "" => format!("{second}.{rest}"),
                    "Z" => format!("{second}Z"),
                    fraction => format!("{second}.{fraction}"),
                }
            }
            Kind::Binary => ["AA==", "Y29taXR5", "AAEC/w=="]
                .get(number as usize % 3)
                .map_or("", |it| *it)
                .to_owned(),
            Kind::Hex => self.hex(1 + number as usize % 8),
            Kind::Lang => {
                self.pick(&["en", "es-MX", "zh-Hant", "de-CH-1996"]).unwrap_or("en").to_owned()
            }
            Kind::Url => format!("https://example.org/{number}?q=a%20b"),
            Kind::MediaType => self
                .pick(&["application/pdf", "text/plain", "image/svg+xml"])
                .unwrap_or("text/plain")
                .to_owned(),
            Kind::Charset => {
                self.pick(&["UTF-8", "ISO-8859-1", "windows-1252"]).unwrap_or("UTF-8").to_owned()
            }
            Kind::Ipv4 => format!(
                "198.51.100.{}{}",
                number % 256,
                ["", "/32"].get(number as usize % 2).unwrap_or(&"")
            ),
            Kind::Ipv6 => format!("2001:db8::{:x}", number & 0xffff),
            Kind::Mac => {
                let hex = self.hex(6);
                let pairs: Vec<&str> =
                    (0..6).filter_map(|at| hex.get(at * 2..at * 2 + 2)).collect();
                pairs.join(":")
            }
            Kind::DomainName => format!("host{number}.example.org"),
            Kind::EmailAddress => format!("desk{number}@example.org"),
            Kind::Cpe => {
                format!("cpe:2.3:a:example:tool:{}.{}:*:*:*:*:*:*:*", number % 10, number % 7)
            }
            Kind::Subdivision => "MX-MIC".to_owned(),
            Kind::Country => self.pick(&["MX", "US", "CN", "NL"]).unwrap_or("MX").to_owned(),
            Kind::Protocol => {
                self.pick(&["ipv4", "tcp", "udp", "http"]).unwrap_or("tcp").to_owned()
            }
            Kind::RegistryKey => format!("HKEY_LOCAL_MACHINE\\System\\Key{number}"),
            Kind::Pattern => format!("[ipv4-addr:value = '198.51.100.{}']", number % 256),
            Kind::Selector => "id".to_owned(),
            _ => self.words(),
        }
    }

    fn list(&mut self, element: &'static Kind, lower: bool) -> Json {
        let most = match element {
            // Lists of terms are sets in all but name.
            Kind::Enum(_) | Kind::Open(_) | Kind::Selector | Kind::Literal(_) => 1,
            _ => 1 + (self.random)() % 3,
        };
        Json::Array((0..most).map(|_| self.value(element, lower)).collect())
    }

    /// A few words, now and then with characters that have to be escaped.
    pub(super) fn words(&mut self) -> String {
        let count = 1 + ((self.random)() >> 61);
        let words: Vec<&str> = (0..count).filter_map(|_| self.pick(WORDS)).collect();
        words.join(" ")
    }

    fn term(&mut self) -> String {
        let words = ["port", "drum", "seal", "lab", "route", "pill", "batch"];
        let (one, other) = (self.pick(&words), self.pick(&words));
        format!("{}-{}-{}", one.unwrap_or("a"), other.unwrap_or("b"), ((self.random)() >> 52))
    }

    /// What an algorithm might have given (section 10.7).
    fn hash(&mut self, algorithm: &str) -> String {
        match algorithm {
            "MD5" => self.hex(16),
            "SHA-1" => self.hex(20),
            "SHA-256" | "SHA3-256" => self.hex(32),
            "SSDEEP" => format!("96:{}:{}", self.hex(16), self.hex(9)),
            "TLSH" => self.hex(35),
            _ => self.hex(64),
        }
    }

    fn hex(&mut self, bytes: usize) -> String {
        let digits =
            || char::from_digit(u32::try_from((self.random)() >> 60).unwrap_or_default(), 16);
        std::iter::repeat_with(digits).take(bytes * 2).flatten().collect()
    }

    fn timestamp(&mut self) -> String {
        self.clock += 1 + ((self.random)() >> 50);
        let (minutes, milliseconds) = (self.clock / 60, self.clock % 1_000);
        let (days, hours) = (minutes / 1_440 % 28 + 1, minutes / 60 % 24);
        let (months, years) = (minutes / 40_320 % 12 + 1, 2016 + minutes / 483_840 % 80);
        format!(
            "{years:04}-{months:02}-{days:02}T{hours:02}:{:02}:{:02}.{milliseconds:03}Z",
            minutes % 60,
            self.clock % 60
        )
    }

    /// What `extensions` may hold: one of the standard's for the type, or one of somebody's own.
    pub(super) fn extensions(&mut self, type_: &Type) -> Json {
        let all: Vec<_> = type_.extensions.iter().map(|extension| extension.shape).collect();
        let mut extensions = Map::new();
        for _ in 0..=(self.random)() % 2 {
            let Some(shape) = self.pick(&all) else { break };
            let fill = self.pick(&[Fill::Least, Fill::Some, Fill::Most]).unwrap_or(Fill::Some);
            extensions.insert(shape.name.to_owned(), self.shape(shape, fill));
        }
        if extensions.is_empty() || (self.random)() >> 62 == 0 {
            let key = format!("extension-definition--{}", self.random_uuid());
            let value = json!({ "extension_type": "property-extension", "rank": 5 });
            extensions.insert(key, value);
        }
        Json::Object(extensions)
    }

    pub(super) fn target(&mut self, targets: &Targets) -> String {
        let of_classes = types::all()
            .filter(|type_| {
                targets.classes.contains(&type_.class) && !targets.except.contains(&type_.name)
            })
            .map(|type_| type_.name);
        let names: Vec<&str> = targets.types.iter().copied().chain(of_classes).collect();
        self.reference(&names)
    }

    /// The identifier of some object of one of these types.
    pub(super) fn reference(&mut self, names: &[&str]) -> String {
        let name = self.pick(names).unwrap_or("identity");
        let computed = types::find(name).is_some_and(|type_| !type_.contributing.is_empty());
        let uuid = if computed { self.named_uuid() } else { self.random_uuid() };
        format!("{name}--{uuid}")
    }

    /// A new identifier for an object of a type.
    pub(super) fn identifier(&mut self, type_: &Type) -> String {
        format!("{}--{}", type_.name, self.random_uuid())
    }

    fn octets(&mut self) -> [u8; 16] {
        (u128::from((self.random)()) << 64 | u128::from((self.random)())).to_be_bytes()
    }

    fn random_uuid(&mut self) -> Uuid {
        Builder::from_random_bytes(self.octets()).into_uuid()
    }

    fn named_uuid(&mut self) -> Uuid {
        Uuid::new_v5(&crate::id::OBSERVABLE_NAMESPACE, &self.octets())
    }
}
