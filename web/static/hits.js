// Searches the rest of a large dossier once its page is shown; without it a link does the same.
"use strict";

async function searchAll(link) {
  const response = await fetch(link.href, { headers: { Accept: "text/html" } });
  if (!response.ok) return;
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
  for (const what of ["#trang-co-tu", ".turns.hits"]) {
    const now = fresh.querySelector(what);
    if (now) document.querySelector(what)?.replaceWith(now);
  }
}

for (const link of document.querySelectorAll("[data-search-all]")) searchAll(link).catch(() => {});
