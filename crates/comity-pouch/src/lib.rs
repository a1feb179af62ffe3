//! Keys, signed statements and sealed pouch files.
