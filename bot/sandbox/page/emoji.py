"""The emoji that bots and people use by name, as characters.

The table is small on purpose: a name that is not in it stays readable as ``:name:``.
"""

from __future__ import annotations

from typing import Final

_TABLE: Final = """
+1 👍|-1 👎|thumbsup 👍|thumbsdown 👎|ok_hand 👌|wave 👋|clap 👏|raised_hands 🙌|pray 🙏|muscle 💪
point_right 👉|point_left 👈|point_up 👆|point_down 👇|eyes 👀|brain 🧠|raising_hand 🙋|raised_hand ✋|handshake 🤝
writing_hand ✍️|smile 😄|grinning 😀|slightly_smiling_face 🙂|joy 😂|sweat_smile 😅|thinking_face 🤔|sob 😭
scream 😱|sunglasses 😎|neutral_face 😐|relieved 😌|sleeping 😴|heart ❤️|tada 🎉|sparkles ✨|star ⭐|fire 🔥
zap ⚡|boom 💥|100 💯|rocket 🚀|white_check_mark ✅|heavy_check_mark ✔️|ballot_box_with_check ☑️|x ❌
heavy_multiplication_x ✖️|no_entry ⛔|no_entry_sign 🚫|warning ⚠️|rotating_light 🚨|sos 🆘
octagonal_sign 🛑|construction 🚧|question ❓|exclamation ❗|grey_question ❔|bangbang ‼️
information_source ℹ️|bulb 💡|mag 🔍|mag_right 🔎|lock 🔒|unlock 🔓|key 🔑|shield 🛡️|pushpin 📌
round_pushpin 📍|paperclip 📎|link 🔗|bookmark 🔖|memo 📝|pencil ✏️|pencil2 ✏️|clipboard 📋
page_facing_up 📄|books 📚|book 📖|scroll 📜|calendar 📅|date 📅|spiral_calendar_pad 🗓️|alarm_clock ⏰
stopwatch ⏱️|timer_clock ⏲️|hourglass ⌛|hourglass_flowing_sand ⏳|clock1 🕐|clock3 🕒|watch ⌚|bell 🔔
no_bell 🔕|loudspeaker 📢|mega 📣|speech_balloon 💬|thought_balloon 💭|telephone_receiver 📞|phone ☎️
pager 📟|email ✉️|envelope ✉️|inbox_tray 📥|outbox_tray 📤|package 📦|bar_chart 📊
chart_with_upwards_trend 📈|chart_with_downwards_trend 📉|arrow_up ⬆️|arrow_down ⬇️|arrow_left ⬅️
arrow_right ➡️|arrow_upper_right ↗️|arrow_lower_right ↘️|arrows_counterclockwise 🔄
leftwards_arrow_with_hook ↩️|arrow_right_hook ↪️|repeat 🔁|rewind ⏪|fast_forward ⏩|arrow_forward ▶️
double_vertical_bar ⏸️|black_square_for_stop ⏹️|red_circle 🔴|large_orange_circle 🟠|orange_circle 🟠
large_yellow_circle 🟡|yellow_circle 🟡|large_green_circle 🟢|green_circle 🟢|large_blue_circle 🔵
blue_circle 🔵|large_purple_circle 🟣|white_circle ⚪|black_circle ⚫|large_red_square 🟥
large_orange_square 🟧|large_yellow_square 🟨|large_green_square 🟩|white_large_square ⬜
black_large_square ⬛|black_square_button 🔲|heavy_minus_sign ➖|
small_red_triangle 🔺|small_red_triangle_down 🔻|large_blue_diamond 🔷|one 1️⃣
two 2️⃣|three 3️⃣|four 4️⃣|five 5️⃣|gear ⚙️|wrench 🔧|hammer 🔨|hammer_and_wrench 🛠️|toolbox 🧰
test_tube 🧪|microscope 🔬|robot_face 🤖|ghost 👻|bug 🐛|computer 💻|floppy_disk 💾|satellite 🛰️
electric_plug 🔌|battery 🔋|fire_engine 🚒|fire_extinguisher 🧯|ambulance 🚑|umbrella ☔|sunny ☀️|cloud ☁️
snowflake ❄️|rainbow 🌈|ocean 🌊|seedling 🌱|evergreen_tree 🌲|coffee ☕|beer 🍺|cake 🎂|pizza 🍕|trophy 🏆
medal 🏅|dart 🎯|game_die 🎲|checkered_flag 🏁|triangular_flag_on_post 🚩|white_flag 🏳️|wastebasket 🗑️
card_index 📇|credit_card 💳|moneybag 💰|balance_scale ⚖️|scales ⚖️|busts_in_silhouette 👥
bust_in_silhouette 👤|technologist 🧑‍💻|new 🆕|ok 🆗|arrows_clockwise 🔃|twisted_rightwards_arrows 🔀
"""

EMOJI: Final[dict[str, str]] = {
    name: character
    for entry in _TABLE.replace("\n", "|").split("|")
    if entry
    for name, character in [entry.split(" ")]
}

REACTIONS: Final = ("pushpin", "+1", "eyes", "white_check_mark", "tada", "thinking_face")
"""What the page offers first when a person reacts to a message."""


def character(name: str) -> str | None:
    """The character of ``:name:``; a skin tone is dropped, an unknown name is None."""
    return EMOJI.get(name.split("::", 1)[0])
