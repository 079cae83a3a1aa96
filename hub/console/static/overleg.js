// Somebody came, went or agreed on something: the page says that there is more to see. Without this one refreshes by hand.
"use strict";
const told = document.getElementById("veranderd");
const source = new EventSource(told.dataset.stroom);
const here = told.dataset.over.split(" ");

// Her right to it ended: signed out, or another hat. What stands here is not hers to see any more.
source.addEventListener("einde", (end) => { if (end.data.startsWith("40")) { source.close(); location.reload(); } });
source.onmessage = (message) => {
  // A notice about a session names the list of sessions, not which one.
  const [, , kind, id] = new URL(JSON.parse(message.data).data.resourceUrl).pathname.split("/");
  if (kind !== "overleggen" && !here.includes(id)) return;
  const again = document.createElement("a");
  again.href = location.pathname;
  again.textContent = told.dataset.tekst;
  told.replaceChildren(again);
};
