#[cfg(feature = "gluesql_memory_storage")]
pub use gluesql_memory_storage;

pub mod prelude {
    #[cfg(feature = "gluesql_memory_storage")]
    pub use gluesql_memory_storage::MemoryStorage;
}
