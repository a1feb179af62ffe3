//! What the journal calls what happened, in Spanish.

/// The word of each event for people; programs read the event itself.
const EVENTS: &[(&str, &str)] = &[
    ("access-exported", "consulta: exportado"),
    ("access-opened", "consulta: abierto"),
    ("access-printed", "consulta: impreso"),
    ("access-refused", "consulta no permitida"),
    ("access-searched", "consulta: búsqueda"),
    ("account-added", "cuenta agregada"),
    ("account-disabled", "cuenta cerrada"),
    ("account-enabled", "cuenta abierta de nuevo"),
    ("account-not-added", "cuenta no admitida"),
    ("account-password-changed", "contraseña de cuenta cambiada"),
    ("account-refused", "cuenta no reconocida"),
    ("advice-said", "declaración de asesoría técnica"),
    ("agreement-activated", "versión del acuerdo activada"),
    ("agreement-added", "acuerdo incorporado"),
    ("agreement-imported", "acuerdo incorporado"),
    ("agreement-lifted", "suspensión del acuerdo levantada"),
    ("agreement-made", "proyecto de acuerdo redactado"),
    ("agreement-sent", "texto del acuerdo enviado"),
    ("agreement-signed", "acuerdo firmado"),
    ("agreement-suspended", "acuerdo suspendido"),
    ("agreement-terminated", "acuerdo terminado"),
    ("amendment-drafted", "proyecto de modificación redactado"),
    ("amendment-not-drafted", "proyecto de modificación no admitido"),
    ("audit-exported", "informe de supervisión elaborado"),
    ("audit-patterns", "hábitos revisados"),
    ("audit-person", "supervisión sobre una persona"),
    ("audit-refused", "supervisión no admitida"),
    ("audit-sampled", "expedientes sorteados"),
    ("checkpoint-sealed", "corte del registro sellado"),
    ("collection-added", "colección agregada"),
    ("collection-changed", "colección cambiada"),
    ("collection-granted", "acceso a una colección autorizado"),
    ("collection-not-added", "colección no admitida"),
    ("collection-not-granted", "acceso a una colección no autorizado"),
    ("collection-removed", "colección quitada"),
    ("consent-answered", "consentimiento respondido"),
    ("consent-asked", "consentimiento solicitado"),
    ("consent-not-asked", "solicitud de consentimiento no admitida"),
    ("contact-added", "contacto registrado"),
    ("contact-linked", "contacto vinculado a una propuesta"),
    ("contact-refused", "contacto no admitido"),
    ("delivered", "valija entregada"),
    ("descriptor-announced", "descriptor comunicado"),
    ("descriptor-not-renewed", "descriptor no renovado"),
    ("descriptor-renewed", "descriptor renovado"),
    ("descriptor-taken", "descriptor de la contraparte admitido"),
    ("folios-passed-over", "folios omitidos tras una pérdida"),
    ("imported", "archivo incorporado al acervo"),
    ("key-expired", "clave vencida"),
    ("keys-destroyed", "claves destruidas"),
    ("legal-hold-laid", "conservación por mandato legal ordenada"),
    ("legal-hold-lifted", "conservación por mandato legal levantada"),
    ("legal-hold-not-laid", "conservación por mandato legal no admitida"),
    ("legal-hold-not-lifted", "conservación por mandato legal no levantada"),
    ("node-failed", "falla del nodo"),
    ("node-made", "nodo creado"),
    ("node-started", "nodo iniciado"),
    ("node-stopped", "nodo detenido"),
    ("objects-purged", "objetos eliminados"),
    ("officer-registered", "responsable de entregas registrado"),
    ("partner-ahead", "la contraparte va adelante"),
    ("party-confirmed", "contraparte confirmada"),
    ("party-imported", "contraparte incorporada"),
    ("party-not-confirmed", "contraparte no confirmada"),
    ("passphrase-changed", "contraseña cambiada"),
    ("pouch-received", "valija recibida"),
    ("pouch-refused", "valija rechazada"),
    ("proposal-decided", "determinación sobre una propuesta"),
    ("proposal-put", "propuesta presentada"),
    ("purge-repeated", "eliminación repetida"),
    ("purge-told", "eliminación comunicada"),
    ("purge-untold", "eliminación sin comunicar"),
    ("recall-answered", "solicitud de retiro respondida"),
    ("recall-sent", "solicitud de retiro enviada"),
    ("recall-told", "instancia nacional avisada del retiro"),
    ("receipt-sealed", "acuse de recibo sellado"),
    ("record-forked", "registro de intercambio bifurcado"),
    ("release-approved", "entrega aprobada"),
    ("release-composed", "entrega preparada"),
    ("release-not-approved", "entrega no aprobada"),
    ("release-not-composed", "entrega no preparada"),
    ("release-not-sealed", "entrega no sellada"),
    ("release-open-refused", "apertura de un original no admitida"),
    ("release-opened", "original abierto a un tercero"),
    ("release-sealed", "entrega sellada"),
    ("report-refused", "informe no admitido"),
    ("report-written", "informe elaborado"),
    ("request-answered", "solicitud de información respondida"),
    ("request-clarified", "solicitud de información aclarada"),
    ("request-sent", "solicitud de información enviada"),
    ("sent-again", "valija enviada de nuevo"),
    ("standing-not-signed", "aprobación permanente no firmada"),
    ("standing-revoked", "aprobación permanente revocada"),
    ("standing-signed", "aprobación permanente firmada"),
    ("statement-consumed", "declaración procesada"),
    ("statement-held", "declaración en espera de su turno"),
    ("statement-not-made", "declaración no admitida"),
    ("statement-repeated", "declaración repetida"),
    ("token-made", "token creado"),
    ("token-revoked", "token revocado"),
    ("unit-added", "instancia nacional registrada"),
    ("unit-given", "información dada a una instancia nacional"),
    ("unit-granted", "uso autorizado a una instancia nacional"),
];

/// The Spanish for an event; the event itself where there is none.
pub(super) fn spanish(event: &str) -> &str {
    EVENTS.iter().find(|(word, _)| *word == event).map_or(event, |(_, spanish)| spanish)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_named_once_and_reads_as_words() {
        for pair in EVENTS.windows(2) {
            assert!(pair[0].0 < pair[1].0, "`{}` is out of order", pair[1].0);
        }
        assert!(EVENTS.iter().all(|(_, spanish)| !spanish.contains('-')));
        assert_eq!(spanish("release-sealed"), "entrega sellada");
        assert_eq!(spanish("something-new"), "something-new");
    }
}
