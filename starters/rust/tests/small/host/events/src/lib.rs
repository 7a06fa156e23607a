//! What integrations may listen to.

/// An integration; `dyn` in the application.
pub trait Integration {
    /// What it is called.
    fn name(&self) -> &'static str;
    /// Called when the application starts.
    fn start(&self) -> Result<(), String>;
}
