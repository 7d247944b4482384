"""The ``table`` block: a header, columns with their own settings, cells of plain and of rich text."""

from __future__ import annotations

from typing import Any

from bot.sandbox.page.blocks import draw_blocks
from bot.sandbox.page.tables import rows_of
from tests.unit.sandbox.page.drawing import MESSAGE, NAMES


def raw(text: str) -> dict[str, Any]:
    """A cell of plain text."""
    return {"type": "raw_text", "text": text}


RICH: dict[str, Any] = {
    "type": "rich_text",
    "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "b", "style": {"bold": True}}]}],
}


def test_the_first_row_is_the_header() -> None:
    """Its cells name the columns for screen readers."""
    html = draw_blocks(
        [{"type": "table", "rows": [[raw("Slice"), raw("Recall")], [raw("all"), raw("0.71")]]}], MESSAGE
    )
    assert html.count('<th scope="col"') == 2
    assert html.count("<td ") == 2
    assert 'role="region" aria-label="Table" tabindex="0"' in html


def test_columns_are_aligned_and_wrapped_as_their_settings_say() -> None:
    """A column without settings is aligned left and does not wrap; null skips one."""
    settings = [{"is_wrapped": True}, None, {"align": "right"}, {"align": "middle"}]
    block = {"rows": [[raw("a"), raw("b"), raw("c"), raw("d"), raw("e")]], "column_settings": settings}
    assert [cell.classes for cell in rows_of(block, NAMES)[0]] == ["left wraps", "left", "right", "left", "left"]


def test_cells_are_rich_or_plain_and_never_markup() -> None:
    """Numbers and empty cells too."""
    block = {"rows": [[raw("<b>"), RICH, {"type": "raw_number", "value": 0.71}, None, {}]]}
    drawn = [str(cell.html) for cell in rows_of(block, NAMES)[0]]
    assert drawn[0] == "&lt;b&gt;"
    assert "<b>b</b>" in drawn[1]
    assert drawn[2:] == ["0.71", "", ""]


def test_a_table_that_is_none_is_empty() -> None:
    """Rows that are no lists are left out."""
    assert rows_of({"rows": "x"}, NAMES) == []
    assert rows_of({"rows": [1, [raw("a")]]}, NAMES)[0][0].html == "a"
