//! The application.

use acme_crm::AcmeCrm;
use events::Integration;

fn register(all: &mut Vec<Box<dyn Integration>>) {
    // One line for each integration.
    all.push(Box::new(AcmeCrm));
}

fn main() {
    let mut all = Vec::new();
    register(&mut all);
    for integration in &all {
        println!("{}", integration.name());
    }
}
