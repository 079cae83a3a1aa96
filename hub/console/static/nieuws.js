// News as it comes, on top of the list that is there without it. The server says what may be seen; this shows it.
"use strict";
const list = document.getElementById("nieuws");
const state = document.getElementById("stand");
const line = document.getElementById("regel");
const words = document.getElementById("woorden").dataset;
const pages = { signalen: "/console/signalen/", casussen: "/console/casussen/" };
const source = new EventSource(list.dataset.stroom);

source.onopen = () => { state.textContent = state.dataset.leeft; };
source.onerror = () => { state.textContent = state.dataset.weg; };
// Her right to it ended: signed out, or another hat. What stands here is not hers to see any more.
source.addEventListener("einde", (end) => { if (end.data.startsWith("40")) { source.close(); location.reload(); } });
source.onmessage = (message) => {
  const event = JSON.parse(message.data);
  const item = line.content.cloneNode(true);
  const moment = item.querySelector("time");
  moment.dateTime = event.time;
  moment.textContent = new Date(event.time).toLocaleString(document.documentElement.lang);
  const link = item.querySelector("a");
  link.textContent = event.data.resource;
  const parts = new URL(event.data.resourceUrl).pathname.split("/");
  link.href = pages[parts[2]] ? pages[parts[2]] + (parts[3] || "") : "/console/nieuws";
  item.querySelector("span").textContent = words[event.data.actie];
  list.prepend(item);
  const known = document.querySelector(`[data-casus="${CSS.escape(parts[3] || "")}"]`);
  if (known) { known.textContent = `${known.dataset.nieuw}: ${moment.textContent}`; known.classList.add("gelukt"); }
};
