"""The web application: upload, see, question, review, compare, export."""
