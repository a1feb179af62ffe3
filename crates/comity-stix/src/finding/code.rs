//! The names of the rules.

/// How strongly the standard demands what was not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The object breaks the standard or a bound of this node, and is refused.
    Must,
    /// The object is allowed, and would be better otherwise.
    Should,
}

/// The rule that a finding is about. The names are stable: translations, metrics and receipts use
/// them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Code {
    /// The object has more bytes than allowed.
    TooLarge,
    /// Containers are nested deeper than allowed.
    TooDeep,
    /// The object has more properties and list elements than allowed.
    TooManyProperties,
    /// A string is longer than allowed.
    StringTooLong,
    /// The bytes are not UTF-8.
    InvalidUtf8,
    /// The text breaks the grammar of JSON.
    JsonSyntax,
    /// The text ends inside a value.
    JsonCut,
    /// An escape in a string is not one of JSON's.
    BadEscape,
    /// An escape names half of a surrogate pair.
    LoneSurrogate,
    /// A raw control character stands in a string.
    ControlCharacter,
    /// A number breaks the grammar of JSON.
    BadNumber,
    /// A key stands twice in one object.
    DuplicateKey,
    /// The value is no JSON object.
    NotAnObject,
    /// A value is null.
    NullValue,
    /// A list is empty.
    EmptyList,
    /// A dictionary is empty.
    EmptyObject,
    /// A required property is missing.
    MissingProperty,
    /// A value is of another JSON type than the standard says.
    WrongType,
    /// A type name breaks the rules for names.
    TypeName,
    /// A custom type has neither the prefix nor an extension definition.
    CustomTypePrefix,
    /// A property name breaks the rules for names.
    PropertyName,
    /// A dictionary key breaks the rules for keys.
    DictionaryKey,
    /// A property has a name the standard reserves.
    ReservedProperty,
    /// A property must not stand in an object of this type.
    MustNotHave,
    /// A common property is not used by this type.
    NotApplicable,
    /// An identifier is not of the form type--UUID.
    IdForm,
    /// The identifier names another type than the object has.
    IdType,
    /// The UUID is not one of RFC 4122.
    IdUuid,
    /// The UUID is written in upper case.
    IdUppercase,
    /// The UUID is of another version than the standard advises.
    IdVersion,
    /// `spec_version` is not 2.1.
    SpecVersion,
    /// A timestamp is not of the form of the standard.
    TimestampForm,
    /// `created` or `modified` is coarser than a millisecond.
    TimestampPrecision,
    /// `modified` is earlier than `created`.
    ModifiedBeforeCreated,
    /// Two timestamps are in the wrong order.
    TimeOrder,
    /// A term has characters that terms cannot have.
    TermForm,
    /// A reference is not an identifier.
    ReferenceForm,
    /// A custom property with the suffix of references holds something else.
    CustomReferenceForm,
    /// A reference names an object of a type that is not allowed there.
    ReferenceType,
    /// A marking definition marks itself.
    SelfMarking,
    /// A number is outside the range of the standard.
    OutOfRange,
    /// A value is none of a closed list.
    NotInEnum,
    /// A term is none of those the standard suggests.
    NotInVocabulary,
    /// A term of one's own has capitals, spaces or underscores.
    LowerCaseHyphens,
    /// A string that has to be in lower case is not.
    LowerCase,
    /// A string does not end as it should.
    Ending,
    /// A string that has to say something is empty.
    EmptyText,
    /// A timestamp that has to be precise to the second is finer.
    TimestampFraction,
    /// A value is not base64.
    BinaryForm,
    /// A value is not lower-case hexadecimal.
    HexForm,
    /// A value is none that its hash algorithm gives.
    HashValue,
    /// A value is not a URL.
    UrlForm,
    /// The URL of an external reference is none.
    UrlAdvised,
    /// A value is not a media type as IANA registers them.
    MediaType,
    /// A value is not the name of a registered character set.
    Charset,
    /// A value is not an IPv4 address or network.
    Ipv4,
    /// A value is not an IPv6 address or network.
    Ipv6,
    /// A value is not a MAC address as the standard writes them.
    Mac,
    /// A value is not a domain name.
    DomainName,
    /// A value is not the address of a mailbox.
    EmailAddress,
    /// A value is not a CPE name of version 2.3.
    Cpe,
    /// The hive of a registry key is abbreviated.
    RegistryHive,
    /// A value is not the code of a country.
    Country,
    /// A value is not the code of a part of a country.
    Subdivision,
    /// A value is not the registered name of a protocol.
    Protocol,
    /// A dictionary key has capitals.
    DictionaryCase,
    /// None of several properties is there, and one has to be.
    MissingChoice,
    /// Properties that exclude each other stand together.
    Excluded,
    /// A property needs another one beside it.
    NeededBeside,
    /// A property must not stand beside the value of another one.
    Forbidden,
    /// A property has to have a certain value beside another one.
    Implied,
    /// A property that the standard advises is missing.
    Advised,
    /// A property that the standard advises beside another one is missing.
    AdvisedBeside,
    /// None of several references leads to an object of the type that is asked for.
    LeadsNowhere,
    /// An extension asks for a value in a list.
    ExtensionNeeds,
    /// A property is one the standard advises against.
    Deprecated,
    /// A property is neither the standard's nor an extension's.
    CustomProperty,
    /// A custom property does not start with `x_`.
    CustomPropertyPrefix,
    /// A type is neither the standard's nor an extension's.
    CustomType,
    /// The name of a custom extension breaks the rules for names.
    ExtensionName,
    /// A custom extension does not start with `x-`.
    ExtensionPrefix,
    /// An extension makes a new type of what the standard has.
    ExtensionRedefines,
    /// The version 5 UUID of an observable is not the one its properties give.
    IdDeterministic,
    /// An observable without contributing properties has no version 4 UUID.
    IdRandom,
    /// An observable with versions has the identifier that everybody computes.
    IdVersioned,
    /// A reference in the deprecated container leads to no key of it.
    LocalReference,
    /// What stands in the deprecated container is no observable.
    ContainerType,
    /// The keys of the deprecated container do not count up from 0.
    ContainerKeys,
    /// Observed data refers to no observable.
    ObservedNothing,
    /// A relationship type is not listed for these ends.
    RelationshipType,
    /// A relationship between objects of one type joins two types.
    RelationshipSame,
    /// An identifier of CVE or CAPEC, or its source, is not written as it has to be.
    ExternalIdForm,
    /// An identifier of a well-known source is not written as the source writes them.
    ExternalIdAdvised,
    /// A fixed marking definition has other content than it has to have.
    MarkingFixed,
    /// A marking definition speaks for a protocol that has fixed definitions.
    MarkingImitated,
    /// A pattern breaks the grammar of STIX patterns.
    PatternSyntax,
    /// A language code is not one of RFC 5646.
    LangForm,
    /// An external reference says nothing but its source.
    ExternalReferenceEmpty,
    /// A granular marking has both or none of `lang` and `marking_ref`.
    GranularChoice,
    /// A selector breaks the syntax of selectors.
    SelectorForm,
    /// A selector selects nothing in this object.
    SelectorTarget,
    /// An extension is named by neither an extension definition nor a predefined name.
    ExtensionKey,
    /// `extension_type` is not one of the standard's.
    ExtensionType,
    /// An extension by definition lacks `extension_type`.
    ExtensionTypeMissing,
    /// The name of a hash algorithm breaks the rules for names.
    HashKey,
    /// A schema lets nothing stand here.
    SchemaNothing,
    /// A value is none of those a schema allows.
    SchemaValue,
    /// A schema knows no property of that name.
    SchemaUnknownProperty,
    /// A schema does not allow a property of that name.
    SchemaPropertyName,
    /// A property asks for another one.
    SchemaDependent,
    /// There are fewer properties or elements than a schema asks for.
    SchemaTooFew,
    /// There are more properties or elements than a schema allows.
    SchemaTooMany,
    /// A list has more elements than a schema describes.
    SchemaElement,
    /// A list has too few or too many elements of a certain kind.
    SchemaContains,
    /// An element stands twice in a list of different ones.
    SchemaTwice,
    /// A number is no multiple of another.
    SchemaMultiple,
    /// A string is shorter than a schema asks for.
    SchemaTooShort,
    /// A string is longer than a schema allows.
    SchemaTooLong,
    /// A string does not match the pattern of a schema.
    SchemaPattern,
    /// A string is not in the format a schema asks for.
    SchemaFormat,
    /// A whole number is written with a point or an exponent.
    SchemaWholeForm,
    /// A string is not base64.
    SchemaBinary,
    /// A string is not hexadecimal.
    SchemaHex,
    /// A term of an open vocabulary is not in lower case with hyphens.
    SchemaTerm,
    /// An extension stands in an object of another type than it is for.
    SchemaObjectType,
    /// No alternative of a schema fits.
    SchemaNoBranch,
    /// More than one alternative of a schema fits, and only one may.
    SchemaSeveral,
    /// A value is what a schema rules out.
    SchemaNot,
    /// A schema takes too long to check this value.
    SchemaTooCostly,
    /// An extension is used in a way its definition does not name.
    ExtensionTypeOther,
    /// An extension that makes new types stands in an object of a type it does not make.
    ExtensionNewType,
    /// A bundle stands where a STIX object is expected.
    BundleAsObject,
    /// A list of objects stands in something that is no bundle.
    NotABundle,
    /// What stands here is neither a bundle nor an object nor a list of them.
    UnexpectedContent,
    /// The source could not be read; the content is not to blame.
    Unreadable,
}

impl Code {
    /// Every code, in the order of declaration.
    pub const ALL: &'static [Self] = &[
        Self::TooLarge,
        Self::TooDeep,
        Self::TooManyProperties,
        Self::StringTooLong,
        Self::InvalidUtf8,
        Self::JsonSyntax,
        Self::JsonCut,
        Self::BadEscape,
        Self::LoneSurrogate,
        Self::ControlCharacter,
        Self::BadNumber,
        Self::DuplicateKey,
        Self::NotAnObject,
        Self::NullValue,
        Self::EmptyList,
        Self::EmptyObject,
        Self::MissingProperty,
        Self::WrongType,
        Self::TypeName,
        Self::CustomTypePrefix,
        Self::PropertyName,
        Self::DictionaryKey,
        Self::ReservedProperty,
        Self::MustNotHave,
        Self::NotApplicable,
        Self::IdForm,
        Self::IdType,
        Self::IdUuid,
        Self::IdUppercase,
        Self::IdVersion,
        Self::SpecVersion,
        Self::TimestampForm,
        Self::TimestampPrecision,
        Self::ModifiedBeforeCreated,
        Self::TimeOrder,
        Self::TermForm,
        Self::ReferenceForm,
        Self::CustomReferenceForm,
        Self::ReferenceType,
        Self::SelfMarking,
        Self::OutOfRange,
        Self::NotInEnum,
        Self::NotInVocabulary,
        Self::LowerCaseHyphens,
        Self::LowerCase,
        Self::Ending,
        Self::EmptyText,
        Self::TimestampFraction,
        Self::BinaryForm,
        Self::HexForm,
        Self::HashValue,
        Self::UrlForm,
        Self::UrlAdvised,
        Self::MediaType,
        Self::Charset,
        Self::Ipv4,
        Self::Ipv6,
        Self::Mac,
        Self::DomainName,
        Self::EmailAddress,
        Self::Cpe,
        Self::RegistryHive,
        Self::Country,
        Self::Subdivision,
        Self::Protocol,
        Self::DictionaryCase,
        Self::MissingChoice,
        Self::Excluded,
        Self::NeededBeside,
        Self::Forbidden,
        Self::Implied,
        Self::Advised,
        Self::AdvisedBeside,
        Self::LeadsNowhere,
        Self::ExtensionNeeds,
        Self::Deprecated,
        Self::CustomProperty,
        Self::CustomPropertyPrefix,
        Self::CustomType,
        Self::ExtensionName,
        Self::ExtensionPrefix,
        Self::ExtensionRedefines,
        Self::IdDeterministic,
        Self::IdRandom,
        Self::IdVersioned,
        Self::LocalReference,
        Self::ContainerType,
        Self::ContainerKeys,
        Self::ObservedNothing,
        Self::RelationshipType,
        Self::RelationshipSame,
        Self::ExternalIdForm,
        Self::ExternalIdAdvised,
        Self::MarkingFixed,
        Self::MarkingImitated,
        Self::PatternSyntax,
        Self::LangForm,
        Self::ExternalReferenceEmpty,
        Self::GranularChoice,
        Self::SelectorForm,
        Self::SelectorTarget,
        Self::ExtensionKey,
        Self::ExtensionType,
        Self::ExtensionTypeMissing,
        Self::HashKey,
        Self::SchemaNothing,
        Self::SchemaValue,
        Self::SchemaUnknownProperty,
        Self::SchemaPropertyName,
        Self::SchemaDependent,
        Self::SchemaTooFew,
        Self::SchemaTooMany,
        Self::SchemaElement,
        Self::SchemaContains,
        Self::SchemaTwice,
        Self::SchemaMultiple,
        Self::SchemaTooShort,
        Self::SchemaTooLong,
        Self::SchemaPattern,
        Self::SchemaFormat,
        Self::SchemaWholeForm,
        Self::SchemaBinary,
        Self::SchemaHex,
        Self::SchemaTerm,
        Self::SchemaObjectType,
        Self::SchemaNoBranch,
        Self::SchemaSeveral,
        Self::SchemaNot,
        Self::SchemaTooCostly,
        Self::ExtensionTypeOther,
        Self::ExtensionNewType,
        Self::BundleAsObject,
        Self::NotABundle,
        Self::UnexpectedContent,
        Self::Unreadable,
    ];

    /// The stable name in kebab case.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::TooLarge => "too-large",
            Self::TooDeep => "too-deep",
            Self::TooManyProperties => "too-many-properties",
            Self::StringTooLong => "string-too-long",
            Self::InvalidUtf8 => "invalid-utf8",
            Self::JsonSyntax => "json-syntax",
            Self::JsonCut => "json-cut",
            Self::BadEscape => "bad-escape",
            Self::LoneSurrogate => "lone-surrogate",
            Self::ControlCharacter => "control-character",
            Self::BadNumber => "bad-number",
            Self::DuplicateKey => "duplicate-key",
            Self::NotAnObject => "not-an-object",
            Self::NullValue => "null-value",
            Self::EmptyList => "empty-list",
            Self::EmptyObject => "empty-object",
            Self::MissingProperty => "missing-property",
            Self::WrongType => "wrong-type",
            Self::TypeName => "type-name",
            Self::CustomTypePrefix => "custom-type-prefix",
            Self::PropertyName => "property-name",
            Self::DictionaryKey => "dictionary-key",
            Self::ReservedProperty => "reserved-property",
            Self::MustNotHave => "must-not-have",
            Self::NotApplicable => "not-applicable",
            Self::IdForm => "id-form",
            Self::IdType => "id-type",
            Self::IdUuid => "id-uuid",
            Self::IdUppercase => "id-uppercase",
            Self::IdVersion => "id-version",
            Self::SpecVersion => "spec-version",
            Self::TimestampForm => "timestamp-form",
            Self::TimestampPrecision => "timestamp-precision",
            Self::ModifiedBeforeCreated => "modified-before-created",
            Self::TimeOrder => "time-order",
            Self::TermForm => "term-form",
            Self::ReferenceForm => "reference-form",
            Self::CustomReferenceForm => "custom-reference-form",
            Self::ReferenceType => "reference-type",
            Self::SelfMarking => "self-marking",
            Self::OutOfRange => "out-of-range",
            Self::NotInEnum => "not-in-enum",
            Self::NotInVocabulary => "not-in-vocabulary",
            Self::LowerCaseHyphens => "lower-case-hyphens",
            Self::LowerCase => "lower-case",
            Self::Ending => "ending",
            Self::EmptyText => "empty-text",
            Self::TimestampFraction => "timestamp-fraction",
            Self::BinaryForm => "binary-form",
            Self::HexForm => "hex-form",
            Self::HashValue => "hash-value",
            Self::UrlForm => "url-form",
            Self::UrlAdvised => "url-advised",
            Self::MediaType => "media-type-form",
            Self::Charset => "charset-name",
            Self::Ipv4 => "ipv4-form",
            Self::Ipv6 => "ipv6-form",
            Self::Mac => "mac-form",
            Self::DomainName => "domain-name-form",
            Self::EmailAddress => "email-address-form",
            Self::Cpe => "cpe-form",
            Self::RegistryHive => "registry-hive",
            Self::Country => "country-code",
            Self::Subdivision => "subdivision-code",
            Self::Protocol => "protocol-name",
            Self::DictionaryCase => "dictionary-case",
            Self::MissingChoice => "missing-choice",
            Self::Excluded => "excluded",
            Self::NeededBeside => "needed-beside",
            Self::Forbidden => "forbidden",
            Self::Implied => "implied",
            Self::Advised => "advised",
            Self::AdvisedBeside => "advised-beside",
            Self::LeadsNowhere => "leads-nowhere",
            Self::ExtensionNeeds => "extension-needs",
            Self::Deprecated => "deprecated",
            Self::CustomProperty => "custom-property",
            Self::CustomPropertyPrefix => "custom-property-prefix",
            Self::CustomType => "custom-type",
            Self::ExtensionName => "extension-name",
            Self::ExtensionPrefix => "extension-prefix",
            Self::ExtensionRedefines => "extension-redefines",
            Self::IdDeterministic => "id-deterministic",
            Self::IdRandom => "id-random",
            Self::IdVersioned => "id-versioned",
            Self::LocalReference => "local-reference",
            Self::ContainerType => "container-type",
            Self::ContainerKeys => "container-keys",
            Self::ObservedNothing => "observed-nothing",
            Self::RelationshipType => "relationship-type",
            Self::RelationshipSame => "relationship-same",
            Self::ExternalIdForm => "external-id-form",
            Self::ExternalIdAdvised => "external-id-advised",
            Self::MarkingFixed => "marking-fixed",
            Self::MarkingImitated => "marking-imitated",
            Self::PatternSyntax => "pattern-syntax",
            Self::LangForm => "lang-form",
            Self::ExternalReferenceEmpty => "external-reference-empty",
            Self::GranularChoice => "granular-choice",
            Self::SelectorForm => "selector-form",
            Self::SelectorTarget => "selector-target",
            Self::ExtensionKey => "extension-key",
            Self::ExtensionType => "extension-type",
            Self::ExtensionTypeMissing => "extension-type-missing",
            Self::HashKey => "hash-key",
            Self::SchemaNothing => "schema-nothing",
            Self::SchemaValue => "schema-value",
            Self::SchemaUnknownProperty => "schema-unknown-property",
            Self::SchemaPropertyName => "schema-property-name",
            Self::SchemaDependent => "schema-dependent",
            Self::SchemaTooFew => "schema-too-few",
            Self::SchemaTooMany => "schema-too-many",
            Self::SchemaElement => "schema-element",
            Self::SchemaContains => "schema-contains",
            Self::SchemaTwice => "schema-twice",
            Self::SchemaMultiple => "schema-multiple",
            Self::SchemaTooShort => "schema-too-short",
            Self::SchemaTooLong => "schema-too-long",
            Self::SchemaPattern => "schema-pattern",
            Self::SchemaFormat => "schema-format",
            Self::SchemaWholeForm => "schema-whole-form",
            Self::SchemaBinary => "schema-binary",
            Self::SchemaHex => "schema-hex",
            Self::SchemaTerm => "schema-term",
            Self::SchemaObjectType => "schema-object-type",
            Self::SchemaNoBranch => "schema-no-branch",
            Self::SchemaSeveral => "schema-several",
            Self::SchemaNot => "schema-not",
            Self::SchemaTooCostly => "schema-too-costly",
            Self::ExtensionTypeOther => "extension-type-other",
            Self::ExtensionNewType => "extension-new-type",
            Self::BundleAsObject => "bundle-as-object",
            Self::NotABundle => "not-a-bundle",
            Self::UnexpectedContent => "unexpected-content",
            Self::Unreadable => "unreadable",
        }
    }

    /// Whether the rule is a MUST or a SHOULD.
    pub fn severity(self) -> Severity {
        match self {
            Self::CustomTypePrefix
            | Self::NotInVocabulary
            | Self::LowerCaseHyphens
            | Self::Ending
            | Self::UrlAdvised
            | Self::MediaType
            | Self::Country
            | Self::Subdivision
            | Self::Protocol
            | Self::DictionaryCase
            | Self::Advised
            | Self::AdvisedBeside
            | Self::ExtensionNeeds
            | Self::Deprecated
            | Self::CustomProperty
            | Self::CustomPropertyPrefix
            | Self::CustomType
            | Self::ExtensionPrefix
            | Self::IdDeterministic
            | Self::ContainerKeys
            | Self::RelationshipType
            | Self::RelationshipSame
            | Self::ExternalIdAdvised
            | Self::NotApplicable
            | Self::IdUppercase
            | Self::IdVersion
            | Self::CustomReferenceForm
            | Self::ExtensionKey
            | Self::SchemaTerm => Severity::Should,
            _ => Severity::Must,
        }
    }
}
