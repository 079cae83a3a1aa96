// The drawing grows and shrinks with the wheel while Ctrl is held; without scripts the links above it do the same.
"use strict";
const drawing = document.getElementById("samenhang");
const [, , wide, high] = drawing.getAttribute("viewBox").split(" ").map(Number);
let scale = Number(drawing.getAttribute("width")) / wide;

drawing.parentElement.addEventListener("wheel", (event) => {
  if (!event.ctrlKey) return;
  event.preventDefault();
  scale = Math.min(4, Math.max(0.25, scale * (event.deltaY < 0 ? 1.1 : 1 / 1.1)));
  drawing.setAttribute("width", Math.round(wide * scale));
  drawing.setAttribute("height", Math.round(high * scale));
}, { passive: false });
