"""Everything Safiri says, by language."""
