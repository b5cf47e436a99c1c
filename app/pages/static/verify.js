// Drop a file anywhere on the form. Without this script the form works as it stands.
"use strict";
const area = document.querySelector("[data-drop]");
const input = document.querySelector("#file");
for (const name of ["dragenter", "dragover"]) {
  area.addEventListener(name, (event) => { event.preventDefault(); area.classList.add("over"); });
}
for (const name of ["dragleave", "drop"]) {
  area.addEventListener(name, () => area.classList.remove("over"));
}
area.addEventListener("drop", (event) => {
  event.preventDefault();
  if (event.dataTransfer.files.length === 1) {
    input.files = event.dataTransfer.files;
    input.form.requestSubmit();
  }
});
