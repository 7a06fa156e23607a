//! The types of SARIF 2.1.0 that `tenon` writes, with the names of the standard:
//! <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>. The numbers are sections of the standard.

use serde::Serialize;

/// 3.13
#[derive(Serialize)]
pub struct Log {
    #[serde(rename = "$schema")]
    pub schema: &'static str,
    pub version: &'static str,
    pub runs: [Run; 1],
}

/// 3.14
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Run {
    pub tool: Tool,
    pub invocations: [Invocation; 1],
    pub original_uri_base_ids: UriBaseIds,
    pub column_kind: &'static str,
    pub results: Vec<SarifResult>,
}

/// 3.18
#[derive(Serialize)]
pub struct Tool {
    pub driver: Driver,
}

/// 3.19
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Driver {
    pub name: &'static str,
    pub semantic_version: &'static str,
    pub version: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub information_uri: Option<&'static str>,
    pub rules: Vec<Rule>,
}

/// 3.20
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Invocation {
    pub execution_successful: bool,
}

/// 3.14.14
#[derive(Serialize)]
pub struct UriBaseIds {
    #[serde(rename = "SRCROOT")]
    pub root: UriBase,
}

/// 3.4
#[derive(Serialize)]
pub struct UriBase {
    pub description: Message,
}

/// 3.49
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Rule {
    pub id: &'static str,
    pub short_description: Message,
    pub help: Help,
    pub default_configuration: Configuration,
}

/// 3.12
#[derive(Serialize)]
pub struct Help {
    pub text: String,
    pub markdown: &'static str,
}

/// 3.50
#[derive(Serialize)]
pub struct Configuration {
    pub level: &'static str,
}

/// 3.27
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SarifResult {
    pub rule_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule_index: Option<usize>,
    pub level: &'static str,
    pub message: Message,
    pub locations: [Location; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub related_locations: Vec<Location>,
    pub partial_fingerprints: Fingerprints,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fixes: Vec<Fix>,
    #[serde(skip_serializing_if = "Properties::is_empty")]
    pub properties: Properties,
}

/// 3.8
#[derive(Serialize)]
pub struct Properties {
    #[serde(skip_serializing_if = "String::is_empty")]
    pub subject: String,
}

impl Properties {
    fn is_empty(&self) -> bool {
        self.subject.is_empty()
    }
}

/// 3.27.17
#[derive(Serialize)]
pub struct Fingerprints {
    #[serde(rename = "tenonFinding/v1")]
    pub finding: String,
}

/// 3.11
#[derive(Serialize)]
pub struct Message {
    pub text: String,
}

impl Message {
    /// A plain text message. Names could spell a link (3.11.6), which is escaped.
    pub fn new(text: &str) -> Self {
        Self {
            text: text.replace("](", "\\]("),
        }
    }
}

/// 3.28
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Location {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<usize>,
    pub physical_location: PhysicalLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<Message>,
}

/// 3.29
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PhysicalLocation {
    pub artifact_location: ArtifactLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<Region>,
}

/// 3.4
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ArtifactLocation {
    pub uri: String,
    pub uri_base_id: &'static str,
}

/// 3.30
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Region {
    pub start_line: usize,
    pub start_column: usize,
    pub end_line: usize,
    pub end_column: usize,
}

/// 3.55
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Fix {
    pub description: Message,
    pub artifact_changes: Vec<ArtifactChange>,
}

/// 3.56
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ArtifactChange {
    pub artifact_location: ArtifactLocation,
    pub replacements: Vec<Replacement>,
}

/// 3.57
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Replacement {
    pub deleted_region: Region,
    pub inserted_content: Message,
}
