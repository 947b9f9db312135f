//! The line model of a description (DECISIONS 53, 72): HTML to lines and back without losing formatting (F2).
