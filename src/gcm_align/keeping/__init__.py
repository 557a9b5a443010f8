"""What is kept between runs: readings, verdicts and vectors, by what made them."""
