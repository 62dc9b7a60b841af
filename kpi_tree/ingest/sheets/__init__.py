"""Workbooks and web pages, as rows of cells."""
