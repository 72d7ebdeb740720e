// What moves on the pages. Every page is whole without it: links and forms of the first page are followed here
// without loading the page anew, so that the address stays the state.

import { followCharts } from "./charting.js";
import { followDrops } from "./drops.js";
import { followMap, losing } from "./map.js";
import { addSliders } from "./sliders.js";
import { followSteps } from "./steps.js";
import { followZoom } from "./zooming.js";

const START = "start";
const PARTS = ["#result", ".drawing", "#tables"]; // what a slider changes while it is held
const PATIENCE = 250; // milliseconds of rest before an interval is asked for

let asked: AbortController | undefined;
let resting: number | undefined;

/** Show the state that an address asks for; go there, be there already, or only try it while a slider is moved. */
export async function show(address: string, how: "go" | "back" | "try"): Promise<void> {
  asked?.abort();
  window.clearTimeout(resting);
  const own = new AbortController();
  asked = own;
  const place = document.getElementById(START);
  place?.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(address, { signal: own.signal, headers: { accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById(START);
    if (!answer.ok || fresh === null || place === null) {
      window.location.assign(address);
      return;
    }
    if (how === "go") window.history.pushState(null, "", address);
    swap(place, fresh, page, how === "try");
  } catch (error) {
    if (!own.signal.aborted) window.location.assign(address);
    else if (!(error instanceof DOMException)) throw error;
  }
}

function swap(place: HTMLElement, fresh: HTMLElement, page: Document, trying: boolean): void {
  const focused = keyOf(document.activeElement);
  const open = Array.from(place.querySelectorAll("details"), (one) => one.open);
  const scrolled = Array.from(place.querySelectorAll(".wide, .assets"), (one) => one.scrollLeft);
  if (trying) {
    for (const part of PARTS) {
      const [now, then] = [place.querySelector(part), fresh.querySelector(part)];
      if (now !== null && then !== null) now.replaceWith(then);
    }
    place.removeAttribute("aria-busy");
    fresh = place;
  } else place.replaceWith(fresh);
  fresh.querySelectorAll("details").forEach((one, index) => (one.open ||= open[index] ?? false));
  fresh.querySelectorAll(".wide, .assets").forEach((one, index) => (one.scrollLeft = scrolled[index] ?? 0));
  for (const selector of [".twins", ".tongues"]) {
    const [now, then] = [document.querySelector(selector), page.querySelector(selector)];
    if (now !== null && then !== null) now.replaceWith(then);
  }
  if (focused !== "") fresh.querySelector<HTMLElement | SVGElement>(focused)?.focus({ preventScroll: true });
  begin(fresh, trying);
}

/** Return a selector that finds an element again after a swap, blank where it has nothing of its own. */
function keyOf(element: Element | null): string {
  if (element === null) return "";
  if (element.id !== "") return `#${CSS.escape(element.id)}`;
  for (const name of ["data-deny", "data-lose", "data-node"]) {
    const value = element.getAttribute(name);
    if (value !== null) return `[${name}="${CSS.escape(value)}"]`;
  }
  if (element instanceof HTMLInputElement && element.value !== "") {
    return `input[name="${CSS.escape(element.name)}"][value="${CSS.escape(element.value)}"]`;
  }
  return "";
}

/** Return the address that a form asks for: what goes without saying is left out. */
export function addressOf(form: HTMLFormElement): string {
  const query = new URLSearchParams();
  const usual = form.querySelector<HTMLInputElement>("#months")?.dataset["usual"];
  for (const [name, value] of new FormData(form)) {
    if (typeof value !== "string" || value === "" || (name === "months" && value === usual)) continue;
    if (name === "percent") {
      if (Number(value) !== 100) query.set("severity", String(Number(value) / 100));
    } else query.append(name, value);
  }
  const text = query.toString();
  return text === "" ? "/" : `/?${text}`;
}

function begin(place: HTMLElement, trying: boolean): void {
  const form = place.querySelector<HTMLFormElement>("#choose");
  if (form !== null && !trying) {
    addSliders(form, () => void show(addressOf(form), "try"));
    form.addEventListener("change", () => void show(addressOf(form), "go"));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void show(addressOf(form), "go");
    });
  }
  const follow = (address: string): void => void show(address, "go");
  const map = place.querySelector<SVGSVGElement>("svg#map");
  if (map !== null) followMap(map, follow);
  followZoom(place, follow, (codes) => follow(losing(codes)));
  const interval = place.querySelector<HTMLAnchorElement>("a#interval");
  if (interval !== null) {
    resting = window.setTimeout(() => void addInterval(place, interval), PATIENCE);
  }
}

/** Put the intervals of the state shown behind its figures, which are there already. */
async function addInterval(place: HTMLElement, link: HTMLAnchorElement): Promise<void> {
  const here = window.location.href;
  const answer = await fetch(link.href);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const [now, then] = [place.querySelector("#result"), page.querySelector("#result")];
  if (answer.ok && window.location.href === here && place.isConnected && now !== null && then !== null) {
    now.replaceWith(then);
  }
}

function followed(event: MouseEvent): void {
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
  const href = link?.getAttribute("href");
  if (link === null || link === undefined || !plain || typeof href !== "string") return;
  if (event.defaultPrevented || link.closest(`#${START}`) === null) return;
  const address = new URL(href, window.location.href);
  if (address.origin !== window.location.origin || address.pathname !== "/") return;
  event.preventDefault();
  void show(address.pathname + address.search, "go");
}

const start = document.getElementById(START);
if (start !== null) {
  document.addEventListener("click", followed);
  window.addEventListener("popstate", () => void show(window.location.pathname + window.location.search, "back"));
  begin(start, false);
}
followCharts(document);
followDrops();
followSteps();
