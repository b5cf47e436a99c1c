"""When contributions add up: rules that offer a badge, draft a nomination, or suggest one to the stewards."""
