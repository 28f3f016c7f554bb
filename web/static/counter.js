// Where the boxes stand beside the answer, the next card is scanned without a click.
if (window.matchMedia("(min-width: 64rem)").matches) {
  document.querySelector(".is-answered #so")?.focus({ preventScroll: true });
}
// The slip has a button that prints it; without scripts the browser's own command does.
for (const button of document.querySelectorAll(".print-now")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
