// The map that can be zoomed: it shows what the drawn map says, and choosing on it leads where that one does.

import { Map as Globe, setWorkerUrl } from "maplibre-gl";
import type { FilterSpecification, GeoJSONSource, MapMouseEvent } from "maplibre-gl";
import { holds, Sheet } from "./area.js";
import type { Mode, Spot } from "./area.js";
import { coloursNow, hatching, PIXELS } from "./colours.js";
import { drawnOf } from "./drawn.js";
import type { Drawn, Thing } from "./drawn.js";
import { chosenOn, middleOf } from "./ground.js";
import type { Ground } from "./ground.js";
import { Note } from "./notes.js";
import { styleOf } from "./style.js";
import { barOf } from "./tools.js";

type Follow = (address: string) => void;
type Lose = (codes: readonly string[]) => void;

const WORKER = "/static/maplibre-gl-worker.js";
const REACH = 6; // pixels from which a line or a place is meant
const MOST = 12; // things of which one is asked to choose
const FURTHEST = 1.5;
const CLOSEST = 11;
const NOWHERE: FilterSpecification = ["==", 1, 2];

let shown: ZoomableMap | undefined;
let ground: Promise<Ground> | undefined;
let looks: Promise<void> | undefined;

/** Show the map in a host; the one that is there already moves into it, with what it looks at. */
export async function show(host: HTMLElement, drawn: SVGSVGElement, follow: Follow, lose: Lose): Promise<void> {
  if (shown === undefined) {
    ground ??= groundAt(host.dataset["ground"] ?? "");
    looks ??= sheetOfStyle();
    const [land] = await Promise.all([ground, looks]);
    if (!host.isConnected) return;
    shown = new ZoomableMap(land, host);
  }
  shown.stand(host, drawn, follow, lose);
}

async function groundAt(address: string): Promise<Ground> {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`no ground of the map: ${answer.status}`);
  return (await answer.json()) as Ground;
}

/** Put the style sheet of the library into the page. */
async function sheetOfStyle(): Promise<void> {
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = "/static/maplibre-gl.css";
  await new Promise((done) => {
    link.addEventListener("load", done);
    link.addEventListener("error", done);
    document.head.append(link);
  });
}

class ZoomableMap {
  private readonly box = document.createElement("div");
  private readonly note = new Note();
  private readonly sheet: Sheet;
  private readonly globe: Globe;
  private host: HTMLElement;
  private drawn: Drawn = { states: new Map(), links: new Map(), places: new Map() };
  private follow: Follow = () => undefined;
  private lose: Lose = () => undefined;
  private mode: Mode = "move";

  constructor(private readonly ground: Ground, host: HTMLElement) {
    this.host = host;
    host.hidden = false;
    this.box.className = "globe";
    host.append(this.box);
    setWorkerUrl(WORKER);
    this.globe = this.globeIn(host.dataset);
    this.sheet = new Sheet((area) => this.enclose(area));
    this.box.append(this.sheet.element, this.note.element);
    this.globe.on("click", (event) => this.choose(event));
    this.globe.on("mousemove", (event) => this.hint(event));
    this.globe.on("mouseout", () => this.quiet());
    this.globe.on("movestart", () => this.note.hide());
    this.globe.on("moveend", () => this.tell());
    this.globe.on("idle", () => {
      this.tell();
      this.box.dataset["ready"] = "true";
    });
    this.globe.on("style.load", () => this.lay());
    window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
      this.globe.setStyle(styleOf(this.ground, coloursNow()), { diff: false });
    });
  }

  /** Stand in a host and show what a drawn map says, which becomes the list of this one. */
  stand(host: HTMLElement, drawn: SVGSVGElement, follow: Follow, lose: Lose): void {
    this.host = host;
    this.drawn = drawnOf(drawn);
    this.follow = follow;
    this.lose = lose;
    host.hidden = false;
    const bar = barOf(host.dataset, this.mode, {
      mode: (mode) => this.sheet.take((this.mode = mode)),
      closer: (steps) => void this.globe.zoomTo(this.globe.getZoom() + steps),
      whole: () => void this.globe.fitBounds(this.ground.bounds),
    });
    host.replaceChildren(bar, this.box);
    this.globe.resize();
    const list = drawn.closest(".wide");
    list?.classList.add("unseen");
    list?.removeAttribute("tabindex");
    list?.parentElement?.querySelector(":scope > .closer")?.remove();
    drawn.addEventListener("focusin", (event) => this.focus(event.target));
    drawn.addEventListener("focusout", () => this.unfocus());
    this.note.hide();
    if (this.globe.isStyleLoaded()) this.lay();
  }

  private globeIn(words: DOMStringMap): Globe {
    const wheel = words["wheel"] ?? "";
    return new Globe({
      container: this.box,
      style: styleOf(this.ground, coloursNow()),
      bounds: this.ground.bounds,
      minZoom: FURTHEST,
      maxZoom: CLOSEST,
      attributionControl: false,
      boxZoom: false,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      cooperativeGestures: true,
      renderWorldCopies: false,
      fadeDuration: 0,
      locale: {
        "Map.Title": words["title"] ?? "",
        "CooperativeGesturesHandler.WindowsHelpText": wheel,
        "CooperativeGesturesHandler.MacHelpText": wheel.replace("Ctrl", "⌘"),
        "CooperativeGesturesHandler.MobileHelpText": words["fingers"] ?? "",
      },
    });
  }

  /** Lay the choice on the ground. */
  private lay(): void {
    this.box.dataset["ready"] = "false";
    const colours = coloursNow();
    const images = { hatch: hatching(colours.border, 1.6, ""), refuses: hatching(colours.tint3, 3, colours.tint1) };
    for (const [name, image] of Object.entries(images)) {
      if (!this.globe.hasImage(name)) this.globe.addImage(name, image, { pixelRatio: PIXELS });
    }
    for (const [name, data] of Object.entries(chosenOn(this.ground, this.drawn))) {
      void this.globe.getSource<GeoJSONSource>(name)?.setData(data);
    }
    for (const state of this.drawn.states.values()) {
      this.globe.setFeatureState({ source: "states", id: state.code }, { shade: state.shade });
    }
  }

  /** Say in the page what is looked at, for whoever has to find a thing on it. */
  private tell(): void {
    this.box.dataset["bounds"] = this.globe.getBounds().toArray().flat().map((one) => one.toFixed(5)).join(" ");
  }

  /** Return what lies at a spot: one place alone, else places and links, else a state. */
  private at(spot: Spot): Thing[] {
    const places = this.near(spot, "places", "place", this.drawn.places);
    const there = places.length === 1 ? places : [...places, ...this.near(spot, "links", "link", this.drawn.links)];
    if (there.length > 0) return there.slice(0, MOST);
    const [state] = this.globe.queryRenderedFeatures([spot.x, spot.y], { layers: ["states"] });
    const found = this.drawn.states.get(String(state?.properties["state"] ?? ""));
    return found === undefined ? [] : [found];
  }

  private near(spot: Spot, layer: string, key: string, things: ReadonlyMap<string, Thing>): Thing[] {
    const box: [[number, number], [number, number]] = [[spot.x - REACH, spot.y - REACH], [spot.x + REACH, spot.y + REACH]];
    const found = this.globe.queryRenderedFeatures(box, { layers: [layer] });
    const codes = new Set(found.map((one) => String(one.properties[key])));
    return Array.from(codes, (code) => things.get(code)).filter((one) => one !== undefined);
  }

  private choose(event: MapMouseEvent): void {
    const things = this.at(event.point).filter((one) => one.href !== "");
    const [first] = things;
    this.note.hide();
    if (first === undefined) return;
    if (things.length === 1) this.follow(first.href);
    else this.note.ask(this.host.dataset["several"] ?? "", things, event.point, this.box);
  }

  private hint(event: MapMouseEvent): void {
    if (this.note.asks) return;
    const things = this.at(event.point);
    this.globe.getCanvas().style.cursor = things.some((one) => one.href !== "") ? "pointer" : "";
    if (things.length === 0) this.note.hide();
    else this.note.say(things.map((one) => one.about || one.name).join("\n"), event.point, this.box);
  }

  private quiet(): void {
    if (!this.note.asks) this.note.hide();
  }

  /** Lose the links whose middles an area encloses. */
  private enclose(area: readonly Spot[]): void {
    const codes = this.ground.links.features.flatMap((one) => {
      const link = this.drawn.links.get(one.properties.link);
      const [lon, lat] = middleOf(one.geometry.coordinates);
      const inside = link !== undefined && link.href !== "" && holds(area, this.globe.project([lon ?? 0, lat ?? 0]));
      return inside ? [link.code] : [];
    });
    if (codes.length > 0) this.lose(codes);
  }

  /** Show on the map what has the focus in its list, and say what it is. */
  private focus(target: EventTarget | null): void {
    const link = target instanceof Element ? target.closest<SVGAElement>("a") : null;
    const shape = link?.querySelector<SVGElement>("[data-state], [data-link], [data-place]");
    if (link === null || shape === null || shape === undefined) return;
    const { state, link: line, place } = shape.dataset;
    this.mark(state, line, place);
    const spot = this.spotOf(state, line, place);
    if (spot === undefined) return;
    const at = this.globe.project(spot);
    const { clientWidth: wide, clientHeight: high } = this.box;
    if (at.x < 0 || at.y < 0 || at.x > wide || at.y > high) this.globe.jumpTo({ center: spot });
    this.note.say(link.getAttribute("aria-label") ?? "", this.globe.project(spot), this.box);
  }

  private unfocus(): void {
    this.mark(undefined, undefined, undefined);
    this.note.hide();
  }

  private mark(state: string | undefined, link: string | undefined, place: string | undefined): void {
    for (const [name, code] of [["state", state], ["link", link], ["place", place]] as const) {
      this.globe.setFilter(`focus-${name}`, code === undefined ? NOWHERE : ["==", ["get", name], code]);
    }
  }

  private spotOf(state?: string, link?: string, place?: string): [number, number] | undefined {
    const { names, links, places } = this.ground;
    const line = links.features.find((one) => link !== undefined && one.properties.link === link);
    const at =
      names.features.find((one) => state !== undefined && one.properties.state === state)?.geometry.coordinates ??
      (line === undefined ? undefined : middleOf(line.geometry.coordinates)) ??
      places.features.find((one) => place !== undefined && one.properties.place === place)?.geometry.coordinates;
    return at === undefined ? undefined : [at[0] ?? 0, at[1] ?? 0];
  }
}
