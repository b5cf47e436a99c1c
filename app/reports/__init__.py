"""What figures, surveys and stories come to, put together for those who want to know."""
