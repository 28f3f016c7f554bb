// «Kiểm tra» by keys: the next item is fetched while this one is read, answers are sent behind it.
// Everything works without this file.
"use strict";

const place = document.getElementById("muc");
const news = document.getElementById("tin");
const left = document.getElementById("con-lai");
const badge = document.querySelector(".nav .waiting");
const help = document.getElementById("phim");
const sending = new Set(); // names of items whose answers are on their way
const done = []; // what was answered here, the newest last
let ready = null; // promise of the next item, or of the empty state

const current = () => place.firstElementChild;
const nameOf = (node) => node?.dataset.item ?? "";
const isOver = (node) => Number(node?.dataset.ends ?? Infinity) < Date.now();

// Takes what the server sent into this page; its picture begins to load at once.
function adopt(html) {
  const node = document.importNode(new DOMParser().parseFromString(html, "text/html").body.firstElementChild, true);
  if (node.dataset.seconds) node.dataset.ends = String(Date.now() + 1000 * Number(node.dataset.seconds));
  return node;
}

async function ask(path, options = {}) {
  const response = await fetch(path, options);
  if (response.redirected) throw new Error("signed out"); // the page of signing in
  return response;
}

async function fetchNext(besides) {
  const query = new URLSearchParams(place.dataset.only ? { "ho-so": place.dataset.only } : {});
  for (const name of besides) if (name) query.append("ngoai", name);
  const response = await ask(`/kiem-tra/ke-tiep?${query}`);
  if (!response.ok) throw new Error(String(response.status));
  return adopt(await response.text());
}

function prefetch() {
  if (!nameOf(current())) return;
  ready = fetchNext([nameOf(current()), ...sending]);
  ready.catch(() => {}); // whoever waits for it is told
}

function show(node) {
  place.replaceChildren(node);
  const first = node.querySelector("[data-first]");
  first?.focus({ preventScroll: true });
  first?.select?.();
  name_button();
  node.scrollIntoView({ block: "nearest" });
}

// The button says what Enter does: agree with what was read, or save what was typed.
function name_button() {
  const input = place.querySelector("#gia-tri"), button = place.querySelector("[data-enter]");
  if (!input || !button) return;
  const isSame = input.value.trim() === input.dataset.read.trim();
  button.firstChild.textContent = `${isSame ? button.dataset.same : button.dataset.changed} `;
}

function tell(tone, text, ...more) {
  const notice = document.createElement("div"), line = document.createElement("p");
  notice.className = `notice ${tone} saved`;
  line.textContent = text;
  notice.append(line, ...more);
  news.replaceChildren(notice);
}

function undo_button() {
  const button = document.createElement("button"), key = document.createElement("kbd");
  button.className = "plain";
  key.textContent = "Alt H";
  button.append("Hoàn tác ", key);
  button.addEventListener("click", take_back);
  return button;
}

function said_of(node, data) {
  const label = node.dataset.label, input = node.querySelector("#gia-tri");
  const deed = data.get("viec");
  if (deed === "bo-qua") return `Đã bỏ qua: ${label}.`;
  if (deed === "khong-ghi") return `Đã lưu: giấy không ghi ${label}.`;
  if (deed === "bo-ra") return `Đã bỏ ra: ${label}.`;
  if (deed === "de-nguyen") return `Đã để nguyên: ${label}.`;
  if (deed?.startsWith("xoay")) return `Đã xoay, sẽ đọc lại: ${label}.`;
  return `Đã lưu: ${label}${input ? ` «${input.value.trim()}»` : ""}.`;
}

async function next_of(node) {
  let next = null;
  try { next = await ready; } catch { /* asked for once more below */ }
  if (!next || isOver(next)) next = await fetchNext([nameOf(node), ...sending]);
  return next;
}

async function answer(form, submitter) {
  const node = current();
  if (node.dataset.answered) return; // a key that was held down
  node.dataset.answered = "1";
  const data = new URLSearchParams(new FormData(form, submitter));
  sending.add(nameOf(node));
  const headers = { Accept: "application/json" };
  // It arrives even when the page is closed right after the key.
  const sent = ask(form.action, { method: "POST", body: data, headers, keepalive: true });
  try {
    show(await next_of(node));
    prefetch();
    await settle(node, data, await sent);
  } catch {
    delete node.dataset.answered;
    if (current() !== node) show(node);
    tell("bad", "Chưa lưu được: không tới được máy chủ, hoặc phiên đã hết. Câu trả lời còn đây, bấm lại sau ít phút.");
  } finally {
    sending.delete(nameOf(node));
  }
}

async function settle(node, data, response) {
  const told = await response.json().catch(() => ({}));
  delete node.dataset.answered;
  if (response.ok) {
    done.push(node);
    left.textContent = told.left;
    if (badge) badge.textContent = told.total;
    tell("good", said_of(node, data), undo_button());
    return;
  }
  if (told.conflict || [403, 404].includes(response.status)) {
    const link = document.createElement("a");
    link.href = `/ho-so/${nameOf(node).split("-")[0]}`;
    link.textContent = "Mở hồ sơ";
    tell("warn", `${node.dataset.label}: ${told.message ?? "Không lưu được: hồ sơ không còn mở cho bạn."} ${told.remedy ?? ""}`, link);
    return;
  }
  const waiting = current();
  if (waiting !== node) ready = Promise.resolve(waiting); // it comes again after this one
  show(node);
  tell("bad", `Chưa lưu. ${told.message ?? "Máy chủ không nhận."} ${told.remedy ?? ""}`);
}

async function take_back() {
  const node = done.pop();
  const form = news.querySelector("form");
  if (!node) return form?.requestSubmit();
  const waiting = current();
  const body = new URLSearchParams({ khoa: place.dataset.khoa });
  const headers = { Accept: "application/json" };
  const response = await ask(`${node.dataset.path}/hoan-tac`, { method: "POST", body, headers });
  if (!response.ok) {
    const told = await response.json().catch(() => ({}));
    tell("warn", `Không hoàn tác được. ${told.message ?? ""} ${told.remedy ?? ""}`);
    return;
  }
  const again = await ask(node.dataset.path, { headers });
  if (nameOf(waiting)) ready = Promise.resolve(waiting);
  show(adopt(await again.text()));
  tell("quiet", `Đã hoàn tác: ${node.dataset.label}.`);
}

place.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-answer]")) return;
  event.preventDefault();
  answer(event.target, event.submitter);
});
place.addEventListener("input", name_button);

document.addEventListener("keydown", (event) => {
  if (event.isComposing) return; // an input method that is still writing the word
  const input = event.target.closest("input, textarea, select");
  if (event.altKey && !event.ctrlKey && !event.metaKey) {
    const button = place.querySelector(`[data-code="${event.code}"]`);
    if (event.code === "KeyH") take_back().catch(() => tell("bad", "Không tới được máy chủ."));
    else if (button) button.click();
    else return;
    event.preventDefault();
    return;
  }
  if (event.ctrlKey || event.metaKey) return;
  const isTouched = input && !(input.id === "gia-tri" && input.value === input.dataset.read);
  if (event.key === "?" && !isTouched) {
    help.open = !help.open;
    event.preventDefault();
  } else if (event.key === "Escape" && input?.id === "gia-tri") {
    input.value = input.dataset.read;
    input.select();
    name_button();
  } else if (event.key === "Enter" && !event.target.closest("input, button, a, summary")) {
    place.querySelector("[data-enter], button[data-first]")?.click();
    event.preventDefault();
  }
});

setInterval(() => {
  const note = place.querySelector("[data-expired]");
  if (note) note.hidden = !isOver(current());
}, 5000);

if (current()?.dataset.seconds) {
  current().dataset.ends = String(Date.now() + 1000 * Number(current().dataset.seconds));
  show(current());
  prefetch();
}
