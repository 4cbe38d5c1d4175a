//! A features file made elsewhere.

/// What was found in a features file.
#[derive(Debug, Clone, PartialEq)]
pub struct FileReport {}
