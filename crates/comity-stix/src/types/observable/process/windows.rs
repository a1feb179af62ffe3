//! Processes and services of Windows (sections 6.13.2 and 6.13.3).

use crate::types::make::{may, must, to};
use crate::types::model::{Choice, Kind, Shape};
use crate::types::vocabulary;

/// Section 6.13.2.
pub(super) const PROCESS: Shape = Shape {
    name: "windows-process-ext",
    section: "6.13.2",
    properties: &[
        may(
            "aslr_enabled",
            Kind::Boolean,
            "whether its address space is laid out at random",
            "si su espacio de direcciones se dispone al azar",
        ),
        may(
            "dep_enabled",
            Kind::Boolean,
            "whether its data is kept from being executed",
            "si se impide ejecutar sus datos",
        ),
        may("priority", Kind::Ending("_CLASS"), "its priority class", "su clase de prioridad"),
        may(
            "owner_sid",
            Kind::Text,
            "the security identifier of its owner",
            "el identificador de seguridad de su propietario",
        ),
        may(
            "windows_title",
            Kind::Text,
            "the title of its main window",
            "el título de su ventana principal",
        ),
        may(
            "startup_info",
            Kind::Names(&Kind::Any),
            "the structure it was started with, by the names of its fields",
            "la estructura con que se inició, por los nombres de sus campos",
        ),
        may(
            "integrity_level",
            Kind::Enum(&vocabulary::WINDOWS_INTEGRITY_LEVEL),
            "how far Windows trusts it",
            "cuánto confía Windows en él",
        ),
    ],
    rules: &[must("6.13.2", Choice::SomeBut(&[]))],
};

/// Section 6.13.3.
pub(super) const SERVICE: Shape = Shape {
    name: "windows-service-ext",
    section: "6.13.3",
    properties: &[
        may("service_name", Kind::Text, "what it is called", "cómo se llama"),
        may("descriptions", Kind::List(&Kind::Text), "how it is described", "cómo se describe"),
        may(
            "display_name",
            Kind::Text,
            "the name that Windows shows for it",
            "el nombre con que lo muestra Windows",
        ),
        may(
            "group_name",
            Kind::Text,
            "the group it is loaded with",
            "el grupo con el que se carga",
        ),
        may(
            "start_type",
            Kind::Enum(&vocabulary::WINDOWS_SERVICE_START_TYPE),
            "when it is started",
            "cuándo se inicia",
        ),
        may(
            "service_dll_refs",
            Kind::List(&to(&["file"])),
            "the libraries it loads",
            "las bibliotecas que carga",
        ),
        may(
            "service_type",
            Kind::Enum(&vocabulary::WINDOWS_SERVICE_TYPE),
            "what sort of service it is",
            "qué clase de servicio es",
        ),
        may(
            "service_status",
            Kind::Enum(&vocabulary::WINDOWS_SERVICE_STATUS),
            "what state it is in",
            "en qué estado se encuentra",
        ),
    ],
    rules: &[must("6.13.3", Choice::SomeBut(&[]))],
};
