"""What was awarded: offered, consented to, signed, hosted, revoked."""
