"""Who is who: one person behind many records, anchored in NHS numbers that hold."""
