// Keyboard shortcuts, the live refresh of the queue, and short URLs; everything works without this file.
"use strict";

// "/" focuses the search box; arrows turn pages; n and p go to pages with hits; + and - zoom.
const linkOfKey = { ArrowLeft: "previous", ArrowRight: "following", n: "following-hit", p: "previous-hit" };

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
  } else if (linkOfKey[event.key]) {
    document.querySelector(`[data-key="${linkOfKey[event.key]}"]`)?.click();
  }
});

// Polls the queue page; after a failed request the old content stays until the next one.
const live = document.querySelector("[data-live]");

async function refresh() {
  if (document.hidden) return;
  const response = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!response.ok) return;
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
  const now = fresh.getElementById(live.id);
  if (now && now.innerHTML !== live.innerHTML) live.innerHTML = now.innerHTML;
}

if (live) setInterval(() => refresh().catch(() => {}), 1000 * Number(live.dataset.live));

// Fields left empty stay out of the URL of a search.
document.getElementById("tim")?.addEventListener("formdata", (event) => {
  for (const [name, value] of [...event.formData]) if (!value) event.formData.delete(name);
});
