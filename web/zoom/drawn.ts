// What the drawn map says, read from it: what can be chosen, how wide, in whose colour, in which words.

/** A thing of the map: its code, its name, what is said of it, and the address that choosing it leads to, if any. */
export interface Thing {
  code: string;
  name: string;
  about: string;
  href: string;
}
/** A state: its step of shade, below nought for the focal state, and whether it refuses. */
export interface State extends Thing {
  shade: number;
  denied: boolean;
}
/** A link: the amount beside it, its width (pixels), its hue, and what changed. */
export interface Link extends Thing {
  amount: string;
  width: number;
  hue: number;
  change: string;
}
/** A place, and whether all that leaves it is lost. */
export interface Place extends Thing {
  lost: boolean;
}
export interface Drawn {
  states: ReadonlyMap<string, State>;
  links: ReadonlyMap<string, Link>;
  places: ReadonlyMap<string, Place>;
}

/** Return what a drawn map says. */
export function drawnOf(map: SVGSVGElement): Drawn {
  const states = new Map<string, State>();
  for (const shape of map.querySelectorAll<SVGElement>("[data-state]")) {
    const shade = shape.classList.contains("focal") ? -1 : numberIn(shape, "shade");
    const thing = thingOf(shape, shape.dataset["state"], shape.dataset["name"]);
    states.set(thing.code, { ...thing, shade, denied: shape.classList.contains("denied") });
  }
  const links = new Map<string, Link>();
  for (const group of map.querySelectorAll<SVGElement>("[data-link]")) {
    const line = group.querySelector(".line");
    const change = ["same", "more", "less", "lost", "idle"].find((one) => group.classList.contains(one)) ?? "same";
    links.set(group.dataset["link"] ?? "", {
      ...thingOf(group, group.dataset["link"], ""),
      amount: group.dataset["amount"] ?? "",
      width: Number(line?.getAttribute("stroke-width") ?? 1),
      hue: numberIn(group, "hue"),
      change,
    });
  }
  const places = new Map<string, Place>();
  for (const dot of map.querySelectorAll<SVGElement>("[data-place]")) {
    const thing = thingOf(dot, dot.dataset["place"], dot.dataset["name"]);
    places.set(thing.code, { ...thing, lost: dot.classList.contains("lost") });
  }
  return { states, links, places };
}

function thingOf(shape: SVGElement, code: string | undefined, name: string | undefined): Thing {
  const link = shape.closest("a");
  const title = shape.querySelector("title")?.textContent ?? name ?? "";
  const about = link?.getAttribute("aria-label") ?? title;
  return { code: code ?? "", name: name ?? "", about: about.trim(), href: link?.getAttribute("href") ?? "" };
}

function numberIn(shape: Element, stem: string): number {
  const found = Array.from(shape.classList).find((one) => one.startsWith(stem) && one.length > stem.length);
  return Number(found?.slice(stem.length) ?? 0) || 0;
}
