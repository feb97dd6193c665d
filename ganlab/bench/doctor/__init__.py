"""The doctor on scripts whose fault, and its line, are known; beside it two general debuggers."""
