// Sliders beside number fields: the same number, moved.

const FURTHEST: Readonly<Record<string, number>> = { severity: 100, months: 36 };

/** Put a slider beside the severity and the months of a form; `moved` is called while it moves. */
export function addSliders(form: HTMLFormElement, moved: () => void): void {
  for (const [id, most] of Object.entries(FURTHEST)) {
    const field = form.querySelector<HTMLInputElement>(`#${id}`);
    if (field === null) continue;
    const slider = document.createElement("input");
    slider.type = "range";
    slider.id = `${id}-slider`;
    slider.min = field.min;
    slider.max = String(most);
    slider.step = id === "severity" ? "5" : "1";
    slider.value = field.value;
    slider.className = "slider";
    slider.setAttribute("aria-label", field.labels?.[0]?.textContent?.trim() ?? id);
    slider.addEventListener("input", () => {
      field.value = slider.value;
      moved();
    });
    field.after(slider);
  }
}
