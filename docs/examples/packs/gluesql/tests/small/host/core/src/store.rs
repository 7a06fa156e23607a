use std::collections::HashMap;

pub type Result<T> = std::result::Result<T, String>;

pub trait Store {
    fn fetch(&self, key: &str) -> Result<Option<HashMap<String, String>>>;
    fn drop_all(&mut self) -> Result<()>;
}
