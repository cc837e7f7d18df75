"""What the technician sees: changes found, packed, and sent at the way's own pace."""
