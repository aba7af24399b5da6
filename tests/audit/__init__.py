"""The page audit: every page template, filled from the demonstration, in both languages, looked at by machines."""
