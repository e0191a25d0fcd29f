"""Cells of CSV files that people open in a spreadsheet."""


def plain_cell(text: object) -> str:
    """A cell that no spreadsheet takes for a formula (OWASP: CSV injection)."""
    cell = str(text)
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
