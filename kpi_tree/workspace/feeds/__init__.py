"""Sources that are fetched by themselves."""
