// Comforts only: everything works without this file.
"use strict";

// "/" goes to the search box; arrows turn pages; n and p go to pages with hits; + and - zoom.
const turns = { ArrowLeft: "previous", ArrowRight: "following", n: "following-hit", p: "previous-hit" };

function zoom(step) {
  const sizes = [...document.querySelectorAll("input[name=zoom]")];
  const next = sizes[sizes.findIndex((size) => size.checked) + step];
  if (next) next.checked = true;
}

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input:not([type=radio]), textarea, select");
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, .pane") && event.key.startsWith("Arrow")) return;
  if (event.key === "/") {
    event.preventDefault();
    document.querySelector("[data-search]")?.select();
  } else if (event.key === "+" || event.key === "-") {
    zoom(event.key === "+" ? 1 : -1);
  } else if (turns[event.key]) {
    document.querySelector(`[data-key="${turns[event.key]}"]`)?.click();
  }
});

// The queue asks for itself again; a failed request leaves what is shown and is tried again.
const live = document.querySelector("[data-live]");

async function refresh() {
  if (document.hidden) return;
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const now = fresh.getElementById(live.id);
  if (now && now.innerHTML !== live.innerHTML) live.innerHTML = now.innerHTML;
}

if (live) setInterval(() => refresh().catch(() => {}), 1000 * Number(live.dataset.live));
