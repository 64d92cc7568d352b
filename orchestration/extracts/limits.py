"""The limits within which an extract is read: room for real ones, no room for hostile ones."""

KB, MB, GB = 1 << 10, 1 << 20, 1 << 30

MANIFEST_BYTES = 1 * MB
ENTRIES = 10_000
# One file per class, with room for mistakes worth naming one by one.
LISTED_FILES = 200
FOLDER_DEPTH = 8
PATH_CHARACTERS = 240

FILE_BYTES = 20 * GB
ZIP_TOTAL_BYTES = 40 * GB
ZIP_DIRECTORY_BYTES = 4 * MB
# Text exports pack 5 to 50 times; deflate cannot exceed about 1030.
ZIP_RATIO = 200
# Below this a high ratio harms nobody: a small file of blanks is no bomb.
ZIP_RATIO_FREE_BYTES = 64 * MB

CELL_BYTES = 1 * MB
ROW_BYTES = 8 * MB
COLUMNS = 2_000
# Cells that one Parquet row group may decode into at once (16 bytes each before any text).
PARQUET_GROUP_CELLS = 100_000_000
PARQUET_CHUNK_BYTES = 2 * GB

# Well below a cell's limit: what fits into two chunks holds no cell that is too large.
READ_CHUNK = 256 * KB
# Rows judged and written at a time; it also fixes the row groups, so that equal rows give equal bytes.
BATCH_ROWS = 100_000
# Fewer rows make a batch where rows are so long that the usual number would not fit.
BATCH_BYTES = 512 * MB
DENSITY_STRETCH = 16 * MB


def spoken_size(size: int) -> str:
    """Return a size in bytes in words a person reads."""
    for unit, name in ((GB, "GB"), (MB, "MB"), (KB, "KB")):
        if size >= unit:
            return f"{size / unit:g} {name}"
    return f"{size} bytes"
