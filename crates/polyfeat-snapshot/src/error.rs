//! Errors as data: a code that programs branch on, and one line that people act on.

use std::fmt;
use std::path::Path;

use parquet::errors::ParquetError;

/// What went wrong, as a stable word. The same words are `PolyfeatError.code` in TypeScript.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Code {
    NotFound,
    NoTrades,
    NotParquet,
    Corrupt,
    MissingColumn,
    WrongType,
    PartsDiffer,
    NameClash,
    Overflow,
    BucketUnit,
    OutDirMissing,
    OutNotWritable,
    OutIsInput,
    DiskFull,
    OutOfMemory,
    Io,
    Cancelled,
    InvalidOption,
    DuplicateTime,
    RowsDiffer,
    Unsupported,
    Internal,
}

impl Code {
    /// The word itself, e.g. `MISSING_COLUMN`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Code::NotFound => "NOT_FOUND",
            Code::NoTrades => "NO_TRADES",
            Code::NotParquet => "NOT_PARQUET",
            Code::Corrupt => "CORRUPT",
            Code::MissingColumn => "MISSING_COLUMN",
            Code::WrongType => "WRONG_TYPE",
            Code::PartsDiffer => "PARTS_DIFFER",
            Code::NameClash => "NAME_CLASH",
            Code::Overflow => "OVERFLOW",
            Code::BucketUnit => "BUCKET_UNIT",
            Code::OutDirMissing => "OUT_DIR_MISSING",
            Code::OutNotWritable => "OUT_NOT_WRITABLE",
            Code::OutIsInput => "OUT_IS_INPUT",
            Code::DiskFull => "DISK_FULL",
            Code::OutOfMemory => "OUT_OF_MEMORY",
            Code::Io => "IO",
            Code::Cancelled => "CANCELLED",
            Code::InvalidOption => "INVALID_OPTION",
            Code::DuplicateTime => "DUPLICATE_TIME",
            Code::RowsDiffer => "ROWS_DIFFER",
            Code::Unsupported => "UNSUPPORTED",
            Code::Internal => "INTERNAL",
        }
    }
}

/// An error of the engine: what, where, what was expected and how to fix it, in one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// What went wrong.
    pub code: Code,
    /// One line for people.
    pub message: String,
    /// The file, when one is to blame.
    pub file: Option<String>,
    /// The column, when one is to blame.
    pub column: Option<String>,
    /// The row (0-based, in file order), when one is to blame.
    pub row: Option<u64>,
}

/// Result of the engine.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// An error with a message and no place yet.
    #[must_use]
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Error {
            code,
            message: message.into(),
            file: None,
            column: None,
            row: None,
        }
    }

    /// Names the file.
    #[must_use]
    pub fn in_file(mut self, file: &Path) -> Self {
        self.file.get_or_insert_with(|| file.display().to_string());
        self
    }

    /// Names the column.
    #[must_use]
    pub fn in_column(mut self, column: &str) -> Self {
        self.column.get_or_insert_with(|| column.to_string());
        self
    }

    /// Names the row.
    #[must_use]
    pub fn at_row(mut self, row: u64) -> Self {
        self.row.get_or_insert(row);
        self
    }

    /// The run was told to stop.
    #[must_use]
    pub fn cancelled() -> Self {
        Error::new(Code::Cancelled, "stopped before it was done; nothing was written")
    }

    /// An operating system's error while reading `file`.
    #[must_use]
    pub fn reading(file: &Path, error: &std::io::Error) -> Self {
        Error::new(Code::Io, format!("cannot read {}: {error}", file.display())).in_file(file)
    }

    /// A Parquet error while reading `file`: our own errors that travelled through the reader come out
    /// as they were, anything else means that the file is broken.
    #[must_use]
    pub fn parquet(file: &Path, error: ParquetError) -> Self {
        match carried(&error) {
            Some(own) => own,
            None => Error::new(
                Code::Corrupt,
                format!(
                    "{} is cut off or damaged: {}; write or copy the file again",
                    file.display(),
                    one_line(&error.to_string())
                ),
            )
            .in_file(file),
        }
    }

    /// The same for the record-batch reader, which speaks Arrow errors.
    #[must_use]
    pub fn arrow(file: &Path, error: arrow::error::ArrowError) -> Self {
        use arrow::error::ArrowError;
        match error {
            ArrowError::ExternalError(inner) => match inner.downcast::<ParquetError>() {
                Ok(parquet) => Error::parquet(file, *parquet),
                Err(other) => Error::parquet(file, ParquetError::External(other)),
            },
            ArrowError::ParquetError(text) => Error::parquet(file, ParquetError::General(text)),
            other => Error::parquet(file, ParquetError::General(other.to_string())),
        }
    }

    /// Something that cannot happen did.
    #[must_use]
    pub fn internal(message: impl Into<String>) -> Self {
        Error::new(
            Code::Internal,
            format!("internal error: {}; please report it", message.into()),
        )
    }
}

/// Our own error inside an I/O or Parquet error, put there by the reader of a part.
fn carried(error: &ParquetError) -> Option<Error> {
    let ParquetError::External(inner) = error else {
        return None;
    };
    if let Some(own) = inner.downcast_ref::<Error>() {
        return Some(own.clone());
    }
    let io = inner.downcast_ref::<std::io::Error>()?;
    io.get_ref().and_then(|e| e.downcast_ref::<Error>()).cloned()
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}
