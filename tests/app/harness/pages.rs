//! What a page says.

use super::Client;

impl Client {
    /// The main part of a page that is there.
    pub async fn main_part(&self, address: &str) -> String {
        let page = self.get(address).await;
        assert_eq!(page.status, 200, "{address}: {}", page.body);
        let (_, main) = page.body.split_once("<main").expect("a main part");
        main.to_owned()
    }
}

pub fn must_have(page: &str, texts: &[&str]) {
    for text in texts {
        assert!(page.contains(text), "{text:?} is not in {page}");
    }
}
