//! Vocabularies of the other domain objects.

use super::list;
use crate::types::model::Vocabulary;

/// What the objects of a grouping have in common (section 10.6).
pub const GROUPING_CONTEXT: Vocabulary = list(
    "grouping-context-ov",
    "10.6",
    &["suspicious-activity", "malware-analysis", "unspecified"],
);

/// Languages that malware is written in (section 10.9).
pub const IMPLEMENTATION_LANGUAGE: Vocabulary = list(
    "implementation-language-ov",
    "10.9",
    &[
        "applescript",
        "bash",
        "c",
        "c++",
        "c#",
        "go",
        "java",
        "javascript",
        "lua",
        "objective-c",
        "perl",
        "php",
        "powershell",
        "python",
        "ruby",
        "rust",
        "scala",
        "swift",
        "typescript",
        "visual-basic",
        "x86-32",
        "x86-64",
    ],
);

/// What an indicator points to (section 10.10).
pub const INDICATOR_TYPE: Vocabulary = list(
    "indicator-type-ov",
    "10.10",
    &[
        "anomalous-activity",
        "anonymization",
        "benign",
        "compromised",
        "malicious-activity",
        "attribution",
        "unknown",
    ],
);

/// What infrastructure serves for (section 10.12).
pub const INFRASTRUCTURE_TYPE: Vocabulary = list(
    "infrastructure-type-ov",
    "10.12",
    &[
        "amplification",
        "anonymization",
        "botnet",
        "command-and-control",
        "control-system",
        "exfiltration",
        "firewall",
        "hosting-malware",
        "hosting-target-lists",
        "phishing",
        "reconnaissance",
        "routers-switches",
        "staging",
        "workstation",
        "unknown",
    ],
);

/// What malware can do (section 10.13).
pub const MALWARE_CAPABILITIES: Vocabulary = list(
    "malware-capabilities-ov",
    "10.13",
    &[
        "accesses-remote-machines",
        "anti-debugging",
        "anti-disassembly",
        "anti-emulation",
        "anti-memory-forensics",
        "anti-sandbox",
        "anti-vm",
        "captures-input-peripherals",
        "captures-output-peripherals",
        "captures-system-state-data",
        "cleans-traces-of-infection",
        "commits-fraud",
        "communicates-with-c2",
        "compromises-data-availability",
        "compromises-data-integrity",
        "compromises-system-availability",
        "controls-local-machine",
        "degrades-security-software",
        "degrades-system-updates",
        "determines-c2-server",
        "emails-spam",
        "escalates-privileges",
        "evades-av",
        "exfiltrates-data",
        "fingerprints-host",
        "hides-artifacts",
        "hides-executing-code",
        "infects-files",
        "infects-remote-machines",
        "installs-other-components",
        "persists-after-system-reboot",
        "prevents-artifact-access",
        "prevents-artifact-deletion",
        "probes-network-environment",
        "self-modifies",
        "steals-authentication-credentials",
        "violates-system-operational-integrity",
    ],
);

/// What an analysis of malware finds (section 10.14).
pub const MALWARE_RESULT: Vocabulary =
    list("malware-result-ov", "10.14", &["malicious", "suspicious", "benign", "unknown"]);

/// Kinds of malware (section 10.15).
pub const MALWARE_TYPE: Vocabulary = list(
    "malware-type-ov",
    "10.15",
    &[
        "adware",
        "backdoor",
        "bot",
        "bootkit",
        "ddos",
        "downloader",
        "dropper",
        "exploit-kit",
        "keylogger",
        "ransomware",
        "remote-access-trojan",
        "resource-exploitation",
        "rogue-security-software",
        "rootkit",
        "screen-capture",
        "spyware",
        "trojan",
        "unknown",
        "virus",
        "webshell",
        "wiper",
        "worm",
    ],
);

/// How far somebody agrees (section 10.18).
pub const OPINION: Vocabulary = list(
    "opinion-enum",
    "10.18",
    &["strongly-disagree", "disagree", "neutral", "agree", "strongly-agree"],
);

/// Languages of patterns (section 10.19).
pub const PATTERN_TYPE: Vocabulary =
    list("pattern-type-ov", "10.19", &["stix", "pcre", "sigma", "snort", "suricata", "yara"]);

/// Architectures of processors (section 10.20).
pub const PROCESSOR_ARCHITECTURE: Vocabulary = list(
    "processor-architecture-ov",
    "10.20",
    &["alpha", "arm", "ia-64", "mips", "powerpc", "sparc", "x86", "x86-64"],
);

/// What a report is about (section 10.22).
pub const REPORT_TYPE: Vocabulary = list(
    "report-type-ov",
    "10.22",
    &[
        "attack-pattern",
        "campaign",
        "identity",
        "incident",
        "indicator",
        "intrusion-set",
        "malware",
        "observed-data",
        "threat-actor",
        "threat-report",
        "tool",
        "vulnerability",
    ],
);

/// Kinds of tools (section 10.26).
pub const TOOL_TYPE: Vocabulary = list(
    "tool-type-ov",
    "10.26",
    &[
        "denial-of-service",
        "exploitation",
        "information-gathering",
        "network-capture",
        "credential-exploitation",
        "remote-access",
        "vulnerability-scanning",
        "unknown",
    ],
);
