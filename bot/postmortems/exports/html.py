"""The postmortem as one page of HTML that needs nothing else: made from the Markdown, styled inline."""

from __future__ import annotations

from html import escape

from markdown_it import MarkdownIt

from bot.postmortems.document import Postmortem
from bot.postmortems.exports.markdown import to_markdown

_STYLE = """
:root { color-scheme: light dark; --line: #d5dae1; --soft: #f4f6f8; --ink: #1b2430; --ink2: #4c5866; }
@media (prefers-color-scheme: dark) { :root { --line: #3a4451; --soft: #1d242d; --ink: #e6ebf1; --ink2: #a8b4c2; } }
body { font: 16px/1.55 system-ui, sans-serif; color: var(--ink); background: Canvas; max-width: 62rem;
       margin: 0 auto; padding: 1.5rem 1rem 4rem; overflow-wrap: break-word; }
h1 { font-size: 1.6rem; line-height: 1.25 } h2 { font-size: 1.15rem; margin: 2.2rem 0 .5rem;
     padding-top: .8rem; border-top: 1px solid var(--line); }
table { border-collapse: collapse; display: block; overflow-x: auto; margin: .6rem 0; font-size: .92rem; }
td, th { border-bottom: 1px solid var(--line); padding: .35rem .7rem .35rem 0; text-align: left;
         vertical-align: top; }
th { color: var(--ink2); font-weight: 600 } th:empty { padding: 0 }
blockquote { margin: 1rem 0; padding: .6rem .9rem; background: var(--soft); border-left: 4px solid #b7791f; }
blockquote p { margin: 0 } em { color: var(--ink2) }
@media print { body { max-width: none } }
"""


def to_html(document: Postmortem, template: str) -> str:
    """A page; raw HTML inside texts stays text."""
    body = MarkdownIt("commonmark", {"html": False}).enable("table").render(to_markdown(document, template))
    title = escape(f"{document.key}: {document.title}")
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{_STYLE}</style></head>'
        f"<body>\n<main>\n{body}</main>\n</body></html>\n"
    )
