//! What may be put into the named place of a message.

use std::borrow::Cow;
use std::sync::Arc;

use fluent_bundle::FluentValue;

/// A value for a parameter of a message. Numbers choose the plural and are shown with separators; everything else
/// is shown as it is, so a year or a key is passed as text.
pub trait Slot {
    fn value(&self) -> FluentValue<'_>;
}

impl<T: Slot + ?Sized> Slot for &T {
    fn value(&self) -> FluentValue<'_> {
        (**self).value()
    }
}

impl Slot for str {
    fn value(&self) -> FluentValue<'_> {
        FluentValue::String(Cow::Borrowed(self))
    }
}

impl Slot for String {
    fn value(&self) -> FluentValue<'_> {
        self.as_str().value()
    }
}

impl Slot for Cow<'_, str> {
    fn value(&self) -> FluentValue<'_> {
        self.as_ref().value()
    }
}

impl Slot for Arc<str> {
    fn value(&self) -> FluentValue<'_> {
        self.as_ref().value()
    }
}

impl Slot for i64 {
    fn value(&self) -> FluentValue<'_> {
        FluentValue::from(*self)
    }
}

impl Slot for i32 {
    fn value(&self) -> FluentValue<'_> {
        FluentValue::from(*self)
    }
}

impl Slot for u64 {
    fn value(&self) -> FluentValue<'_> {
        FluentValue::from(*self)
    }
}

impl Slot for u32 {
    fn value(&self) -> FluentValue<'_> {
        FluentValue::from(*self)
    }
}

impl Slot for usize {
    fn value(&self) -> FluentValue<'_> {
        FluentValue::from(*self)
    }
}

impl Slot for ports::Email {
    fn value(&self) -> FluentValue<'_> {
        self.as_str().value()
    }
}

impl Slot for ports::PlainText {
    fn value(&self) -> FluentValue<'_> {
        self.as_str().value()
    }
}
