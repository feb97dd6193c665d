"""What the losses do with D's output: contract, targets, signs."""
