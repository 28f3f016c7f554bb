// The desk: refreshes itself, sends files in parts with progress. Everything works without this file.
"use strict";

document.body.classList.add("has-script");
const token = document.querySelector('input[name="khoa"]')?.value || "";
const PART = 8 * 1024 * 1024, WAITS = [1, 2, 4, 8, 15, 30, 30, 30]; // bytes; seconds between tries

// --- refresh: what somebody is busy with is left alone -------------------------------------
const balance = document.getElementById("can-bang");
const isBusy = (box) => box.contains(document.activeElement) && document.activeElement.matches("input, select, textarea")
  || box.querySelector("details[open], input:checked");

async function refreshDesk() {
  if (document.hidden) return;
  const response = await fetch(location.href.split("#")[0], { headers: { Accept: "text/html", "X-Sohoa-Live": "1" } });
  if (!response.ok || response.redirected) return;
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
  for (const id of ["can-bang", "song"]) {
    const now = document.getElementById(id), next = fresh.getElementById(id);
    if (now && next && now.innerHTML !== next.innerHTML && !isBusy(now)) {
      const focused = now.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
      now.innerHTML = next.innerHTML;
      if (focused) [...now.querySelectorAll("a")].find((link) => link.getAttribute("href") === focused)?.focus();
    }
  }
}
if (balance?.dataset.desk) setInterval(() => refreshDesk().catch(() => {}), 1000 * Number(balance.dataset.desk));

// --- sending ---------------------------------------------------------------------------------
const form = document.getElementById("gui"), list = document.getElementById("dang-gui");
const pause = (seconds) => new Promise((done) => setTimeout(done, 1000 * seconds));

class Refused extends Error {}

async function said(response) {
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  return page.querySelector("main h1 + p, main .lead, main p")?.textContent.trim() || `Máy chủ trả lời ${response.status}.`;
}

function row(file) {
  const line = document.createElement("li"), name = document.createElement("span");
  const bar = document.createElement("progress"), told = document.createElement("span");
  name.className = "file-name"; name.textContent = name.title = file.name;
  Object.assign(bar, { max: Math.max(file.size, 1), value: 0 });
  bar.setAttribute("aria-label", `Đã gửi ${file.name}`);
  told.className = "told";
  const stop = document.createElement("button");
  Object.assign(stop, { type: "button", className: "plain", textContent: "Bỏ" });
  stop.setAttribute("aria-label", `Bỏ gửi ${file.name}`);
  line.append(name, bar, stop, told);
  list?.append(line);
  const control = new AbortController();
  stop.addEventListener("click", () => control.abort());
  return { line, bar, stop, signal: control.signal, say(text, bad) { told.textContent = text; told.classList.toggle("bad", Boolean(bad)); } };
}

// Sends a file in parts (tus 1.0); after a lost connection it asks how much came and goes on.
async function sendParts(file, shown) {
  const name = btoa(String.fromCharCode(...new TextEncoder().encode(file.name)));
  const begun = await fetch("/ban-quet/gui", { method: "POST", signal: shown.signal, headers: {
    "X-Khoa": token, "Upload-Length": String(file.size), "Upload-Metadata": `filename ${name}` } });
  if (!begun.ok) throw new Refused(await said(begun));
  const url = begun.headers.get("Location");
  let offset = 0, tries = 0;
  while (offset < file.size) {
    try {
      const part = file.slice(offset, offset + PART);
      const answer = await fetch(url, { method: "PATCH", body: part, signal: shown.signal, headers: {
        "X-Khoa": token, "Upload-Offset": String(offset), "Content-Type": "application/offset+octet-stream" } });
      if (answer.ok) { offset = Number(answer.headers.get("Upload-Offset")); tries = 0; shown.say(""); }
      else if (answer.status !== 409 && answer.status < 500) throw new Refused(await said(answer));
      else throw new Error(String(answer.status));
    } catch (error) {
      if (error instanceof Refused || shown.signal.aborted) {
        fetch(url, { method: "DELETE", headers: { "X-Khoa": token } }).catch(() => {});
        throw error;
      }
      if (tries >= WAITS.length) throw new Refused("Không nối lại được với máy chủ. Gửi lại tệp này.");
      shown.say(`Mất kết nối. Tự gửi tiếp sau ${WAITS[tries]} giây…`, true);
      await pause(WAITS[tries++]);
      const far = await fetch(url, { method: "HEAD", signal: shown.signal }).catch(() => null);
      if (far?.ok) offset = Number(far.headers.get("Upload-Offset"));
      else if (far && far.status === 404) throw new Refused("Phần đã gửi không còn. Gửi lại tệp này.");
    }
    shown.bar.value = offset;
  }
  shown.bar.value = shown.bar.max;
  return url.split("/").pop();
}

async function hand(ids, fields) {
  const body = new FormData();
  body.append("khoa", token);
  for (const [name, value] of Object.entries(fields)) if (value) body.append(name, value);
  for (const id of ids) body.append("gui", id);
  for (const wait of [1, 2, 4, 8, 0]) {
    const answer = await fetch("/ban-quet/tep", { method: "POST", body, headers: { Accept: "application/json" } });
    if (answer.ok) return;
    if (answer.status !== 429 || !wait) throw new Refused(await said(answer));
    await pause(wait);
  }
}

// Files of one dossier are handed over together, others one by one as they arrive.
async function send(files, fields) {
  const ids = [];
  let failed = 0;
  for (const [file, shown] of [...files].map((file) => [file, row(file)])) {
    try {
      const id = await sendParts(file, shown);
      if (fields.name) ids.push(id); else await hand([id], fields);
      shown.say(fields.name ? "Đã gửi xong." : "Đã nhận, đang vào kho.");
      shown.stop.remove();
      if (!fields.name) setTimeout(() => shown.line.remove(), 6000);
    } catch (error) {
      failed += 1;
      shown.stop.remove();
      shown.say(shown.signal.aborted ? "Đã bỏ." : error instanceof Refused ? error.message : "Không gửi được. Thử lại.", true);
    }
  }
  if (fields.name && ids.length) {
    const last = row({ name: fields.name, size: 1 });
    last.stop.remove();
    if (failed) last.say("Còn tệp chưa gửi được nên hồ sơ chưa được nhận. Gửi lại cả hồ sơ.", true);
    else await hand(ids, fields).then(() => { last.bar.value = 1; last.say("Đã nhận hồ sơ, đang vào kho."); }, (error) => last.say(error.message, true));
  }
  refreshDesk().catch(() => {});
}

if (form) {
  const chosen = form.querySelector("#tep"), name = form.querySelector("#ho-so");
  const start = (files) => { if (files.length) send(files, { name: files.length > 1 || name.value ? name.value.trim() : "" }); };
  chosen.addEventListener("change", () => { start([...chosen.files]); chosen.value = ""; });
  form.addEventListener("submit", (event) => event.preventDefault());
  let depth = 0;
  // A file that falls onto a line takes its place, as with the button of the line.
  const lineUnder = (event) => event.target.closest?.(".desk-file:has([data-replace])");
  const aim = (line) => { for (const one of document.querySelectorAll(".is-aimed")) if (one !== line) one.classList.remove("is-aimed"); line?.classList.add("is-aimed"); };
  const hasFiles = (event) => [...event.dataTransfer?.types || []].includes("Files");
  addEventListener("dragenter", (event) => { if (hasFiles(event)) { depth += 1; document.body.classList.add("is-dragging"); } });
  addEventListener("dragleave", () => { depth = Math.max(0, depth - 1); if (!depth) { document.body.classList.remove("is-dragging"); aim(null); } });
  addEventListener("dragover", (event) => { if (hasFiles(event)) { event.preventDefault(); aim(lineUnder(event)); } });
  addEventListener("drop", (event) => {
    depth = 0;
    document.body.classList.remove("is-dragging");
    aim(null);
    if (!hasFiles(event)) return;
    event.preventDefault();
    const files = [...event.dataTransfer.files], mended = files.length === 1 && lineUnder(event)?.querySelector("[data-replace]");
    if (mended) send(files, { thay: mended.elements.thay.value }); else start(files);
  });
}

// A mended file is sent as soon as it is chosen.
document.addEventListener("change", (event) => {
  const mended = event.target.closest?.("[data-replace]");
  if (!mended || event.target.type !== "file" || !event.target.files.length) return;
  send([event.target.files[0]], { thay: mended.elements.thay.value });
  event.target.blur();
});

// What was opened is typed into at once.
document.addEventListener("toggle", (event) => {
  if (event.target.open && event.target.matches?.("details.act")) event.target.querySelector("input:not([type=hidden])")?.focus();
}, true);

document.querySelector("[data-print]")?.addEventListener("click", () => print());
