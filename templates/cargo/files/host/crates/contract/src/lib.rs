//! What integrations implement, and the registry that holds them.
//!
//! An integration is a crate of its own. It implements [`Integrator`] for one target, and [`Consumer`] for what makes
//! integrations available; its `register` function puts both into a [`Registry`].

mod consumer;
mod error;
mod integrator;
mod registry;
mod types;

pub use consumer::Consumer;
pub use error::{Error, RegistryError};
pub use integrator::Integrator;
pub use registry::Registry;
pub use types::{Gvk, Integration, Object};
