//! The bridge's feed: hints for pages and API clients that something of a connection has changed. No values.

use ports::ConnectionId;
use store::{FeedEntry, Tx};

use crate::error::BridgeError;

/// Its name.
pub const FEED: &str = "bridge";
/// Who hears of what concerns the whole portal: its users without client users, as in the feed of Projects.
pub(crate) const PORTAL: &str = "portal";

/// Tells that a record of this kind has changed, to the audience of a project or to [`PORTAL`].
pub(crate) fn announce(
    tx: &mut Tx<'_>,
    connection: &ConnectionId,
    (kind, record): (&str, &str),
    version: i64,
    audience: &str,
) -> Result<(), BridgeError> {
    let tenant = connection.as_str();
    tx.feed(&FeedEntry { feed: FEED, tenant, kind, record, version, audience, origin: "bridge" })?;
    Ok(())
}
