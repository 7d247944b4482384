"""A moving picture: how a page looked, moment by moment, a sentence below it, and a ring where somebody clicks."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image
from playwright.sync_api import Locator, Page

#: as wide as a README shows pictures, in pixels
WIDTH = 1000
#: the page the pictures are hosted on shows no larger files well, in bytes
LARGEST = 3_000_000

_CAPTION = """(text) => {
  let box = document.getElementById("film-caption");
  if (!box) {
    box = document.createElement("div");
    box.id = "film-caption";
    Object.assign(box.style, {
      position: "fixed", left: "50%", bottom: "18px", transform: "translateX(-50%)", zIndex: 99, maxWidth: "80%",
      padding: "10px 20px", font: "600 19px/1.35 system-ui, sans-serif", color: "#fff", background: "#10201ef2",
      borderRadius: "10px", boxShadow: "0 6px 24px #0006", textAlign: "center", pointerEvents: "none",
    });
    document.body.append(box);
  }
  box.hidden = !text;
  box.textContent = text;
}"""
_RING = """([x, y]) => {
  const ring = document.createElement("div");
  ring.id = "film-ring";
  Object.assign(ring.style, {
    position: "fixed", left: `${x - 20}px`, top: `${y - 20}px`, width: "40px", height: "40px", zIndex: 100,
    border: "4px solid #d9480f", borderRadius: "50%", background: "#d9480f33", pointerEvents: "none",
  });
  document.body.append(ring);
}"""


class Film:
    """Frames of a page, each shown for its own time."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._frames: list[tuple[Image.Image, int]] = []

    def says(self, text: str) -> None:
        """The sentence below, until the next one."""
        self._page.evaluate(_CAPTION, text)

    def shows(self, seconds: float) -> None:
        """The page as it is now, for so long."""
        picture = Image.open(io.BytesIO(self._page.screenshot())).convert("RGB")
        height = round(picture.height * WIDTH / picture.width)
        frame = picture.resize((WIDTH, height), Image.Resampling.LANCZOS)
        self._frames.append((frame, round(seconds * 1000)))

    def clicks(self, where: Locator, *, seconds: float = 0.9) -> None:
        """A ring where somebody clicks, then the click."""
        where.scroll_into_view_if_needed()
        box = where.bounding_box()
        assert box is not None, "nothing to click"
        self._page.evaluate(_RING, [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2])
        self.shows(seconds)
        self._page.evaluate("document.getElementById('film-ring').remove()")
        where.click()

    def save(self, file: Path) -> int:
        """Written as an animated WebP; the size in bytes. Raises ValueError for one that is too large."""
        frames = [frame for frame, _ in self._frames]
        file.parent.mkdir(parents=True, exist_ok=True)
        frames[0].save(
            file, save_all=True, append_images=frames[1:], duration=[shown for _, shown in self._frames], loop=0,
            quality=80, method=5,
        )  # fmt: skip
        size = file.stat().st_size
        if size > LARGEST:
            raise ValueError(f"{file} has {size:,} bytes, more than {LARGEST:,}: fewer frames, or smaller ones")
        return size
