// Files dropped anywhere on the page of documents are those of its form.

/** Let files be dropped on the form that takes documents. */
export function followDrops(): void {
  const form = document.querySelector<HTMLFormElement>("form#give");
  const field = form?.querySelector<HTMLInputElement>("input[type=file]");
  if (form === null || field === null || field === undefined) return;
  document.addEventListener("dragover", (event) => {
    event.preventDefault();
    form.classList.add("over");
  });
  document.addEventListener("dragleave", () => form.classList.remove("over"));
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    form.classList.remove("over");
    if (event.dataTransfer !== null && event.dataTransfer.files.length > 0) {
      field.files = event.dataTransfer.files;
      form.requestSubmit();
    }
  });
}
