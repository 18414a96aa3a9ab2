"""The province and its kabupaten/kota: offices, positions with periods. Another province is data, not code."""
