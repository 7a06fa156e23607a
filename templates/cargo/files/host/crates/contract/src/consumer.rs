use std::future::Future;

use crate::{Error, Gvk, Object};

/// Watches objects, and makes integrations available for them.
pub trait Consumer: Send + Sync {
    /// Whether the consuming service exists.
    fn exists(&self) -> impl Future<Output = bool> + Send;

    /// Ensures that an integration can be made for the object.
    fn validate(&self, object: &Object) -> Result<(), Error>;

    /// Creates an integration for the object in `namespace`.
    fn create_available_integration(
        &self,
        object: &Object,
        namespace: &str,
        enabled: bool,
    ) -> impl Future<Output = Result<(), Error>> + Send;

    /// Removes the integration that [`Consumer::create_available_integration`] made.
    fn remove_available_integration(
        &self,
        object: &Object,
        namespace: &str,
    ) -> impl Future<Output = Result<(), Error>> + Send;

    /// Announces to the registry which kinds of objects this consumer watches: at least one.
    fn gvks(&self) -> Vec<Gvk>;
}
