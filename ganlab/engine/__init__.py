"""Training with torch: data, networks, losses, one step, probes, the iterator of observations.

Knows nothing of detectors, findings, threads, disk or Streamlit.
"""
