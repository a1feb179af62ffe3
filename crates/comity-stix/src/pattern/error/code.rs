//! The names of the rules.

/// The rule that a text breaks and so is no pattern. The names are stable: translations and metrics use them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum PatternCode {
    /// The text has more bytes than allowed.
    TooLong,
    /// Brackets and parentheses, or the steps of a path, go deeper than allowed.
    TooDeep,
    /// More comparisons and elements of sets than allowed.
    TooManyComparisons,
    /// More regular expressions than allowed.
    TooManyExpressions,
    /// A regular expression is longer, or takes more memory, than allowed.
    ExpressionTooLarge,
    /// A regular expression is good, and this program has no means to run it.
    Unsupported,
    /// There is no pattern in the text.
    Empty,
    /// Something else stands where a part of the pattern was expected.
    Unexpected,
    /// The text ends where a part of the pattern was expected.
    Cut,
    /// A character that means nothing in patterns.
    UnexpectedCharacter,
    /// Text stands in other quotation marks than apostrophes.
    QuotationMarks,
    /// The apostrophe that ends a text is missing.
    UnendedText,
    /// A backslash stands before something else than an apostrophe or a backslash.
    BadEscape,
    /// A comment, which patterns have none of.
    Comment,
    /// An operator of other languages.
    ForeignOperator,
    /// A keyword is not written as the standard writes it.
    KeywordCase,
    /// A comparison stands outside square brackets.
    MissingBrackets,
    /// `NOT` stands before a comparison, not before its operator.
    MisplacedNot,
    /// A property name has to stand in apostrophes.
    UnquotedName,
    /// A property name is empty.
    EmptyName,
    /// Text stands without apostrophes.
    UnquotedText,
    /// `START` or `STOP` has plain text, as in patterns of STIX 2.0.
    PlainTimestamp,
    /// A number has a plus sign.
    PlusSign,
    /// A number is not written in the usual fashion.
    NumberForm,
    /// An integer is outside the range of the standard.
    IntegerRange,
    /// A float is larger than a double can be.
    FloatRange,
    /// An index of a list is no whole number from 0 on.
    IndexForm,
    /// A hex constant has an odd number of digits, or something else than digits.
    HexForm,
    /// A hex constant has capital letters.
    HexUppercase,
    /// A binary constant is not base64.
    BinaryForm,
    /// A timestamp is not of the form of the standard.
    TimestampForm,
    /// A timestamp names no date or time of day.
    TimestampNoSuchTime,
    /// A set has constants of more than one kind.
    MixedSet,
    /// Comparisons joined by `AND` are about different types of object.
    NoCommonType,
    /// An expression has two qualifiers of one kind.
    DuplicateQualifier,
    /// A window or a repetition is zero or less.
    NotPositive,
    /// A repetition is not a whole number.
    NotWhole,
    /// A regular expression cannot be read.
    BadExpression,
    /// The operand of `ISSUBSET` or `ISSUPERSET` is no address or network.
    BadAddress,
}

impl PatternCode {
    /// All of them.
    pub const ALL: &'static [Self] = &[
        Self::TooLong,
        Self::TooDeep,
        Self::TooManyComparisons,
        Self::TooManyExpressions,
        Self::ExpressionTooLarge,
        Self::Unsupported,
        Self::Empty,
        Self::Unexpected,
        Self::Cut,
        Self::UnexpectedCharacter,
        Self::QuotationMarks,
        Self::UnendedText,
        Self::BadEscape,
        Self::Comment,
        Self::ForeignOperator,
        Self::KeywordCase,
        Self::MissingBrackets,
        Self::MisplacedNot,
        Self::UnquotedName,
        Self::EmptyName,
        Self::UnquotedText,
        Self::PlainTimestamp,
        Self::PlusSign,
        Self::NumberForm,
        Self::IntegerRange,
        Self::FloatRange,
        Self::IndexForm,
        Self::HexForm,
        Self::HexUppercase,
        Self::BinaryForm,
        Self::TimestampForm,
        Self::TimestampNoSuchTime,
        Self::MixedSet,
        Self::NoCommonType,
        Self::DuplicateQualifier,
        Self::NotPositive,
        Self::NotWhole,
        Self::BadExpression,
        Self::BadAddress,
    ];

    /// The stable name, in kebab case.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::TooLong => "pattern-too-long",
            Self::TooDeep => "pattern-too-deep",
            Self::TooManyComparisons => "pattern-too-many-comparisons",
            Self::TooManyExpressions => "pattern-too-many-regular-expressions",
            Self::ExpressionTooLarge => "pattern-regular-expression-too-large",
            Self::Unsupported => "pattern-unsupported",
            Self::Empty => "pattern-empty",
            Self::Unexpected => "pattern-unexpected",
            Self::Cut => "pattern-cut",
            Self::UnexpectedCharacter => "pattern-unexpected-character",
            Self::QuotationMarks => "pattern-quotation-marks",
            Self::UnendedText => "pattern-unended-text",
            Self::BadEscape => "pattern-bad-escape",
            Self::Comment => "pattern-comment",
            Self::ForeignOperator => "pattern-foreign-operator",
            Self::KeywordCase => "pattern-keyword-case",
            Self::MissingBrackets => "pattern-missing-brackets",
            Self::MisplacedNot => "pattern-misplaced-not",
            Self::UnquotedName => "pattern-unquoted-name",
            Self::EmptyName => "pattern-empty-name",
            Self::UnquotedText => "pattern-unquoted-text",
            Self::PlainTimestamp => "pattern-plain-timestamp",
            Self::PlusSign => "pattern-plus-sign",
            Self::NumberForm => "pattern-number-form",
            Self::IntegerRange => "pattern-integer-range",
            Self::FloatRange => "pattern-float-range",
            Self::IndexForm => "pattern-index-form",
            Self::HexForm => "pattern-hex-form",
            Self::HexUppercase => "pattern-hex-uppercase",
            Self::BinaryForm => "pattern-binary-form",
            Self::TimestampForm => "pattern-timestamp-form",
            Self::TimestampNoSuchTime => "pattern-timestamp-no-such-time",
            Self::MixedSet => "pattern-mixed-set",
            Self::NoCommonType => "pattern-no-common-type",
            Self::DuplicateQualifier => "pattern-duplicate-qualifier",
            Self::NotPositive => "pattern-not-positive",
            Self::NotWhole => "pattern-not-whole",
            Self::BadExpression => "pattern-bad-regular-expression",
            Self::BadAddress => "pattern-bad-address",
        }
    }

    /// Whether it is a bound of this program: by the standard the text may well be a pattern.
    pub fn is_bound(self) -> bool {
        matches!(
            self,
            Self::TooLong
                | Self::TooDeep
                | Self::TooManyComparisons
                | Self::TooManyExpressions
                | Self::ExpressionTooLarge
                | Self::Unsupported
        )
    }

    /// The section of the standard that holds the rule, or `docs/protocol.md 5` for a bound of this node. An error
    /// that says what should stand there names the section of that instead.
    pub fn section(self) -> &'static str {
        match self {
            Self::TooLong
            | Self::TooDeep
            | Self::TooManyComparisons
            | Self::TooManyExpressions
            | Self::ExpressionTooLarge
            | Self::Unsupported => "docs/protocol.md 5",
            Self::IntegerRange => "2.10",
            Self::FloatRange => "2.6",
            Self::TimestampForm | Self::TimestampNoSuchTime => "2.16",
            Self::QuotationMarks
            | Self::UnendedText
            | Self::BadEscape
            | Self::UnquotedText
            | Self::PlusSign
            | Self::NumberForm
            | Self::HexForm
            | Self::HexUppercase
            | Self::BinaryForm => "9.2",
            Self::Empty
            | Self::Unexpected
            | Self::Cut
            | Self::UnexpectedCharacter
            | Self::Comment
            | Self::KeywordCase => "9.4",
            Self::MissingBrackets | Self::NoCommonType => "9.5",
            Self::PlainTimestamp
            | Self::DuplicateQualifier
            | Self::NotPositive
            | Self::NotWhole => "9.5.1",
            Self::ForeignOperator
            | Self::MisplacedNot
            | Self::MixedSet
            | Self::BadExpression
            | Self::BadAddress => "9.6.1",
            Self::UnquotedName | Self::EmptyName => "9.7",
            Self::IndexForm => "9.7.2",
        }
    }
}
