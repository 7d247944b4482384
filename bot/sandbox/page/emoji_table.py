"""The emoji that the page knows: their short names and characters.

Names that bots and people use in a chat; whatever is missing stays readable as ``:name:``.
"""

from __future__ import annotations

from typing import Final

_FACES: Final = """
grinning 😀|smiley 😃|smile 😄|grin 😁|laughing 😆|satisfied 😆|sweat_smile 😅
rolling_on_the_floor_laughing 🤣|joy 😂|slightly_smiling_face 🙂|upside_down_face 🙃|wink 😉|blush 😊
innocent 😇|heart_eyes 😍|star-struck 🤩|kissing_heart 😘|yum 😋|stuck_out_tongue 😛|zany_face 🤪
hugging_face 🤗|thinking_face 🤔|face_with_raised_eyebrow 🤨|neutral_face 😐|expressionless 😑|no_mouth 😶
smirk 😏|unamused 😒|face_with_rolling_eyes 🙄|grimacing 😬|relieved 😌|pensive 😔|sleepy 😪|sleeping 😴
mask 😷|face_with_thermometer 🤒|nauseated_face 🤢|dizzy_face 😵|exploding_head 🤯|partying_face 🥳
sunglasses 😎|nerd_face 🤓|face_with_monocle 🧐|confused 😕|worried 😟|slightly_frowning_face 🙁|open_mouth 😮
hushed 😯|astonished 😲|flushed 😳|pleading_face 🥺|fearful 😨|cold_sweat 😰|cry 😢|sob 😭|scream 😱
disappointed 😞|sweat 😓|weary 😩|tired_face 😫|yawning_face 🥱|triumph 😤|rage 😡|angry 😠|skull 💀
clown_face 🤡|ghost 👻|alien 👽|robot_face 🤖|smile_cat 😸|see_no_evil 🙈|hear_no_evil 🙉|speak_no_evil 🙊
saluting_face 🫡|melting_face 🫠|zipper_mouth_face 🤐|shushing_face 🤫|money_mouth_face 🤑|hot_face 🥵
cold_face 🥶|smiling_face_with_tear 🥲
"""
_PEOPLE: Final = """
wave 👋|raised_back_of_hand 🤚|raised_hand ✋|hand ✋|ok_hand 👌|v ✌️|crossed_fingers 🤞|the_horns 🤘
call_me_hand 🤙|point_left 👈|point_right 👉|point_up_2 👆|point_up ☝️|point_down 👇|+1 👍|thumbsup 👍|-1 👎
thumbsdown 👎|fist ✊|facepunch 👊|punch 👊|clap 👏|raised_hands 🙌|open_hands 👐|handshake 🤝|pray 🙏
writing_hand ✍️|muscle 💪|ear 👂|eyes 👀|eye 👁️|brain 🧠|baby 👶|person_in_tuxedo 🤵|shrug 🤷|facepalm 🤦
face_palm 🤦|raising_hand 🙋|person_raising_hand 🙋|bow 🙇|no_good 🙅|ok_woman 🙆|technologist 🧑‍💻
firefighter 🧑‍🚒|detective 🕵️|sleuth_or_spy 🕵️|construction_worker 👷|guardsman 💂|superhero 🦸|mage 🧙
ninja 🥷|runner 🏃|walking 🚶|dancer 💃|family 👪|busts_in_silhouette 👥|bust_in_silhouette 👤
speaking_head_in_silhouette 🗣️|footprints 👣|heart ❤️|orange_heart 🧡|yellow_heart 💛|green_heart 💚
blue_heart 💙|purple_heart 💜|black_heart 🖤|white_heart 🤍|broken_heart 💔|two_hearts 💕|sparkling_heart 💖
100 💯|anger 💢|boom 💥|collision 💥|dizzy 💫|sweat_drops 💦|dash 💨|zzz 💤|speech_balloon 💬
left_speech_bubble 🗨️|thought_balloon 💭
"""
_NATURE: Final = """
dog 🐶|cat 🐱|mouse 🐭|rabbit 🐰|fox_face 🦊|bear 🐻|panda_face 🐼|tiger 🐯|lion_face 🦁|cow 🐮|pig 🐷|frog 🐸
monkey_face 🐵|chicken 🐔|penguin 🐧|bird 🐦|eagle 🦅|owl 🦉|wolf 🐺|horse 🐴|unicorn_face 🦄|bee 🐝
honeybee 🐝|bug 🐛|butterfly 🦋|snail 🐌|ladybug 🐞|ant 🐜|spider 🕷️|turtle 🐢|snake 🐍|octopus 🐙|whale 🐳
dolphin 🐬|fish 🐟|shark 🦈|crab 🦀|elephant 🐘|goat 🐐|sheep 🐑|duck 🦆|hatching_chick 🐣|dragon 🐉
sauropod 🦕|t-rex 🦖|bouquet 💐|rose 🌹|sunflower 🌻|tulip 🌷|seedling 🌱|evergreen_tree 🌲|deciduous_tree 🌳
palm_tree 🌴|cactus 🌵|herb 🌿|four_leaf_clover 🍀|maple_leaf 🍁|fallen_leaf 🍂|mushroom 🍄|earth_africa 🌍
earth_americas 🌎|earth_asia 🌏|full_moon 🌕|new_moon 🌑|crescent_moon 🌙|sunny ☀️|star ⭐|star2 🌟|stars 🌠
partly_sunny ⛅|cloud ☁️|rain_cloud 🌧️|thunder_cloud_and_rain ⛈️|lightning 🌩️|snow_cloud 🌨️
tornado 🌪️|fog 🌫️|rainbow 🌈|umbrella ☔|zap ⚡|snowflake ❄️|snowman ⛄|comet ☄️|fire 🔥|droplet 💧
ocean 🌊|sparkles ✨|volcano 🌋|mountain ⛰️
"""
_THINGS: Final = """
apple 🍎|banana 🍌|lemon 🍋|cherries 🍒|strawberry 🍓|peach 🍑|avocado 🥑|tomato 🍅|carrot 🥕|hot_pepper 🌶️
popcorn 🍿|bread 🍞|cheese_wedge 🧀|hamburger 🍔|fries 🍟|pizza 🍕|taco 🌮|burrito 🌯|sushi 🍣|ramen 🍜
cookie 🍪|doughnut 🍩|cake 🍰|birthday 🎂|chocolate_bar 🍫|coffee ☕|tea 🍵|beer 🍺|beers 🍻|champagne 🍾
wine_glass 🍷|clinking_glasses 🥂|tada 🎉|confetti_ball 🎊|balloon 🎈|gift 🎁|trophy 🏆|medal 🏅
sports_medal 🏅|first_place_medal 🥇|second_place_medal 🥈|third_place_medal 🥉|soccer ⚽|basketball 🏀
tennis 🎾|bowling 🎳|dart 🎯|game_die 🎲|jigsaw 🧩|chess_pawn ♟️|video_game 🎮|art 🎨|performing_arts 🎭
clapper 🎬|microphone 🎤|headphones 🎧|musical_note 🎵|guitar 🎸|trumpet 🎺|drum_with_drumsticks 🥁|car 🚗
taxi 🚕|bus 🚌|racing_car 🏎️|police_car 🚓|ambulance 🚑|fire_engine 🚒|truck 🚚|tractor 🚜|bike 🚲|train 🚋
airplane ✈️|rocket 🚀|helicopter 🚁|ship 🚢|anchor ⚓|fuelpump ⛽|construction 🚧|rotating_light 🚨
vertical_traffic_light 🚦|traffic_light 🚥|octagonal_sign 🛑|world_map 🗺️|compass 🧭|house 🏠|office 🏢
hospital 🏥|bank 🏦|factory 🏭|tent ⛺|city_sunrise 🌇|watch ⌚|iphone 📱|computer 💻|keyboard ⌨️
desktop_computer 🖥️|printer 🖨️|floppy_disk 💾|cd 💿|camera 📷|movie_camera 🎥|telephone_receiver 📞
phone ☎️|telephone ☎️|pager 📟|fax 📠|tv 📺|radio 📻|stopwatch ⏱️|timer_clock ⏲️|alarm_clock ⏰
mantelpiece_clock 🕰️|hourglass ⌛|hourglass_flowing_sand ⏳|clock1 🕐|clock2 🕑|clock3 🕒|clock6 🕕
clock9 🕘|clock12 🕛|satellite 🛰️|satellite_antenna 📡|battery 🔋|electric_plug 🔌|bulb 💡|flashlight 🔦
candle 🕯️|fire_extinguisher 🧯|money_with_wings 💸|dollar 💵|euro 💶|moneybag 💰|credit_card 💳|gem 💎
balance_scale ⚖️|scales ⚖️|toolbox 🧰|wrench 🔧|hammer 🔨|hammer_and_pick ⚒️|hammer_and_wrench 🛠️
pick ⛏️|nut_and_bolt 🔩|gear ⚙️|bricks 🧱|chains ⛓️|magnet 🧲|bomb 💣|shield 🛡️|crystal_ball 🔮
telescope 🔭|microscope 🔬|test_tube 🧪|petri_dish 🧫|dna 🧬|pill 💊|syringe 💉|adhesive_bandage 🩹
stethoscope 🩺|thermometer 🌡️|broom 🧹|wastebasket 🗑️|roll_of_paper 🧻|key 🔑|old_key 🗝️|door 🚪|lock 🔒
unlock 🔓|closed_lock_with_key 🔐|envelope ✉️|email ✉️|incoming_envelope 📨|e-mail 📧|inbox_tray 📥
outbox_tray 📤|package 📦|mailbox 📫|mailbox_with_mail 📬|page_facing_up 📄|page_with_curl 📃|scroll 📜
newspaper 📰|bookmark_tabs 📑|bar_chart 📊|chart_with_upwards_trend 📈|chart_with_downwards_trend 📉
spiral_note_pad 🗒️|spiral_calendar_pad 🗓️|calendar 📆|date 📅|card_index 📇|card_file_box 🗃️
ballot_box_with_ballot 🗳️|file_cabinet 🗄️|clipboard 📋|file_folder 📁|open_file_folder 📂
card_index_dividers 🗂️|notebook 📓|ledger 📒|books 📚|book 📖|open_book 📖|closed_book 📕|green_book 📗
blue_book 📘|orange_book 📙|bookmark 🔖|label 🏷️|link 🔗|paperclip 📎|linked_paperclips 🖇️
straight_ruler 📏|triangular_ruler 📐|scissors ✂️|pushpin 📌|round_pushpin 📍|pencil 📝|pencil2 ✏️
black_nib ✒️|lower_left_fountain_pen 🖋️|lower_left_ballpoint_pen 🖊️|memo 📝|mag 🔍|mag_right 🔎|bell 🔔
no_bell 🔕|loudspeaker 📢|mega 📣|mute 🔇|speaker 🔈|sound 🔉|loud_sound 🔊|abacus 🧮|ladder 🪜|hook 🪝
umbrella_with_rain_drops ☔|crown 👑|tophat 🎩|mortar_board 🎓|helmet_with_white_cross ⛑️|safety_vest 🦺
eyeglasses 👓|briefcase 💼|school_satchel 🎒|lab_coat 🥼
"""
_SIGNS: Final = """
white_check_mark ✅|heavy_check_mark ✔️|ballot_box_with_check ☑️|x ❌|negative_squared_cross_mark ❎
heavy_multiplication_x ✖️|heavy_plus_sign ➕|heavy_minus_sign ➖|heavy_division_sign ➗|infinity ♾️
no_entry ⛔|no_entry_sign 🚫|name_badge 📛|warning ⚠️|radioactive_sign ☢️|biohazard_sign ☣️|sos 🆘
question ❓|grey_question ❔|exclamation ❗|heavy_exclamation_mark ❗|grey_exclamation ❕|bangbang ‼️
interrobang ⁉️|information_source ℹ️|arrow_up ⬆️|arrow_down ⬇️|arrow_left ⬅️|arrow_right ➡️
arrow_upper_right ↗️|arrow_lower_right ↘️|arrow_lower_left ↙️|arrow_upper_left ↖️|arrow_up_down ↕️
left_right_arrow ↔️|leftwards_arrow_with_hook ↩️|arrow_right_hook ↪️|arrow_heading_up ⤴️
arrow_heading_down ⤵️|arrows_clockwise 🔃|arrows_counterclockwise 🔄|back 🔙|end 🔚|on 🔛|soon 🔜|top 🔝
repeat 🔁|repeat_one 🔂|twisted_rightwards_arrows 🔀|rewind ⏪|fast_forward ⏩|arrow_forward ▶️
arrow_backward ◀️|arrow_up_small 🔼|arrow_down_small 🔽|arrow_double_up ⏫|arrow_double_down ⏬
black_right_pointing_double_triangle_with_vertical_bar ⏭️|double_vertical_bar ⏸️|black_square_for_stop ⏹️
black_circle_for_record ⏺️|eject ⏏️|low_brightness 🔅|high_brightness 🔆|signal_strength 📶
vibration_mode 📳|recycle ♻️|trident 🔱|beginner 🔰|o ⭕|red_circle 🔴|large_orange_circle 🟠
orange_circle 🟠|large_yellow_circle 🟡|yellow_circle 🟡|large_green_circle 🟢|green_circle 🟢
large_blue_circle 🔵|blue_circle 🔵|large_purple_circle 🟣|purple_circle 🟣|large_brown_circle 🟤
white_circle ⚪|black_circle ⚫|large_red_square 🟥|red_square 🟥|large_orange_square 🟧|orange_square 🟧
large_yellow_square 🟨|yellow_square 🟨|large_green_square 🟩|green_square 🟩|large_blue_square 🟦
blue_square 🟦|large_purple_square 🟪|purple_square 🟪|white_large_square ⬜|black_large_square ⬛
white_small_square ▫️|black_small_square ▪️|black_square_button 🔲|white_square_button 🔳
small_red_triangle 🔺|small_red_triangle_down 🔻|small_orange_diamond 🔸|small_blue_diamond 🔹
large_orange_diamond 🔶|large_blue_diamond 🔷|radio_button 🔘|zero 0️⃣|one 1️⃣|two 2️⃣|three 3️⃣|four 4️⃣
five 5️⃣|six 6️⃣|seven 7️⃣|eight 8️⃣|nine 9️⃣|keycap_ten 🔟|hash #️⃣|keycap_star *️⃣|1234 🔢|abc 🔤
a 🅰️|b 🅱️|ab 🆎|new 🆕|free 🆓|up 🆙|cool 🆒|ok 🆗|ng 🆖|vs 🆚|id 🆔|m Ⓜ️|parking 🅿️|copyright ©️
registered ®️|tm ™️|wavy_dash 〰️|white_flag 🏳️|waving_white_flag 🏳️|black_flag 🏴|waving_black_flag 🏴
checkered_flag 🏁|triangular_flag_on_post 🚩|crossed_flags 🎌|rainbow-flag 🏳️‍🌈|flag-de 🇩🇪|flag-us 🇺🇸
us 🇺🇸|flag-gb 🇬🇧|gb 🇬🇧|flag-eu 🇪🇺|flag-fr 🇫🇷|fr 🇫🇷|flag-jp 🇯🇵|jp 🇯🇵|flag-in 🇮🇳|flag-br 🇧🇷
flag-ca 🇨🇦|flag-es 🇪🇸|es 🇪🇸|flag-it 🇮🇹|it 🇮🇹|flag-nl 🇳🇱|flag-pl 🇵🇱|flag-ua 🇺🇦|flag-ch 🇨🇭
wheelchair ♿
"""

TABLE: Final[dict[str, str]] = {
    name: character
    for entry in "".join((_FACES, _PEOPLE, _NATURE, _THINGS, _SIGNS)).replace("\n", "|").split("|")
    if entry
    for name, character in [entry.split(" ")]
}
"""Characters by short name."""

TAKE_A_SKIN_TONE: Final = frozenset(
    "👋🤚✋👌✌🤞🤘🤙👈👉👆☝👇👍👎✊👊👏🙌👐🤝🙏✍💪👂👶🤵🤷🤦🙋🙇🙅🙆🕵👷💂🦸🧙🥷🏃🚶💃"
)
"""The characters that a skin tone may follow."""
