// Drop a file anywhere on the page. Without this script the form works as it stands.
"use strict";
const area = document.querySelector("[data-drop]");
const input = document.querySelector("#file");
const text = document.querySelector("#text");
const problem = document.querySelector("#problem");
const most = Number(input.form.dataset.most);

function tell(words) {
  problem.textContent = words;
  problem.hidden = !words;
}

function holdsFiles(event) {
  return event.dataTransfer !== null && Array.from(event.dataTransfer.types).includes("Files");
}

function isTaken(files) {
  const tooLarge = Array.from(files).some((file) => file.size > most);
  if (files.length > 1) tell("Give one file at a time.");
  else if (tooLarge) tell("This file is larger than " + most / 1048576 + " MB, which is more than any badge.");
  else tell("");
  return files.length === 1 && !tooLarge;
}

for (const name of ["dragenter", "dragover"]) {
  document.addEventListener(name, (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault(); // else the browser would leave the page for the file
    area.classList.add("over");
  });
}
document.addEventListener("dragleave", (event) => {
  if (event.relatedTarget === null) area.classList.remove("over");
});
document.addEventListener("drop", (event) => {
  area.classList.remove("over");
  if (!holdsFiles(event)) return;
  event.preventDefault();
  if (!isTaken(event.dataTransfer.files)) return;
  input.files = event.dataTransfer.files;
  text.value = "";
  input.form.requestSubmit();
});
input.addEventListener("change", () => {
  if (input.files.length && !isTaken(input.files)) input.value = "";
});
