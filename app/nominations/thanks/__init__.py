"""Light praise: private, without review, and no credential; often enough it suggests a nomination."""
