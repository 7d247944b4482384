"""The addresses of Evenkeel: alerts and changes come in, Slack's requests come in, pages and documents go out.

``create_app`` builds the FastAPI application from finished parts; nothing is built here. Every mistake is answered
with a sentence and the right code, and nothing is accepted before it is committed.
"""
