// A chart that can be pointed at, from the specification that the drawn one was made from. Expressions are
// interpreted, so that a page may forbid text to become a script.

import embed from "vega-embed";
import type { EmbedOptions } from "vega-embed";
import { expressionInterpreter } from "vega-interpreter";

/** Put the chart that can be pointed at in the place of the drawn one, once it is there. */
export async function draw(figure: HTMLElement): Promise<void> {
  const drawn = figure.querySelector(".wide > svg");
  const text = figure.querySelector("script.live")?.textContent;
  if (drawn === null || text === undefined) return;
  const chart = document.createElement("div");
  chart.className = "pointed";
  chart.setAttribute("role", "img");
  chart.setAttribute("aria-label", drawn.getAttribute("aria-label") ?? "");
  const place = document.createElement("div");
  place.setAttribute("aria-hidden", "true"); // the whole is described, its marks say nothing more
  chart.append(place);
  drawn.after(chart);
  chart.hidden = true;
  const options: EmbedOptions = {
    mode: "vega-lite",
    renderer: "svg",
    actions: false,
    ast: true,
    expr: expressionInterpreter,
    defaultStyle: false,
    tooltip: tellIn(chart),
  };
  await embed(place, JSON.parse(text), options);
  chart.hidden = false;
  drawn.remove();
}

/** Return what tells of a value beside the pointer. */
function tellIn(chart: HTMLElement): (handler: unknown, event: MouseEvent, item: unknown, value: unknown) => void {
  const note = document.createElement("div");
  note.className = "note";
  note.hidden = true;
  chart.append(note);
  chart.addEventListener("pointerleave", () => (note.hidden = true));
  return (_handler, event, _item, value) => {
    note.hidden = typeof value !== "string" || value === "";
    if (note.hidden) return;
    note.textContent = String(value);
    const box = chart.getBoundingClientRect();
    const seen = chart.parentElement ?? chart; // a narrow page shows a part of a wide chart
    const left = Math.min(event.clientX - box.left + 12, seen.scrollLeft + seen.clientWidth - note.offsetWidth - 4);
    const above = event.clientY - box.top - note.offsetHeight - 8;
    note.style.left = `${Math.max(4, left)}px`;
    note.style.top = `${above < 0 ? event.clientY - box.top + 16 : above}px`;
  };
}
