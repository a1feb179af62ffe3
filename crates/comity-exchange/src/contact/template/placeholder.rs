//! What may stand in braces in a template.

use super::About;

macro_rules! placeholders {
    ($($(#[$doc:meta])* $variant:ident = $word:literal, $contact:literal, $exchange:literal);+ $(;)?) => {
        /// A placeholder of a template.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Placeholder {
            $($(#[$doc])* $variant),+
        }

        impl Placeholder {
            /// Every placeholder.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word that stands in the braces.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// Whether it has a value in a report about this.
            pub const fn fits(self, about: About) -> bool {
                let (contact, exchange) = match self { $(Self::$variant => ($contact, $exchange)),+ };
                match about {
                    About::Contact => contact,
                    About::Exchange => exchange,
                }
            }

            /// The placeholder of a word.
            pub fn of(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|it| it.word() == word)
            }
        }
    };
}

placeholders! {
    /// The number of the contact, or of the statement at the party that made it.
    Folio = "folio", true, true;
    /// How the contact took place, or what kind of statement it is.
    Kind = "kind", true, true;
    /// The day, in UTC.
    Date = "date", true, true;
    /// The hour, in UTC, with the zone named.
    Time = "time", true, true;
    /// This party's handle.
    Party = "party", true, true;
    /// This party's name.
    PartyName = "party_name", true, true;
    /// The partner's handle.
    Partner = "partner", true, true;
    /// The partner's name.
    PartnerName = "partner_name", true, true;
    /// When the report is written.
    ReportedAt = "reported_at", true, true;
    /// When it is due, or a dash.
    Due = "due", true, true;
    /// This party's office.
    OurOffice = "our_office", true, false;
    /// The partner's office.
    TheirOffice = "their_office", true, false;
    /// What the contact was about.
    Subject = "subject", true, false;
    /// What was said.
    Said = "said", true, false;
    /// The office that authorised it.
    AuthorisedBy = "authorised_by", true, false;
    /// The reference of the authorisation.
    Authorisation = "authorisation", true, false;
    /// The folios of the proposals to which it is linked, or a dash.
    Proposals = "proposals", true, false;
    /// Whether it was given or received.
    Direction = "direction", false, true;
    /// The digest of the statement.
    Statement = "statement", false, true;
    /// How many objects a release holds, or a dash.
    Objects = "objects", false, true;
    /// The text of the statement, or a dash.
    Text = "text", false, true;
}
