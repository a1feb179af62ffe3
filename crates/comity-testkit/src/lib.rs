//! A clock to move, throwaway nodes, and a hostile partner: for tests only.
