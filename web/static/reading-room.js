// Keyboard shortcuts, the live refresh of the queue, suggestions; everything works without this file.
"use strict";

// "/" focuses the search box; arrows turn pages; n and p go to pages with hits; + and - zoom.
const linkOfKey = { ArrowLeft: "previous", ArrowRight: "following", n: "following-hit", p: "previous-hit" };

function zoom(step) {
  const sizes = [...document.querySelectorAll("input[name=zoom]")];
  const next = sizes[sizes.findIndex((size) => size.checked) + step];
  if (next) next.checked = true;
}

document.addEventListener("keydown", (event) => {
  if (event.target.closest("dialog")) return;
  const typing = event.target.closest("input:not([type=radio]), textarea, select");
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, .pane") && event.key.startsWith("Arrow")) return;
  if (event.key === "/") {
    event.preventDefault();
    document.querySelector("[data-search]")?.select();
  } else if (event.key === "?") {
    showKeys(event);
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

// "?" and the link at the foot open the list of keys.
const keys = document.getElementById("phim-tat");

function showKeys(event) {
  if (!keys?.showModal || keys.open) return;
  event.preventDefault();
  keys.showModal();
}

document.querySelector("[data-keys]")?.addEventListener("click", showKeys);

// Suggestions below a search box: a list of options (ARIA combobox). Each is a search of its own.
function suggestBelow(input, number) {
  const list = document.createElement("ul");
  Object.assign(list, { id: `goi-y-${number}`, className: "suggestions", hidden: true });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Gợi ý");
  input.after(list);
  const told = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id };
  for (const [name, value] of Object.entries(told)) input.setAttribute(name, value);
  let timer, chosen = -1;

  function show(suggestions) {
    chosen = -1;
    list.replaceChildren(...suggestions.map(({ kind, text, url }, at) => {
      const option = document.createElement("li");
      Object.assign(option, { id: `${list.id}-${at}`, role: "option", ariaSelected: "false" });
      option.dataset.url = url;
      const name = document.createElement("span");
      name.textContent = kind;
      option.append(text, " ", name);
      return option;
    }));
    list.hidden = !suggestions.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
    input.removeAttribute("aria-activedescendant");
  }

  function choose(at) {
    list.children[chosen]?.setAttribute("aria-selected", "false");
    chosen = Math.min(Math.max(at, -1), list.children.length - 1);
    list.children[chosen]?.setAttribute("aria-selected", "true");
    if (chosen < 0) input.removeAttribute("aria-activedescendant");
    else input.setAttribute("aria-activedescendant", list.children[chosen].id);
  }

  async function ask() {
    const typed = input.value.trim();
    if (typed.length < 2) return show([]);
    const body = new URLSearchParams({ q: typed, khoa: input.form.elements.khoa.value }); // no words in an address
    const response = await fetch("/goi-y", { method: "POST", body, headers: { Accept: "application/json" } });
    const { suggestions } = response.ok ? await response.json() : { suggestions: [] };
    if (input.value.trim() === typed && document.activeElement === input) show(suggestions);
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => ask().catch(() => show([])), 150);
  });
  input.addEventListener("keydown", (event) => {
    if (list.hidden || event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") choose(chosen + (event.key === "ArrowDown" ? 1 : -1));
    else if (event.key === "Enter" && chosen >= 0) location.assign(list.children[chosen].dataset.url);
    else if (event.key === "Escape") show([]);
    else return;
    event.preventDefault();
  });
  input.addEventListener("blur", () => show([]));
  list.addEventListener("mousedown", (event) => event.preventDefault()); // the box keeps the focus
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[data-url]");
    if (option) location.assign(option.dataset.url);
  });
}

document.querySelectorAll("[data-search]").forEach(suggestBelow);
