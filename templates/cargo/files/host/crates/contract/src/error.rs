use crate::Gvk;

/// Why an integration failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// What was asked for is not written yet.
    #[error("not implemented yet")]
    NotImplemented,
    /// The object cannot be used.
    #[error("{0}")]
    Invalid(String),
    /// A service does not answer.
    #[error("`{0}` cannot be reached")]
    Unavailable(String),
    /// Nothing handles the target.
    #[error("nothing integrates `{0}`")]
    Unknown(String),
    /// What a service said.
    #[error(transparent)]
    Service(#[from] Box<dyn std::error::Error + Send + Sync>),
}

/// Why something cannot be registered.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RegistryError {
    /// Another integrator handles the target.
    #[error("`{0}` has an integrator already")]
    Taken(String),
    /// The target has no name.
    #[error("an integrator must name its target")]
    NoTarget,
    /// The consumer watches nothing.
    #[error("a consumer must watch at least one kind of objects")]
    NoKinds,
    /// A kind without a name.
    #[error("`{0}` is no kind of objects")]
    NoKind(Gvk),
}
