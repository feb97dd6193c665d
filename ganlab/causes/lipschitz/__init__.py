"""What keeps a Wasserstein critic from being arbitrarily steep."""
