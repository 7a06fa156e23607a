use std::future::Future;

use crate::{Error, Integration};

/// Sets integrations with one target up, and takes them down again.
pub trait Integrator: Send + Sync {
    /// Creates the integration that the object stands for.
    ///
    /// Gives the object as it is afterwards. Doing it twice is the same as doing it once.
    fn integrate(
        &self,
        integration: &Integration,
    ) -> impl Future<Output = Result<Integration, Error>> + Send;

    /// Removes what [`Integrator::integrate`] set up, in the consuming and in the producing service.
    fn disintegrate(
        &self,
        integration: &Integration,
    ) -> impl Future<Output = Result<Integration, Error>> + Send;

    /// Announces to the registry which target this integrator handles. No two integrators handle the same one.
    fn integrates(&self) -> &str;

    /// Ensures that everything that is needed is present.
    fn validate(&self, integration: &Integration) -> Result<(), Error>;
}
