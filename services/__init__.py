"""What command line, notebook and pages share."""
