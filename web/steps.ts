// The slider of a scenario: the step that it names is shown while it moves; let go, it is in the address.

import { followCharts } from "./charting.js";
import { followZoom } from "./zooming.js";

const PARTS = "#moment";

let asked: AbortController | undefined;

/** Follow the slider and the links between steps of a scenario's page. */
export function followSteps(): void {
  const form = document.querySelector<HTMLFormElement>("form#steps");
  const slider = form?.querySelector<HTMLInputElement>("#step");
  if (form === null || slider === null || slider === undefined) return;
  form.querySelector("button")?.remove();
  zoom(document);
  slider.addEventListener("input", () => void show(form, addressOf(form), "no"));
  slider.addEventListener("change", () => void show(form, addressOf(form), "push"));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void show(form, addressOf(form), "push");
  });
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>("#moment a[href]") : null;
    const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (link === null || !plain || new URL(link.href).pathname !== window.location.pathname) return;
    event.preventDefault();
    void show(form, link.href, "push");
  });
  window.addEventListener("popstate", () => void show(form, window.location.href, "none"));
}

/** Both maps of a step can be looked at; nothing is chosen on them. */
function zoom(place: ParentNode): void {
  followZoom(place, () => undefined, () => undefined);
}

function addressOf(form: HTMLFormElement): string {
  const query = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === "string") query.append(name, value);
  return `${window.location.pathname}?${query.toString()}`;
}

/** Show the step that an address asks for in the place of the one that is shown. */
async function show(form: HTMLFormElement, address: string, kept: "push" | "no" | "none"): Promise<void> {
  asked?.abort();
  const own = new AbortController();
  asked = own;
  document.querySelector(PARTS)?.setAttribute("aria-busy", "true");
  let answer: Response;
  let text: string;
  try {
    answer = await fetch(address, { signal: own.signal, headers: { accept: "text/html" } });
    text = await answer.text();
  } catch (error) {
    if (!own.signal.aborted) window.location.assign(address);
    else if (!(error instanceof DOMException)) throw error;
    return;
  }
  const page = new DOMParser().parseFromString(text, "text/html");
  const [now, then] = [document.querySelector(PARTS), page.querySelector(PARTS)];
  if (!answer.ok || now === null || then === null) {
    window.location.assign(address);
    return;
  }
  const focused = document.activeElement?.id ?? "";
  const scrolled = Array.from(now.querySelectorAll(".wide"), (one) => one.scrollLeft);
  now.replaceWith(then);
  then.querySelectorAll(".wide").forEach((one, index) => (one.scrollLeft = scrolled[index] ?? 0));
  zoom(then instanceof HTMLElement ? then : document);
  followCharts(then);
  follow(form, page, kept === "none" || focused !== "step");
  for (const selector of [".twins", ".tongues"]) {
    const [old, fresh] = [document.querySelector(selector), page.querySelector(selector)];
    if (old !== null && fresh !== null) old.replaceWith(fresh);
  }
  if (focused.startsWith("to-")) (then.querySelector<HTMLElement>(`#${focused}`) ?? form.querySelector<HTMLElement>("#step"))?.focus();
  if (kept === "push" && window.location.href !== new URL(address, window.location.href).href) {
    window.history.pushState(null, "", address);
  }
}

/** Let the slider say what is shown, and stand there unless it is being moved. */
function follow(form: HTMLFormElement, page: Document, move: boolean): void {
  const [slider, fresh] = [form.querySelector<HTMLInputElement>("#step"), page.querySelector<HTMLInputElement>("#step")];
  const [label, told] = [form.querySelector("label"), page.querySelector("form#steps label")];
  if (slider === null || fresh === null || label === null || told === null) return;
  label.textContent = told.textContent;
  slider.setAttribute("aria-valuetext", fresh.getAttribute("aria-valuetext") ?? "");
  if (move) slider.value = fresh.value;
  const side = page.querySelector<HTMLInputElement>("form#steps input[name=side]");
  form.querySelector("input[name=side]")?.remove();
  if (side !== null) form.append(side);
}
