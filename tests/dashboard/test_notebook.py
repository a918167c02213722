"""The figure outside Streamlit: modules of PyTorch's taken without it, a notebook that is run, a file that stands alone."""
