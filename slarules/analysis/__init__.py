"""Questions asked of ``evaluate``, many times."""
