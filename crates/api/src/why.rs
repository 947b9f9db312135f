//! `/links/{id}/why`: why a link is as it is (CON-12).

use crate::answer::Answer;
use crate::call::Call;
use crate::failure::Failure;

pub(crate) fn explain(call: &Call) -> Result<Answer, Failure> {
    Err(Failure::internal(call.path("link_id")))
}
