"""What the book measures about recurrent networks: arrays in, arrays out."""
