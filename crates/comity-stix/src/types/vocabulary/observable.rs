//! Vocabularies of observables and of extensions.

use super::list;
use crate::types::model::Vocabulary;

/// Kinds of user accounts (section 10.1).
pub const ACCOUNT_TYPE: Vocabulary = list(
    "account-type-ov",
    "10.1",
    &[
        "facebook",
        "ldap",
        "nis",
        "openid",
        "radius",
        "skype",
        "tacacs",
        "twitter",
        "unix",
        "windows-local",
        "windows-domain",
    ],
);

/// How an artifact is encrypted (section 10.4).
pub const ENCRYPTION_ALGORITHM: Vocabulary = list(
    "encryption-algorithm-enum",
    "10.4",
    &["AES-256-GCM", "ChaCha20-Poly1305", "mime-type-indicated"],
);

/// What an extension adds (section 10.5).
pub const EXTENSION_TYPE: Vocabulary = list(
    "extension-type-enum",
    "10.5",
    &["new-sdo", "new-sco", "new-sro", "property-extension", "toplevel-property-extension"],
);

/// Algorithms of hashes (section 10.7).
pub const HASH_ALGORITHM: Vocabulary = list(
    "hash-algorithm-ov",
    "10.7",
    &["MD5", "SHA-1", "SHA-256", "SHA-512", "SHA3-256", "SHA3-512", "SSDEEP", "TLSH"],
);

/// Families of socket addresses (section 10.16).
pub const NETWORK_SOCKET_ADDRESS_FAMILY: Vocabulary = list(
    "network-socket-address-family-enum",
    "10.16",
    &[
        "AF_UNSPEC",
        "AF_INET",
        "AF_IPX",
        "AF_APPLETALK",
        "AF_NETBIOS",
        "AF_INET6",
        "AF_IRDA",
        "AF_BTH",
    ],
);

/// Kinds of sockets (section 10.17).
pub const NETWORK_SOCKET_TYPE: Vocabulary = list(
    "network-socket-type-enum",
    "10.17",
    &["SOCK_STREAM", "SOCK_DGRAM", "SOCK_RAW", "SOCK_RDM", "SOCK_SEQPACKET"],
);

/// Integrity levels of Windows processes (section 10.27).
pub const WINDOWS_INTEGRITY_LEVEL: Vocabulary =
    list("windows-integrity-level-enum", "10.27", &["low", "medium", "high", "system"]);

/// Kinds of Windows PE binaries (section 10.28).
pub const WINDOWS_PEBINARY_TYPE: Vocabulary =
    list("windows-pebinary-type-ov", "10.28", &["dll", "exe", "sys"]);

/// Kinds of Windows registry values (section 10.29).
pub const WINDOWS_REGISTRY_DATATYPE: Vocabulary = list(
    "windows-registry-datatype-enum",
    "10.29",
    &[
        "REG_NONE",
        "REG_SZ",
        "REG_EXPAND_SZ",
        "REG_BINARY",
        "REG_DWORD",
        "REG_DWORD_BIG_ENDIAN",
        "REG_DWORD_LITTLE_ENDIAN",
        "REG_LINK",
        "REG_MULTI_SZ",
        "REG_RESOURCE_LIST",
        "REG_FULL_RESOURCE_DESCRIPTION",
        "REG_RESOURCE_REQUIREMENTS_LIST",
        "REG_QWORD",
        "REG_INVALID_TYPE",
    ],
);

/// How a Windows service starts (section 10.30).
pub const WINDOWS_SERVICE_START_TYPE: Vocabulary = list(
    "windows-service-start-type-enum",
    "10.30",
    &[
        "SERVICE_AUTO_START",
        "SERVICE_BOOT_START",
        "SERVICE_DEMAND_START",
        "SERVICE_DISABLED",
        "SERVICE_SYSTEM_ALERT",
    ],
);

/// Kinds of Windows services (section 10.31).
pub const WINDOWS_SERVICE_TYPE: Vocabulary = list(
    "windows-service-type-enum",
    "10.31",
    &[
        "SERVICE_KERNEL_DRIVER",
        "SERVICE_FILE_SYSTEM_DRIVER",
        "SERVICE_WIN32_OWN_PROCESS",
        "SERVICE_WIN32_SHARE_PROCESS",
    ],
);

/// What a Windows service is doing (section 10.32).
pub const WINDOWS_SERVICE_STATUS: Vocabulary = list(
    "windows-service-status-enum",
    "10.32",
    &[
        "SERVICE_CONTINUE_PENDING",
        "SERVICE_PAUSE_PENDING",
        "SERVICE_PAUSED",
        "SERVICE_RUNNING",
        "SERVICE_START_PENDING",
        "SERVICE_STOP_PENDING",
        "SERVICE_STOPPED",
    ],
);
