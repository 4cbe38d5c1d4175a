//! Errors as data: a code that programs branch on, and one line that people act on.

/// What went wrong, as a stable word. The same words are `PolyfeatError.code` in TypeScript.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Code {
    MissingColumn,
    WrongType,
    WrongLength,
    Corrupt,
    Overflow,
    BucketUnit,
    NotSorted,
    DuplicateTime,
    Disposed,
    Cancelled,
    TooLarge,
    OutOfMemory,
    InvalidOption,
    Unsupported,
    Internal,
}

impl Code {
    /// The word itself, e.g. `WRONG_LENGTH`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Code::MissingColumn => "MISSING_COLUMN",
            Code::WrongType => "WRONG_TYPE",
            Code::WrongLength => "WRONG_LENGTH",
            Code::Corrupt => "CORRUPT",
            Code::Overflow => "OVERFLOW",
            Code::BucketUnit => "BUCKET_UNIT",
            Code::NotSorted => "NOT_SORTED",
            Code::DuplicateTime => "DUPLICATE_TIME",
            Code::Disposed => "DISPOSED",
            Code::Cancelled => "CANCELLED",
            Code::TooLarge => "TOO_LARGE",
            Code::OutOfMemory => "OUT_OF_MEMORY",
            Code::InvalidOption => "INVALID_OPTION",
            Code::Unsupported => "UNSUPPORTED",
            Code::Internal => "INTERNAL",
        }
    }
}

/// What, where, what was expected and how to fix it, in one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// What went wrong.
    pub code: Code,
    /// One line for people.
    pub message: String,
    /// The column, when one is to blame.
    pub column: Option<String>,
    /// The row of that column (0-based, over all its chunks), when one is to blame.
    pub row: Option<u64>,
}

/// Result of this crate.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// An error with a message and no place yet.
    #[must_use]
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Error {
            code,
            message: message.into(),
            column: None,
            row: None,
        }
    }

    /// Names the column, unless one is named already.
    #[must_use]
    pub fn in_column(mut self, column: &str) -> Self {
        self.column.get_or_insert_with(|| column.to_string());
        self
    }

    /// Names the row, unless one is named already.
    #[must_use]
    pub fn at_row(mut self, row: usize) -> Self {
        self.row.get_or_insert(row as u64);
        self
    }

    /// The call was told to stop.
    #[must_use]
    pub fn cancelled() -> Self {
        Error::new(Code::Cancelled, "stopped before it was done")
    }

    /// Something that cannot happen did.
    #[must_use]
    pub fn internal(what: impl std::fmt::Display) -> Self {
        Error::new(
            Code::Internal,
            format!("internal error: {what}; please report it"),
        )
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.code.as_str(), self.message)
    }
}

impl std::error::Error for Error {}
