//! Process (section 6.13).

mod windows;

use crate::types::make::{WHOLE, both, extension, may, must, observable, to};
use crate::types::model::{Choice, Kind, Shape, Type};

pub(super) const TYPE: Type = Type {
    // Nothing contributes: identifiers of processes are random (section 6.13.1).
    contributing: &[],
    extensions: &[
        extension(
            &windows::PROCESS,
            "what Windows knows about a process",
            "lo que Windows sabe de un proceso",
        ),
        extension(
            &windows::SERVICE,
            "what Windows knows about a service",
            "lo que Windows sabe de un servicio",
        ),
    ],
    ..observable(
        Shape {
            name: "process",
            section: "6.13.1",
            properties: &[
                may("is_hidden", Kind::Boolean, "whether it hides", "si se oculta"),
                may("pid", WHOLE, "its number in the system", "su número en el sistema"),
                may("created_time", Kind::Timestamp, "when it was started", "cuándo se inició"),
                may("cwd", Kind::Text, "the directory it works in", "el directorio en que trabaja"),
                may(
                    "command_line",
                    Kind::Text,
                    "the whole command that started it, arguments included",
                    "la orden completa que lo inició, con sus argumentos",
                ),
                may(
                    "environment_variables",
                    Kind::Names(&Kind::Text),
                    "its environment variables",
                    "sus variables de entorno",
                ),
                may(
                    "opened_connection_refs",
                    Kind::List(&to(&["network-traffic"])),
                    "the connections it opened",
                    "las conexiones que abrió",
                ),
                may(
                    "creator_user_ref",
                    to(&["user-account"]),
                    "the account that started it",
                    "la cuenta que lo inició",
                ),
                may(
                    "image_ref",
                    to(&["file"]),
                    "the executable it runs",
                    "el ejecutable que corre",
                ),
                may(
                    "parent_ref",
                    to(&["process"]),
                    "the process that started it",
                    "el proceso que lo inició",
                ),
                may(
                    "child_refs",
                    Kind::List(&to(&["process"])),
                    "the processes it started",
                    "los procesos que inició",
                ),
            ],
            // Not `SomeBut`: a property of one of its extensions will do.
            rules: &[must(
                "6.13",
                Choice::SomeOf(&[
                    &["extensions"],
                    &["is_hidden"],
                    &["pid"],
                    &["created_time"],
                    &["cwd"],
                    &["command_line"],
                    &["environment_variables"],
                    &["opened_connection_refs"],
                    &["creator_user_ref"],
                    &["image_ref"],
                    &["parent_ref"],
                    &["child_refs"],
                ]),
            )],
        },
        "6.13",
        both("a program as it runs on a system", "un programa en ejecución en un sistema"),
    )
};
