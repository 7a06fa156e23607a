//! Faults that were found in lists, and what would have been right.
