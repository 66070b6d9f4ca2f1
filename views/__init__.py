"""What people look at: listings, and HTML pictures of the graph."""
