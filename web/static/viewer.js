// The viewer of a page: zoom, pan and turn (OpenSeadragon), words over the picture, keys. The page works without it.
"use strict";

const pane = document.querySelector("[data-viewer]");
const KEPT = "sohoa-viewer"; // in this tab alone: where on a page of which dossier one looked

// Where a page was looked at, in shares of its width: kept when the next page of the dossier opens.
function kept() {
  try {
    const known = JSON.parse(sessionStorage.getItem(KEPT));
    return known && known.dossier === pane.dataset.viewer ? known : null;
  } catch { return null; }
}

function keep(place) {
  try { sessionStorage.setItem(KEPT, JSON.stringify({ dossier: pane.dataset.viewer, ...place })); } catch { /* a private window */ }
}

// Words lie transparent over the picture, so that they are chosen and copied like any text.
function wordsOver(width, height) {
  const over = document.createElement("div");
  over.className = "over";
  over.style.width = `${width}px`;
  over.style.height = `${height}px`;
  const marks = pane.querySelector(".scan svg");
  if (marks) over.append(marks);
  const layer = document.createElement("div");
  layer.className = "words";
  layer.lang = "vi";
  layer.setAttribute("aria-hidden", "true"); // the same text stands beside it
  const pen = document.createElement("canvas").getContext("2d");
  document.querySelectorAll(".reading .line[data-words]").forEach((line, at) => {
    const places = line.dataset.words.split(";"), words = line.textContent.trim().split(/ +/);
    if (places.length !== words.length) return;
    places.forEach((place, number) => {
      const [x, y, wide, high] = place.split(",").map(Number), word = document.createElement("span");
      word.textContent = words[number];
      word.dataset.line = at;
      pen.font = `${high}px Arial, "Liberation Sans", sans-serif`;
      const plain = pen.measureText(words[number]).width || wide;
      for (const [name, value] of [["--x", x], ["--y", y], ["--h", high], ["--s", wide / plain]]) word.style.setProperty(name, value);
      layer.append(word);
    });
  });
  // A drag that begins on a word chooses words; anywhere else it moves the picture.
  const own = (event) => { if (event.target.closest(".words span") && event.pointerType !== "touch") event.stopPropagation(); };
  for (const name of ["pointerdown", "mousedown", "dblclick", "click"]) layer.addEventListener(name, own);
  layer.addEventListener("copy", (event) => {
    const chosen = getSelection(), lines = new Map();
    const words = [...layer.children].filter((word) => chosen.containsNode(word, true));
    if (words.length < 2) return;
    for (const word of words) lines.set(word.dataset.line, [...(lines.get(word.dataset.line) ?? []), word.textContent]);
    event.clipboardData.setData("text/plain", [...lines.values()].map((line) => line.join(" ")).join("\n"));
    event.preventDefault();
  });
  over.append(layer);
  return over;
}

// The middle and the size of a mark on the picture, in pixels of it.
function placeOf(mark) {
  const box = mark?.getBBox?.();
  return box && { x: box.x + box.width / 2, y: box.y + box.height / 2, width: box.width, height: box.height };
}

// The browser scrolls to the mark that the address names; here the stage moves, and the page stays at its top.
function settle() {
  if (!location.hash.startsWith("#o")) return;
  scrollTo({ top: 0, behavior: "instant" });
  document.querySelector("[data-chosen]")?.scrollIntoView({ block: "nearest", behavior: "instant" });
}

function openViewer() {
  const width = Number(pane.dataset.width), height = Number(pane.dataset.height);
  const stage = document.createElement("div");
  stage.className = "stage waiting";
  pane.append(stage);
  pane.classList.add("staged");
  pane.removeAttribute("tabindex"); // its canvas has the focus
  pane.closest(".sheet").classList.add("staged");
  const scan = pane.querySelector(".scan");
  scan.classList.add("shown"); // until the stage has the picture
  // OpenSeadragon writes one rule into the page unless it finds it there, which the policy forbids: ours stands in viewer.css.
  const rule = document.createElementNS("urn:sohoa", "style"); // an element of that name which styles nothing
  rule.setAttribute("data-openseadragon-mobile-css", "true");
  document.head.append(rule);
  const viewer = OpenSeadragon({
    element: stage, tileSources: { type: "image", url: pane.dataset.full, buildPyramid: false },
    drawer: "canvas", showNavigationControl: false, animationTime: 0.3, springStiffness: 9, visibilityRatio: 0.6,
    maxZoomPixelRatio: 5, minZoomImageRatio: 0.7, zoomPerScroll: 1.25, imageSmoothingEnabled: true,
    gestureSettingsMouse: { clickToZoom: false, dblClickToZoom: true, flickEnabled: false },
  });
  const view = viewer.viewport, home = () => view.getHomeZoom();
  const told = document.querySelector("[data-zoom]");
  let over = null;

  function lay() {
    if (!over) return;
    const corner = view.pixelFromPoint(new OpenSeadragon.Point(0, 0), true);
    const right = view.pixelFromPoint(new OpenSeadragon.Point(1, 0), true);
    const across = right.minus(corner), size = Math.hypot(across.x, across.y) / width;
    over.style.transform = `translate(${corner.x}px, ${corner.y}px) rotate(${Math.atan2(across.y, across.x)}rad) scale(${size})`;
    told.textContent = `${Math.round((view.getZoom(true) / home()) * 100)}%`;
  }

  function remember() {
    const middle = view.getCenter();
    keep({ zoom: view.getZoom() / home(), x: middle.x, y: middle.y, turned: view.getRotation() });
  }

  function lookAt(place, closer) {
    if (!place) return;
    const near = closer ? Math.min(3, Math.max(1.6, (0.45 * width) / place.width)) * home() : view.getZoom();
    view.zoomTo(Math.max(near, view.getZoom()), null, true);
    view.panTo(new OpenSeadragon.Point(place.x / width, place.y / width), true);
    view.applyConstraints(true);
  }

  viewer.addHandler("open", () => {
    over = wordsOver(width, height);
    viewer.canvas.append(over);
    const before = kept();
    if (before) {
      view.setRotation(before.turned, true);
      view.zoomTo(before.zoom * home(), null, true);
      view.panTo(new OpenSeadragon.Point(before.x, before.y), true);
      view.applyConstraints(true);
    }
    settle();
    const mark = over.querySelector(location.hash.startsWith("#o") ? location.hash : ".field-box");
    if (mark) lookAt(placeOf(mark), mark.classList.contains("field-box"));
    stage.classList.remove("waiting");
    scan.classList.remove("shown");
    lay();
    pane.dataset.ready = "1";
  });
  viewer.addHandler("open-failed", () => { // the plain picture, as without script
    stage.remove();
    pane.classList.remove("staged");
    pane.closest(".sheet").classList.remove("staged");
  });
  for (const name of ["update-viewport", "rotate", "resize"]) viewer.addHandler(name, lay);
  viewer.addHandler("animation-finish", remember);
  viewer.addHandler("canvas-key", (event) => { event.preventDefaultAction = true; }); // our own keys, below
  addEventListener("load", settle);
  addEventListener("pagehide", () => { if (over) remember(); });
  addEventListener("hashchange", () => lookAt(placeOf(over?.querySelector(location.hash || "none")), false));

  const deeds = {
    in: () => view.zoomBy(1.4), out: () => view.zoomBy(1 / 1.4),
    fit: () => { view.setRotation(0); view.goHome(); },
    turn: () => view.setRotation((view.getRotation() + 90) % 360),
  };
  const tools = document.querySelector("[data-tools]");
  tools.hidden = false;
  tools.addEventListener("click", (event) => deeds[event.target.closest("[data-do]")?.dataset.do]?.());
  const deedOf = { "+": "in", "=": "in", "-": "out", 0: "fit", r: "turn" };
  document.addEventListener("keydown", (event) => {
    if (event.target.closest("dialog, input:not([type=radio]), textarea, select") || event.ctrlKey || event.metaKey || event.altKey) return;
    deeds[deedOf[event.key]]?.();
    const turns = { ArrowLeft: "previous", ArrowRight: "following" }[event.key];
    if (turns && event.target.closest(".stage")) document.querySelector(`[data-key="${turns}"]`)?.click();
  });
}

// The picture comes first, over a slow line too; what zooms it comes behind.
function loadEngine() {
  const engine = document.createElement("script");
  engine.src = pane.dataset.engine;
  engine.addEventListener("load", openViewer);
  document.head.append(engine);
}

const picture = pane?.querySelector(".scan img");
if (picture?.complete) loadEngine();
else picture?.addEventListener("load", loadEngine);

// Fields: e opens the chosen or first doubtful one; the arrow leads on to the next doubtful one.
const cards = [...document.querySelectorAll(".field-card")];

function edit(card) {
  if (!card) return;
  card.open = true;
  const box = card.querySelector("[data-typed]") ?? card.querySelector("summary");
  box.focus();
  box.select?.();
}

function nextDoubt(card) {
  const doubtful = cards.filter((each) => each.classList.contains("doubtful"));
  return doubtful[(doubtful.indexOf(card) + 1) % doubtful.length];
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("dialog")) return;
  const card = event.target.closest(".field-card"), typing = event.target.closest("input:not([type=radio]), textarea, select");
  if (event.key === "Escape" && card) card.querySelector("summary").focus();
  else if (typing) return;
  else if (event.key === "e") {
    event.preventDefault();
    edit(card ?? cards.find((each) => each.open) ?? nextDoubt(null) ?? cards[0]);
  } else if (event.key === "ArrowRight" && card && nextDoubt(card)) {
    event.preventDefault();
    event.stopImmediatePropagation();
    edit(nextDoubt(card));
  }
}, true);

// The button says what it will do: what was typed differs from what was read.
for (const box of document.querySelectorAll("[data-typed]")) {
  const right = box.form.querySelector("[data-right]"), was = box.value;
  box.addEventListener("input", () => {
    const typed = box.value.trim();
    right.textContent = typed && typed !== was ? `Sửa thành «${typed.length > 24 ? `${typed.slice(0, 24)}…` : typed}»` : right.dataset.right;
  });
}
function focusChosen() { // going to the mark of the address takes the focus away again
  const box = document.querySelector("[data-chosen] [data-typed]");
  if (!box || document.activeElement !== document.body) return;
  box.focus({ preventScroll: true });
  box.select(); // what is typed takes its place
}
focusChosen();
addEventListener("load", () => { focusChosen(); setTimeout(focusChosen, 300); });

// Only lines that were changed are sent: a full page of words need not travel.
const lines = document.querySelector("form.lines");
lines?.addEventListener("submit", () => {
  const boxes = [...lines.querySelectorAll("[name=chu]")];
  const changed = boxes.filter((box) => box.value !== box.defaultValue || box.nextElementSibling?.classList.contains("raw"));
  if (changed.length) for (const box of boxes) box.disabled = box.previousElementSibling.disabled = !changed.includes(box);
});

// The strip shows the page that is open.
const strip = document.querySelector(".strip"), current = strip?.querySelector("[aria-current]");
if (current) {
  const place = current.getBoundingClientRect(), frame = strip.getBoundingClientRect();
  strip.scrollTop += place.top - frame.top - (frame.height - place.height) / 2;
  strip.scrollLeft += place.left - frame.left - (frame.width - place.width) / 2;
}
