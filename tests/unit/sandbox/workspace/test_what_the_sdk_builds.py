"""What the models of Slack's own SDK build is taken, block by block and element by element."""

from __future__ import annotations

import pytest
from slack_sdk.models.blocks import (
    ActionsBlock,
    AlertBlock,
    Block,
    ButtonElement,
    CardBlock,
    CarouselBlock,
    ChannelMultiSelectElement,
    ChannelSelectElement,
    CheckboxesElement,
    ConfirmObject,
    ContainerBlock,
    ContextActionsBlock,
    ContextBlock,
    ConversationFilter,
    ConversationMultiSelectElement,
    ConversationSelectElement,
    DatePickerElement,
    DateTimePickerElement,
    DividerBlock,
    EmailInputElement,
    ExternalDataMultiSelectElement,
    ExternalDataSelectElement,
    FeedbackButtonObject,
    FeedbackButtonsElement,
    HeaderBlock,
    IconButtonElement,
    ImageBlock,
    ImageElement,
    InputBlock,
    InputInteractiveElement,
    InteractiveElement,
    MarkdownBlock,
    MarkdownTextObject,
    NumberInputElement,
    Option,
    OverflowMenuElement,
    PlainTextInputElement,
    PlainTextObject,
    PlanBlock,
    RadioButtonsElement,
    RawTextObject,
    RichTextBlock,
    RichTextElementParts,
    RichTextInputElement,
    RichTextListElement,
    RichTextPreformattedElement,
    RichTextQuoteElement,
    RichTextSectionElement,
    SectionBlock,
    StaticMultiSelectElement,
    StaticSelectElement,
    TableBlock,
    TaskCardBlock,
    TimePickerElement,
    UrlInputElement,
    UserMultiSelectElement,
    UserSelectElement,
    VideoBlock,
)
from slack_sdk.models.blocks.block_elements import FileInputElement
from slack_sdk.models.views import View

from bot.sandbox.workspace.blocks_check import checked_blocks, checked_view
from bot.sandbox.workspace.state import Workspace

HINT = "Choose one"
PICTURE = ImageElement(image_url="https://example.com/c.png", alt_text="a curve")
CONFIRM = ConfirmObject(title="Sure?", text="It goes back.", confirm="Yes", deny="No")
OPTIONS = [Option(text="One", value="1", description="the first"), Option(text="Two", value="2")]
LINE = RichTextSectionElement(
    elements=[
        RichTextElementParts.Text(text="x", style=RichTextElementParts.TextStyle(bold=True)),
        RichTextElementParts.Link(url="https://example.com", text="there"),
        RichTextElementParts.Emoji(name="wave"),
        RichTextElementParts.User(user_id="U1"),
        RichTextElementParts.Channel(channel_id="C1"),
        RichTextElementParts.UserGroup(usergroup_id="S1"),
        RichTextElementParts.Broadcast(range="here"),
        RichTextElementParts.Date(timestamp=1, format="{date}", fallback="then"),
        RichTextElementParts.Color(value="#ffffff"),
    ]
)
TASK = TaskCardBlock(task_id="1", title="Look", status="in_progress", output=RichTextBlock(elements=[LINE]))
FEEDBACK = FeedbackButtonsElement(
    action_id="feedback",
    positive_button=FeedbackButtonObject(text="Good", value="+"),
    negative_button=FeedbackButtonObject(text="Bad", value="-"),
)


@pytest.mark.parametrize(
    "element",
    [
        ButtonElement(
            text="Go", action_id="a", value="v", style="primary", confirm=CONFIRM, url="https://example.com"
        ),
        StaticSelectElement(placeholder=HINT, action_id="a", options=OPTIONS, initial_option=OPTIONS[0]),
        StaticMultiSelectElement(placeholder=HINT, action_id="a", options=OPTIONS, max_selected_items=2),
        UserSelectElement(placeholder=HINT, action_id="a", initial_user="U1"),
        UserMultiSelectElement(placeholder=HINT, action_id="a", initial_users=["U1"]),
        ConversationSelectElement(
            placeholder=HINT, action_id="a", filter=ConversationFilter(include=["public"], exclude_bot_users=True)
        ),
        ConversationMultiSelectElement(placeholder=HINT, action_id="a"),
        ChannelSelectElement(placeholder=HINT, action_id="a"),
        ChannelMultiSelectElement(placeholder=HINT, action_id="a"),
        ExternalDataSelectElement(placeholder=HINT, action_id="a", min_query_length=2),
        ExternalDataMultiSelectElement(placeholder=HINT, action_id="a"),
        OverflowMenuElement(action_id="a", options=OPTIONS),
        DatePickerElement(action_id="a", initial_date="2026-03-01", placeholder=HINT),
        TimePickerElement(action_id="a", initial_time="10:00"),
        DateTimePickerElement(action_id="a", initial_date_time=1_772_366_400),
        CheckboxesElement(action_id="a", options=OPTIONS, initial_options=[OPTIONS[0]]),
        RadioButtonsElement(action_id="a", options=OPTIONS, initial_option=OPTIONS[0]),
    ],
    ids=lambda element: str(element.type),
)
def test_an_element_in_an_actions_block(workspace: Workspace, element: InteractiveElement) -> None:
    assert checked_blocks([ActionsBlock(elements=[element]).to_dict()], workspace.stamps)


@pytest.mark.parametrize(
    "element",
    [
        PlainTextInputElement(action_id="a", multiline=True, min_length=1, max_length=10, initial_value="x"),
        EmailInputElement(action_id="a", placeholder=HINT),
        UrlInputElement(action_id="a"),
        NumberInputElement(action_id="a", is_decimal_allowed=True, min_value="1", max_value="2", initial_value="1"),
        RichTextInputElement(action_id="a", initial_value=RichTextBlock(elements=[LINE])),
        FileInputElement(action_id="a", filetypes=["png"], max_files=2),
    ],
    ids=lambda element: str(element.type),
)
def test_an_element_in_an_input_of_a_modal(workspace: Workspace, element: InputInteractiveElement) -> None:
    block = InputBlock(label="What?", element=element, hint="In a few words", optional=True)
    view = View(type="modal", title=PlainTextObject(text="T"), submit=PlainTextObject(text="Go"), blocks=[block])
    assert checked_view(view.to_dict(), workspace.stamps)


@pytest.mark.parametrize(
    "block",
    [
        SectionBlock(text="x", fields=["a", "b"], accessory=PICTURE),
        ContextBlock(elements=[PICTURE, MarkdownTextObject(text="x")]),
        ImageBlock(image_url="https://example.com/c.png", alt_text="a curve", title="Recall"),
        DividerBlock(),
        HeaderBlock(text="SEV2"),
        MarkdownBlock(text="**x**"),
        RichTextBlock(
            elements=[
                LINE,
                RichTextListElement(style="ordered", indent=1, offset=2, border=1, elements=[LINE]),
                RichTextQuoteElement(elements=[]),
                RichTextPreformattedElement(elements=[], border=0),
            ]
        ),
        TableBlock(rows=[[RawTextObject(text="A"), RichTextBlock(elements=[LINE])]]),
        CardBlock(title="v42", body="x", icon=PICTURE, actions=[ButtonElement(text="Go", action_id="a")]),
        CarouselBlock(elements=[CardBlock(title="v42")]),
        ContainerBlock(title="T", child_blocks=[DividerBlock()], width="wide", is_collapsible=True),
        PlanBlock(title="Mend it", tasks=[TASK]),
        TASK,
        ContextActionsBlock(elements=[FEEDBACK, IconButtonElement(action_id="b", icon="trash", text="Delete")]),
        VideoBlock(
            alt_text="a",
            title="t",
            video_url="https://example.com/v",
            thumbnail_url="https://example.com/t.png",
            description="d",
        ),
    ],
    ids=lambda block: str(block.type),
)
def test_a_block_in_a_message(workspace: Workspace, block: Block) -> None:
    assert checked_blocks([block.to_dict()], workspace.stamps)


def test_an_alert_in_a_modal(workspace: Workspace) -> None:
    view = View(type="modal", title=PlainTextObject(text="T"), blocks=[AlertBlock(text="Mind", level="warning")])
    assert checked_view(view.to_dict(), workspace.stamps)
