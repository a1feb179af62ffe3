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
