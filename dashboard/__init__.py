"""The Streamlit pages of Unrolled."""
