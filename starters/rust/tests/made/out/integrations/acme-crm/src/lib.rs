//! The integration Acme Crm.

use events::Integration;

/// What the application knows of it.
pub struct AcmeCrm;

impl Integration for AcmeCrm {
    fn name(&self) -> &'static str {
        "acme-crm"
    }

    fn start(&self) -> Result<(), String> {
        Ok(())
    }
}
