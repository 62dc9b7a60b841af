"""What several pages are made of: charts, bars, lists, files to save."""
