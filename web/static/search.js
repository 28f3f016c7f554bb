// Keys of the search page: arrows walk the results. Words of an older address leave it.
"use strict";

const hits = [...document.querySelectorAll(".card h3 a")];

document.addEventListener("keydown", (event) => {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || event.isComposing || event.defaultPrevented) return;
  const box = event.target.closest("[data-search]");
  if (event.target.closest("input, textarea, select, dialog") && !box) return;
  if (box && box.value !== box.defaultValue) return; // suggestions for what is being typed come first
  const at = hits.indexOf(document.activeElement);
  const next = event.key === "ArrowDown" ? hits[at + 1] : hits[at - 1];
  if (next) next.focus();
  else if (event.key === "ArrowUp" && at === 0) document.getElementById("q")?.focus();
  else return;
  event.preventDefault();
  document.activeElement.closest(".card")?.scrollIntoView({ block: "nearest" });
});

const address = document.getElementById("tim")?.dataset.address;
if (address && new URLSearchParams(location.search).has("q")) history.replaceState(null, "", address);
