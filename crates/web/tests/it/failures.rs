//! What pages make of a database that does not do it. The sentences belong to another room; this holds them.

use store::StoreError;
use web::error::PageError;

#[test]
fn busy_and_full_databases_have_pages_of_their_own() {
    let page = |error: StoreError| PageError::from(crm::CrmError::from(error));
    assert!(matches!(page(StoreError::Busy("10 s".into())), PageError::Busy));
    assert!(matches!(page(StoreError::Unavailable("refused".into())), PageError::Busy));
    assert!(matches!(page(StoreError::Full("disk".into())), PageError::Full));
    assert!(matches!(page(StoreError::Corrupt("page 7".into())), PageError::Broken(_)));
}
