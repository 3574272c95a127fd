"""A scenario as one Excel workbook: read with the checks of a folder, written to be filled in, marked where wrong."""
