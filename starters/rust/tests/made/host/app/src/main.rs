//! The application.

use events::Integration;

fn register(all: &mut Vec<Box<dyn Integration>>) {
    // One line for each integration.
}

fn main() {
    let mut all = Vec::new();
    register(&mut all);
    for integration in &all {
        println!("{}", integration.name());
    }
}
