//! What the tables are made of.

/// The same in English and in Spanish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Both {
    /// English.
    pub en: &'static str,
    /// Spanish.
    pub es: &'static str,
}

/// A type of object.
#[derive(Debug, Clone, Copy)]
pub struct Type {
    /// The value of `type`.
    pub name: &'static str,
    /// The section that defines it: `4.1`. Its properties stand in the subsection `.1` of it, but see
    /// [`Shape::section`].
    pub section: &'static str,
    /// What kind of object it makes.
    pub class: Class,
    /// What it stands for, in half a sentence: lower case, no full stop.
    pub about: Both,
    /// How it uses the common properties (section 3.2): those it requires.
    pub required: &'static [&'static str],
    /// Common properties it has no use for (section 3.2: "N/A").
    pub unused: &'static [&'static str],
    /// Its own properties and what they demand of each other.
    pub own: Shape,
    /// The relationships that may start from it (sections 4.x.2 and 6.x.2), without the common ones of section 3.7.
    pub relationships: &'static [Relationship],
    /// The properties that its identifier is computed from (section 2.9); of observables only.
    pub contributing: &'static [&'static str],
    /// The extensions the standard itself defines for it (section 3.10).
    pub extensions: &'static [Extension],
}

/// The classes of objects (section 1.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// STIX domain objects, SDO (section 4).
    Domain,
    /// STIX relationship objects, SRO (section 5).
    Relationship,
    /// STIX cyber-observable objects, SCO (section 6).
    Observable,
    /// STIX meta objects (section 7).
    Meta,
    /// The bundle, which is no object (section 8).
    Bundle,
}

/// An object, at the top or within another: properties in the order of the standard.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    /// What the standard calls it: `kill-chain-phase`, `archive-ext`; of a type, the type's name.
    pub name: &'static str,
    /// The section that lists its properties: `4.1.1`.
    pub section: &'static str,
    /// The properties.
    pub properties: &'static [Property],
    /// What they demand of each other.
    pub rules: &'static [Rule],
}

/// A property.
#[derive(Debug, Clone, Copy)]
pub struct Property {
    /// Its name.
    pub name: &'static str,
    /// What it may hold.
    pub kind: Kind,
    /// Whether it has to be there.
    pub presence: Presence,
    /// What it says, in half a sentence: lower case, no full stop.
    pub about: Both,
}

/// Whether a property has to be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// It has to.
    Required,
    /// It may.
    Optional,
    /// It may, and the standard advises against it: deprecated.
    Deprecated,
}

/// What a value may hold (section 2). Kinds are the same wherever they stand, so a schema and a page can be made of
/// them.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// `type`: the name of the object's type.
    TypeName,
    /// `spec_version`: `2.1`.
    SpecVersion,
    /// `id`: the object's own identifier (section 2.9).
    Id,
    /// Any string (section 2.15).
    Text,
    /// A string in lower case (section 6.12.2).
    LowerText,
    /// A string that should end like this (section 6.13.2).
    Ending(&'static str),
    /// A term of a-z, 0-9 and hyphens.
    Term,
    /// A string that says one of these and nothing else.
    Literal(&'static [&'static str]),
    /// `true` or `false` (section 2.2).
    Boolean,
    /// A whole number between the two, both included (section 2.10).
    Integer(i64, i64),
    /// A number between the two, both included (section 2.6).
    Float(f64, f64),
    /// A timestamp (section 2.16).
    Timestamp,
    /// A timestamp to the millisecond or finer (section 3.2).
    FineTimestamp,
    /// A timestamp to the second, without a fraction (section 6.7.6).
    SecondTimestamp,
    /// Base64 (section 2.1).
    Binary,
    /// An even number of lower-case hexadecimal digits (section 2.8).
    Hex,
    /// A language code (RFC 5646).
    Lang,
    /// A URL (RFC 3986).
    Url,
    /// A media type, as IANA registers them: `application/pdf`.
    MediaType,
    /// The name of a character set, as IANA registers them.
    Charset,
    /// An IPv4 address or network in CIDR notation (section 6.8).
    Ipv4,
    /// An IPv6 address or network in CIDR notation (section 6.9).
    Ipv6,
    /// Six octets in lower-case hexadecimal, with colons (section 6.10).
    Mac,
    /// A domain name, international ones included (section 6.4).
    DomainName,
    /// An address as RFC 5322 writes it: `addr-spec` (section 6.5).
    EmailAddress,
    /// A Common Platform Enumeration name, version 2.3 (section 6.14).
    Cpe,
    /// A country as ISO 3166-1 alpha-2 (section 4.10).
    Country,
    /// A part of a country as ISO 3166-2 writes it: `MX-MIC` (section 4.10).
    Subdivision,
    /// The names of network protocols, as IANA registers them (section 6.12).
    Protocol,
    /// A Windows registry key without abbreviated hive (section 6.17).
    RegistryKey,
    /// One of a closed list: the standard's enumerations (section 2.4).
    Enum(&'static Vocabulary),
    /// Preferably one of a list: the standard's open vocabularies (section 2.14).
    Open(&'static Vocabulary),
    /// The identifier of an object of one of these types (section 3.3).
    Reference(Targets),
    /// A list of at least one (section 2.12).
    List(&'static Self),
    /// An object with these properties.
    Object(&'static Shape),
    /// A dictionary (section 2.3) of values of one kind.
    Dictionary(&'static Self),
    /// A dictionary whose keys are names from outside STIX and keep their case, so that the advice of section 2.3 to
    /// write keys in lower case is not for it: header fields, EXIF tags, environment variables (section 6).
    Names(&'static Self),
    /// A value of any of these kinds.
    Either(&'static [Self]),
    /// Names of algorithms and hash values (section 2.7).
    Hashes,
    /// `extensions` (section 3.2).
    Extensions,
    /// A selector of a granular marking (section 7.2.3).
    Selector,
    /// A pattern, in the language that `pattern_type` names (section 4.7).
    Pattern,
    /// Objects under keys of their own: the deprecated container (section 2.13).
    Container,
    /// `definition` of a marking definition, as `definition_type` says (section 7.2.1).
    Marking,
    /// `contents` of a language content: translations by language and property (section 7.1).
    Translations,
    /// The objects of a bundle (section 8).
    Objects,
    /// Anything that STIX lets be a value.
    Any,
}

/// A list of terms (section 10).
#[derive(Debug)]
pub struct Vocabulary {
    /// `attack-motivation-ov`, `opinion-enum`.
    pub name: &'static str,
    /// The section that lists it.
    pub section: &'static str,
    /// The terms, in the order of the standard.
    pub values: &'static [&'static str],
}

/// Which objects a reference may lead to: those of the types, and those of the classes without the excepted types.
#[derive(Debug, Clone, Copy)]
pub struct Targets {
    /// Types by their names.
    pub types: &'static [&'static str],
    /// Whole classes; custom types are of a class when an extension says so.
    pub classes: &'static [Class],
    /// Types that are not meant although their class is.
    pub except: &'static [&'static str],
}

/// A relationship that starts from a type (sections 4.x.2 and 6.x.2).
#[derive(Debug, Clone, Copy)]
pub struct Relationship {
    /// `relationship_type`.
    pub name: &'static str,
    /// What it may lead to.
    pub targets: Targets,
}

/// An extension that the standard defines itself (section 3.10).
#[derive(Debug, Clone, Copy)]
pub struct Extension {
    /// Its key: `archive-ext`; the name of the shape.
    pub shape: &'static Shape,
    /// What it says, in half a sentence.
    pub about: Both,
}

/// What properties of one object demand of each other.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// The demand.
    pub choice: Choice,
    /// Whether it is a MUST or a SHOULD.
    pub strength: Strength,
    /// The section that makes it.
    pub section: &'static str,
}

/// How strongly a rule is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strength {
    /// MUST, MUST NOT.
    Must,
    /// SHOULD, SHOULD NOT.
    Should,
}

/// A value that a rule asks for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Scalar {
    /// A string.
    Text(&'static str),
    /// `true` or `false`.
    Boolean(bool),
    /// A list that holds this string.
    Listed(&'static str),
}

/// The demands that rules make.
#[derive(Debug, Clone, Copy)]
pub enum Choice {
    /// At least one of these groups is there in full.
    SomeOf(&'static [&'static [&'static str]]),
    /// At least one property of the shape is there, these not counted; of a type, common properties don't count either.
    SomeBut(&'static [&'static str]),
    /// Exactly one of these is there.
    OneOf(&'static [&'static str]),
    /// No more than one of these is there.
    AtMostOneOf(&'static [&'static str]),
    /// Where the first is there, the others have to be.
    Needs(&'static str, &'static [&'static str]),
    /// Where the property has this value, these have to be there.
    NeedsWhen(&'static str, Scalar, &'static [&'static str]),
    /// Where the property has this value, these must not be there. A property that is missing has no value.
    ForbidsWhen(&'static str, Scalar, &'static [&'static str]),
    /// Where the first property is there, the second has this value.
    Implies(&'static str, &'static str, Scalar),
    /// Where both are there, the second timestamp (or number) is not before (less than) the first.
    Order(&'static str, &'static str),
    /// Where both are there, the second timestamp is later than the first.
    Later(&'static str, &'static str),
    /// Where the list of references is there, at least one of them leads to an object of this type.
    Leads(&'static str, &'static str),
    /// Where the object has this extension, the list has this string in it: the extension, the list, the string.
    Extended(&'static str, &'static str, &'static str),
    /// These are lower case, with hyphens between words.
    LowerCaseWithHyphens(&'static [&'static str]),
    /// What no general form says; the check has a function for each.
    Special(Special),
}

/// Rules of single types that take a few lines of code. Each says what it asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Special {
    /// An external reference whose source is CVE, CAPEC or ATT&CK has an `external_id` of that form. Where the type
    /// has [`Special::CapecId`] or [`Special::CveId`], that rule alone speaks of these.
    ExternalIdForm,
    /// An external reference with a CAPEC identifier has the source `capec` and an id like `CAPEC-163` (section 4.1.1).
    CapecId,
    /// An external reference with a CVE identifier has the source `cve` and an id like `CVE-2016-1234` (section
    /// 4.19.1).
    CveId,
    /// A marking definition says one thing, and what TLP says it says exactly (section 7.2.1).
    MarkingDefinition,
    /// The type of a relationship fits its ends, as sections 3.7, 4.x.2 and 6.x.2 list them (section 5.1.2).
    RelationshipEnds,
    /// `object_refs` of observed data leads to an observable at least once (section 4.14.1).
    ObservedData,
    /// What an extension definition adds to the top of objects are legal names, and no common properties (section 7.3).
    ExtensionProperties,
    /// The times that a STIX pattern asks for lie within the time that the indicator holds (section 9.5.1).
    PatternTimes,
}
