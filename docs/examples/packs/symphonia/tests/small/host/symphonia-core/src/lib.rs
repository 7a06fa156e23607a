pub mod codecs;
pub mod errors;
