//! User account (section 6.16).

use crate::types::make::{WHOLE, both, extension, may, must, observable};
use crate::types::model::{Choice, Kind, Shape, Type};
use crate::types::vocabulary;

/// Section 6.16.2.
const UNIX: Shape = Shape {
    name: "unix-account-ext",
    section: "6.16.2",
    properties: &[
        may("gid", WHOLE, "the number of its primary group", "el número de su grupo principal"),
        may(
            "groups",
            Kind::List(&Kind::Text),
            "the groups it is a member of",
            "los grupos a los que pertenece",
        ),
        may("home_dir", Kind::Text, "its home directory", "su directorio personal"),
        may("shell", Kind::Text, "its command shell", "su intérprete de órdenes"),
    ],
    rules: &[must("6.16.2", Choice::SomeBut(&[]))],
};

pub(super) const TYPE: Type = Type {
    contributing: &["account_type", "user_id", "account_login"],
    extensions: &[extension(
        &UNIX,
        "what a Unix system knows about an account",
        "lo que un sistema Unix sabe de una cuenta",
    )],
    ..observable(
        Shape {
            name: "user-account",
            section: "6.16.1",
            properties: &[
                may(
                    "user_id",
                    Kind::Text,
                    "what identifies it in its system",
                    "lo que la identifica en su sistema",
                ),
                may(
                    "credential",
                    Kind::Text,
                    "its password in the clear, as found in malware",
                    "su contraseña en claro, tal como se halló en código malicioso",
                ),
                may(
                    "account_login",
                    Kind::Text,
                    "what its user types to log in",
                    "lo que su usuario teclea para iniciar sesión",
                ),
                may(
                    "account_type",
                    Kind::Open(&vocabulary::ACCOUNT_TYPE),
                    "what sort of account it is",
                    "qué clase de cuenta es",
                ),
                may(
                    "display_name",
                    Kind::Text,
                    "the name that is shown for it",
                    "el nombre con que se muestra",
                ),
                may(
                    "is_service_account",
                    Kind::Boolean,
                    "whether a service uses it and not a person",
                    "si la usa un servicio y no una persona",
                ),
                may(
                    "is_privileged",
                    Kind::Boolean,
                    "whether it has raised privileges",
                    "si tiene privilegios elevados",
                ),
                may(
                    "can_escalate_privs",
                    Kind::Boolean,
                    "whether it can raise its privileges",
                    "si puede elevar sus privilegios",
                ),
                may("is_disabled", Kind::Boolean, "whether it is disabled", "si está inhabilitada"),
                may("account_created", Kind::Timestamp, "when it was created", "cuándo se creó"),
                may("account_expires", Kind::Timestamp, "when it expires", "cuándo vence"),
                may(
                    "credential_last_changed",
                    Kind::Timestamp,
                    "when its password was last changed",
                    "cuándo se cambió su contraseña por última vez",
                ),
                may(
                    "account_first_login",
                    Kind::Timestamp,
                    "when it was first logged in to",
                    "cuándo se inició sesión en ella por primera vez",
                ),
                may(
                    "account_last_login",
                    Kind::Timestamp,
                    "when it was last logged in to",
                    "cuándo se inició sesión en ella por última vez",
                ),
            ],
            // Not `SomeBut`: the standard lists `extensions` among the properties one of which has to be there.
            rules: &[must(
                "6.16",
                Choice::SomeOf(&[
                    &["extensions"],
                    &["user_id"],
                    &["credential"],
                    &["account_login"],
                    &["account_type"],
                    &["display_name"],
                    &["is_service_account"],
                    &["is_privileged"],
                    &["can_escalate_privs"],
                    &["is_disabled"],
                    &["account_created"],
                    &["account_expires"],
                    &["credential_last_changed"],
                    &["account_first_login"],
                    &["account_last_login"],
                ]),
            )],
        },
        "6.16",
        both(
            "an account of any sort: of a system, a device, a messenger, a social network",
            "una cuenta de cualquier clase: de un sistema, dispositivo, mensajería o red social",
        ),
    )
};
