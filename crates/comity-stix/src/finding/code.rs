//! The names of the rules.

/// How strongly the standard demands what was not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The object breaks the standard or a bound of this node, and is refused.
    Must,
    /// The object is allowed, and would be better otherwise.
    Should,
}

/// Makes the enum of the codes and what each is called and weighs.
macro_rules! codes {
    ($($(#[$doc:meta])+ $name:ident $text:literal $severity:ident)+) => {
        /// The rule that a finding is about. The names are stable: translations, metrics and receipts use
        /// them.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Code {
            $($(#[$doc])+ $name,)+
        }

        impl Code {
            /// Every code, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The stable name in kebab case.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)+
                }
            }

            /// Whether the rule is a MUST or a SHOULD.
            pub fn severity(self) -> Severity {
                match self {
                    $(Self::$name => Severity::$severity,)+
                }
            }
        }
    };
}

codes! {
    /// The object has more bytes than allowed.
    TooLarge "too-large" Must
    /// Containers are nested deeper than allowed.
    TooDeep "too-deep" Must
    /// The object has more properties and list elements than allowed.
    TooManyProperties "too-many-properties" Must
    /// A string is longer than allowed.
    StringTooLong "string-too-long" Must
    /// The bytes are not UTF-8.
    InvalidUtf8 "invalid-utf8" Must
    /// The text breaks the grammar of JSON.
    JsonSyntax "json-syntax" Must
    /// The text ends inside a value.
    JsonCut "json-cut" Must
    /// An escape in a string is not one of JSON's.
    BadEscape "bad-escape" Must
    /// An escape names half of a surrogate pair.
    LoneSurrogate "lone-surrogate" Must
    /// A raw control character stands in a string.
    ControlCharacter "control-character" Must
    /// A number breaks the grammar of JSON.
    BadNumber "bad-number" Must
    /// A key stands twice in one object.
    DuplicateKey "duplicate-key" Must
    /// The value is no JSON object.
    NotAnObject "not-an-object" Must
    /// A value is null.
    NullValue "null-value" Must
    /// A list is empty.
    EmptyList "empty-list" Must
    /// A dictionary is empty.
    EmptyObject "empty-object" Must
    /// A required property is missing.
    MissingProperty "missing-property" Must
    /// A value is of another JSON type than the standard says.
    WrongType "wrong-type" Must
    /// A type name breaks the rules for names.
    TypeName "type-name" Must
    /// A custom type has neither the prefix nor an extension definition.
    CustomTypePrefix "custom-type-prefix" Should
    /// A property name breaks the rules for names.
    PropertyName "property-name" Must
    /// A dictionary key breaks the rules for keys.
    DictionaryKey "dictionary-key" Must
    /// A property has a name the standard reserves.
    ReservedProperty "reserved-property" Must
    /// A property must not stand in an object of this type.
    MustNotHave "must-not-have" Must
    /// A common property is not used by this type.
    NotApplicable "not-applicable" Should
    /// An identifier is not of the form type--UUID.
    IdForm "id-form" Must
    /// The identifier names another type than the object has.
    IdType "id-type" Must
    /// The UUID is not one of RFC 4122.
    IdUuid "id-uuid" Must
    /// The UUID is written in upper case.
    IdUppercase "id-uppercase" Should
    /// The UUID is of another version than the standard advises.
    IdVersion "id-version" Should
    /// `spec_version` is not 2.1.
    SpecVersion "spec-version" Must
    /// A timestamp is not of the form of the standard.
    TimestampForm "timestamp-form" Must
    /// `created` or `modified` is coarser than a millisecond.
    TimestampPrecision "timestamp-precision" Must
    /// `modified` is earlier than `created`.
    ModifiedBeforeCreated "modified-before-created" Must
    /// Two timestamps are in the wrong order.
    TimeOrder "time-order" Must
    /// A term has characters that terms cannot have.
    TermForm "term-form" Must
    /// A reference is not an identifier.
    ReferenceForm "reference-form" Must
    /// A custom property with the suffix of references holds something else.
    CustomReferenceForm "custom-reference-form" Should
    /// A reference names an object of a type that is not allowed there.
    ReferenceType "reference-type" Must
    /// A marking definition marks itself.
    SelfMarking "self-marking" Must
    /// A number is outside the range of the standard.
    OutOfRange "out-of-range" Must
    /// A whole number is larger than the integers of the standard.
    NumberPrecision "number-precision" Should
    /// A value is none of a closed list.
    NotInEnum "not-in-enum" Must
    /// A term is none of those the standard suggests.
    NotInVocabulary "not-in-vocabulary" Should
    /// A term of one's own has capitals, spaces or underscores.
    LowerCaseHyphens "lower-case-hyphens" Should
    /// A string that has to be in lower case is not.
    LowerCase "lower-case" Must
    /// A string does not end as it should.
    Ending "ending" Should
    /// A timestamp that has to be precise to the second is finer.
    TimestampFraction "timestamp-fraction" Must
    /// A value is not base64.
    BinaryForm "binary-form" Must
    /// A value is not lower-case hexadecimal.
    HexForm "hex-form" Must
    /// A value is none that its hash algorithm gives.
    HashValue "hash-value" Must
    /// A value is not a URL.
    UrlForm "url-form" Must
    /// The URL of an external reference is none.
    UrlAdvised "url-advised" Should
    /// A value is not a media type as IANA registers them.
    MediaType "media-type-form" Should
    /// A value is not the name of a registered character set.
    Charset "charset-name" Must
    /// A value is not an IPv4 address or network.
    Ipv4 "ipv4-form" Must
    /// A value is not an IPv6 address or network.
    Ipv6 "ipv6-form" Must
    /// A value is not a MAC address as the standard writes them.
    Mac "mac-form" Must
    /// A value is not a domain name.
    DomainName "domain-name-form" Must
    /// A domain name has a label of a form that is kept for encodings.
    DomainLabel "domain-label-reserved" Should
    /// A value is not the address of a mailbox.
    EmailAddress "email-address-form" Must
    /// A value is not a CPE name of version 2.3.
    Cpe "cpe-form" Must
    /// The hive of a registry key is abbreviated.
    RegistryHive "registry-hive" Must
    /// A value is not the code of a country.
    Country "country-code" Should
    /// A value is not the code of a part of a country.
    Subdivision "subdivision-code" Should
    /// A value is not the registered name of a protocol.
    Protocol "protocol-name" Should
    /// A dictionary key has capitals.
    DictionaryCase "dictionary-case" Should
    /// None of several properties is there, and one has to be.
    MissingChoice "missing-choice" Must
    /// Properties that exclude each other stand together.
    Excluded "excluded" Must
    /// A property needs another one beside it.
    NeededBeside "needed-beside" Must
    /// A property must not stand beside the value of another one.
    Forbidden "forbidden" Must
    /// A property has to have a certain value beside another one.
    Implied "implied" Must
    /// A property that the standard advises is missing.
    Advised "advised" Should
    /// A property that the standard advises beside another one is missing.
    AdvisedBeside "advised-beside" Should
    /// None of several references leads to an object of the type that is asked for.
    LeadsNowhere "leads-nowhere" Must
    /// An extension asks for a value in a list.
    ExtensionNeeds "extension-needs" Should
    /// A property is one the standard advises against.
    Deprecated "deprecated" Should
    /// A property is neither the standard's nor an extension's.
    CustomProperty "custom-property" Should
    /// A custom property does not start with `x_`.
    CustomPropertyPrefix "custom-property-prefix" Should
    /// A type is neither the standard's nor an extension's.
    CustomType "custom-type" Should
    /// The name of a custom extension breaks the rules for names.
    ExtensionName "extension-name" Must
    /// A custom extension does not start with `x-`.
    ExtensionPrefix "extension-prefix" Should
    /// An extension makes a new type of what the standard has.
    ExtensionRedefines "extension-redefines" Must
    /// An extension defines anew a property that the standard has.
    PropertyRedefined "property-redefined" Must
    /// The version 5 UUID of an observable is not the one its properties give.
    IdDeterministic "id-deterministic" Should
    /// An observable without contributing properties has no version 4 UUID.
    IdRandom "id-random" Must
    /// An observable with versions has the identifier that everybody computes.
    IdVersioned "id-versioned" Must
    /// A reference in the deprecated container leads to no key of it.
    LocalReference "local-reference" Must
    /// What stands in the deprecated container is no observable.
    ContainerType "container-type" Must
    /// The keys of the deprecated container do not count up from 0.
    ContainerKeys "container-keys" Should
    /// Observed data refers to no observable.
    ObservedNothing "observed-nothing" Must
    /// A relationship type is not listed for these ends.
    RelationshipType "relationship-type" Should
    /// A relationship between objects of one type joins two types.
    RelationshipSame "relationship-same" Should
    /// An identifier of CVE or CAPEC, or its source, is not written as it has to be.
    ExternalIdForm "external-id-form" Must
    /// An identifier of a well-known source is not written as the source writes them.
    ExternalIdAdvised "external-id-advised" Should
    /// A fixed marking definition has other content than it has to have.
    MarkingFixed "marking-fixed" Must
    /// A marking definition speaks for a protocol that has fixed definitions.
    MarkingImitated "marking-imitated" Must
    /// A pattern breaks the grammar of STIX patterns.
    PatternSyntax "pattern-syntax" Must
    /// A pattern asks for a time at which its indicator does not hold.
    PatternTime "pattern-time" Should
    /// A pattern is beyond what this program can read or run.
    PatternUnsupported "pattern-unsupported" Should
    /// A language code is not one of RFC 5646.
    LangForm "lang-form" Must
    /// An external reference says nothing but its source.
    ExternalReferenceEmpty "external-reference-empty" Must
    /// A granular marking has both or none of `lang` and `marking_ref`.
    GranularChoice "granular-choice" Must
    /// A selector breaks the syntax of selectors.
    SelectorForm "selector-form" Must
    /// A selector selects nothing in this object.
    SelectorTarget "selector-target" Must
    /// An extension is named by neither an extension definition nor a predefined name.
    ExtensionKey "extension-key" Should
    /// `extension_type` is not one of the standard's.
    ExtensionType "extension-type" Must
    /// An extension by definition lacks `extension_type`.
    ExtensionTypeMissing "extension-type-missing" Must
    /// The name of a hash algorithm breaks the rules for names.
    HashKey "hash-key" Must
    /// A schema lets nothing stand here.
    SchemaNothing "schema-nothing" Must
    /// A value is none of those a schema allows.
    SchemaValue "schema-value" Must
    /// A schema knows no property of that name.
    SchemaUnknownProperty "schema-unknown-property" Must
    /// A schema does not allow a property of that name.
    SchemaPropertyName "schema-property-name" Must
    /// A property asks for another one.
    SchemaDependent "schema-dependent" Must
    /// There are fewer properties or elements than a schema asks for.
    SchemaTooFew "schema-too-few" Must
    /// There are more properties or elements than a schema allows.
    SchemaTooMany "schema-too-many" Must
    /// A list has more elements than a schema describes.
    SchemaElement "schema-element" Must
    /// A list has too few or too many elements of a certain kind.
    SchemaContains "schema-contains" Must
    /// An element stands twice in a list of different ones.
    SchemaTwice "schema-twice" Must
    /// A number is no multiple of another.
    SchemaMultiple "schema-multiple" Must
    /// A string is shorter than a schema asks for.
    SchemaTooShort "schema-too-short" Must
    /// A string is longer than a schema allows.
    SchemaTooLong "schema-too-long" Must
    /// A string does not match the pattern of a schema.
    SchemaPattern "schema-pattern" Must
    /// A string is not in the format a schema asks for.
    SchemaFormat "schema-format" Must
    /// A whole number is written with a point or an exponent.
    SchemaWholeForm "schema-whole-form" Must
    /// A string is not base64.
    SchemaBinary "schema-binary" Must
    /// A string is not hexadecimal.
    SchemaHex "schema-hex" Must
    /// A term of an open vocabulary is not in lower case with hyphens.
    SchemaTerm "schema-term" Should
    /// An extension stands in an object of another type than it is for.
    SchemaObjectType "schema-object-type" Must
    /// No alternative of a schema fits.
    SchemaNoBranch "schema-no-branch" Must
    /// More than one alternative of a schema fits, and only one may.
    SchemaSeveral "schema-several" Must
    /// A value is what a schema rules out.
    SchemaNot "schema-not" Must
    /// A schema takes too long to check this value.
    SchemaTooCostly "schema-too-costly" Must
    /// An extension is used in a way its definition does not name.
    ExtensionTypeOther "extension-type-other" Must
    /// An extension that makes new types stands in an object of a type it does not make.
    ExtensionNewType "extension-new-type" Must
    /// Two objects are no versions of one.
    VersionOther "version-other-object" Must
    /// An object of a type without versions was changed.
    VersionNone "version-none" Must
    /// A version has another `created` than the one before.
    VersionCreated "version-created" Must
    /// A version has another creator than the one before.
    VersionCreator "version-creator" Must
    /// A version is older than the one before.
    VersionEarlier "version-earlier" Must
    /// Two objects say to be the same version and differ.
    VersionChanged "version-changed" Must
    /// A version comes after the object was revoked.
    VersionRevoked "version-revoked" Must
    /// A bundle stands where a STIX object is expected.
    BundleAsObject "bundle-as-object" Must
    /// A list of objects stands in something that is no bundle.
    NotABundle "not-a-bundle" Must
    /// What stands here is neither a bundle nor an object nor a list of them.
    UnexpectedContent "unexpected-content" Must
    /// The source could not be read; the content is not to blame.
    Unreadable "unreadable" Must
}
