"""The pages and workbooks commissioners read, made from what a run left in the lake."""
