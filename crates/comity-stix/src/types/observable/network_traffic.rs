//! Network traffic (section 6.12).

mod extensions;

use crate::types::make::{
    COUNT, WHOLE, both, extension, may, must, needed, observable, should, to,
};
use crate::types::model::{Choice, Kind, Scalar, Shape, Type};

const END: Kind = to(&["ipv4-addr", "ipv6-addr", "mac-addr", "domain-name"]);

const PORT: Kind = Kind::Integer(0, 65_535);

pub(super) const TYPE: Type = Type {
    contributing: &[
        "start",
        "end",
        "src_ref",
        "dst_ref",
        "src_port",
        "dst_port",
        "protocols",
        "extensions",
    ],
    extensions: &[
        extension(&extensions::HTTP_REQUEST, "an HTTP request", "una solicitud HTTP"),
        extension(&extensions::ICMP, "what an ICMP message is", "qué es un mensaje ICMP"),
        extension(
            &extensions::SOCKET,
            "the socket at one end of the traffic",
            "el socket en un extremo del tráfico",
        ),
        extension(
            &extensions::TCP,
            "the TCP flags that were seen",
            "los indicadores TCP que se observaron",
        ),
    ],
    ..observable(
        Shape {
            name: "network-traffic",
            section: "6.12.1",
            properties: &[
                may("start", Kind::Timestamp, "when it began", "cuándo comenzó"),
                may("end", Kind::Timestamp, "when it ended", "cuándo terminó"),
                may("is_active", Kind::Boolean, "whether it still goes on", "si sigue en curso"),
                may("src_ref", END, "where it comes from", "de dónde viene"),
                may("dst_ref", END, "where it goes", "a dónde va"),
                may("src_port", PORT, "the port it comes from", "el puerto del que sale"),
                may("dst_port", PORT, "the port it goes to", "el puerto al que llega"),
                needed(
                    "protocols",
                    Kind::List(&Kind::Protocol),
                    "the protocols seen in it, the outermost first",
                    "los protocolos que se observaron, primero el más externo",
                ),
                // The text calls these four counts positive. Traffic that went one way only has 0 the other way, and
                // the schemas of the same committee take that, so 0 is not refused.
                may(
                    "src_byte_count",
                    COUNT,
                    "how many bytes the source sent",
                    "cuántos bytes envió el origen",
                ),
                may(
                    "dst_byte_count",
                    COUNT,
                    "how many bytes the destination sent",
                    "cuántos bytes envió el destino",
                ),
                may(
                    "src_packets",
                    COUNT,
                    "how many packets the source sent",
                    "cuántos paquetes envió el origen",
                ),
                may(
                    "dst_packets",
                    COUNT,
                    "how many packets the destination sent",
                    "cuántos paquetes envió el destino",
                ),
                may(
                    "ipfix",
                    Kind::Names(&Kind::Either(&[WHOLE, Kind::Text])),
                    "what a flow exporter recorded of it, by IPFIX names",
                    "lo que de él registró un exportador de flujos, por nombres de IPFIX",
                ),
                may(
                    "src_payload_ref",
                    to(&["artifact"]),
                    "the bytes that the source sent",
                    "los bytes que envió el origen",
                ),
                may(
                    "dst_payload_ref",
                    to(&["artifact"]),
                    "the bytes that the destination sent",
                    "los bytes que envió el destino",
                ),
                may(
                    "encapsulates_refs",
                    Kind::List(&to(&["network-traffic"])),
                    "the traffic tunnelled in it",
                    "el tráfico encapsulado en él",
                ),
                may(
                    "encapsulated_by_ref",
                    to(&["network-traffic"]),
                    "the traffic it is tunnelled in",
                    "el tráfico que lo encapsula",
                ),
            ],
            rules: &[
                must("6.12", Choice::SomeOf(&[&["src_ref"], &["dst_ref"]])),
                should("6.12", Choice::SomeOf(&[&["src_port", "dst_port"]])),
                must("6.12.1", Choice::ForbidsWhen("is_active", Scalar::Boolean(true), &["end"])),
                must("6.12.1", Choice::Order("start", "end")),
                should("6.12.1", Choice::Extended("http-request-ext", "protocols", "http")),
                should("6.12.1", Choice::Extended("icmp-ext", "protocols", "icmp")),
                should("6.12.1", Choice::Extended("tcp-ext", "protocols", "tcp")),
            ],
        },
        "6.12",
        both(
            "traffic from a source to a destination, whether or not a connection came about",
            "tráfico de un origen a un destino, se haya establecido o no una conexión",
        ),
    )
};
