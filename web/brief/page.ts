// In the brief: partners are switched off, and the file solves its own model anew. Nothing is asked of a network.

import loadHighs, { type InitOptions } from "highs";
import { earned } from "./booking.js";
import { closesAnything, sharesLeft, situationOf } from "./closing.js";
import { at, type Model } from "./model.js";
import { type Flow, Programmes } from "./solving.js";

/** What the page says: the model, the goods whose tonnes may be added, and sentences with slots. */
interface Record {
  readonly model: Model;
  readonly language: string;
  readonly signs: { readonly group: string; readonly decimal: string; readonly minus: string };
  readonly goods: readonly { readonly stranded: string; readonly supplies: readonly number[] }[];
  readonly routes: readonly { readonly name: string; readonly activities: readonly number[] }[];
  readonly texts: Readonly<globalThis.Record<string, string>>;
}

const MOVED = 0.02; // Mt a year below which a route is told as it was
const ROUTES = 15;

function element<Kind extends HTMLElement>(id: string): Kind {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`no ${id}`);
  return found as Kind;
}

async function unpacked(id: string): Promise<ArrayBuffer> {
  const packed = Uint8Array.from(atob(element(id).textContent ?? ""), (letter) => letter.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).arrayBuffer();
}

/** Return options with which the loader takes the solver that the file carries: its own would fetch one. */
function carrying(module: WebAssembly.Module): InitOptions {
  const options = {
    instantiateWasm(imports: WebAssembly.Imports, receive: (one: WebAssembly.Instance) => void): object {
      void WebAssembly.instantiate(module, imports).then(receive);
      return {};
    },
  };
  return options as InitOptions;
}

/** The model ready to be asked: what is unpacked and compiled once. */
class Desk {
  readonly #record: Record;
  readonly #programmes: Programmes;
  readonly #before: Flow;

  constructor(record: Record, programmes: Programmes) {
    this.#record = record;
    this.#programmes = programmes;
    this.#before = { value: record.model.value, use: Float64Array.from(record.model.usual) };
  }

  static async open(): Promise<Desk> {
    const [text, binary] = await Promise.all([unpacked("refusing-model"), unpacked("refusing-solver")]);
    const record = JSON.parse(new TextDecoder().decode(text)) as Record;
    const module = await WebAssembly.compile(binary);
    return new Desk(record, new Programmes(await loadHighs(carrying(module)), record.model));
  }

  /** Show what a refusal by `parties` (codes, with their names) to a `severity` (0 to 1) takes. */
  show(parties: ReadonlyMap<string, string>, severity: number): void {
    const { model, texts, goods } = this.#record;
    const left = sharesLeft(model, new Set(parties.keys()), severity);
    const after = closesAnything(model, left) ? this.#programmes.best(situationOf(model, left)) : this.#before;
    const said = element("refusing-said");
    if (after === null) {
      said.textContent = texts.impossible ?? "";
      element("refusing-routes").hidden = true;
      return;
    }
    const income = earned(model, this.#before.use) - earned(model, after.use);
    const who = new Intl.ListFormat(this.#record.language, { type: "conjunction" }).format(parties.values());
    const rows: [string, string, number, number][] = [
      ["income_musd", texts.income ?? "", income, 2],
      ["leverage_musd", texts.shippers ?? "", this.#before.value - after.value, 2],
      ...goods.map(({ stranded, supplies }): [string, string, number, number] => [
        "stranded_mt",
        stranded,
        total(this.#before, supplies) - total(after, supplies),
        3,
      ]),
    ];
    said.replaceChildren(
      made("p", (texts.refuses ?? "").replace("{who}", who).replace("{severity}", this.#printed(severity * 100, 3))),
      made("dl", "", ...rows.map(([id, label, value, figures]) => made("div", "", made("dt", label), this.#figure(id, value, figures)))),
    );
    this.#showRoutes(after);
  }

  #figure(id: string, value: number, figures: number): HTMLElement {
    const shown = made("dd", this.#printed(value, figures));
    shown.dataset["id"] = id;
    shown.dataset["value"] = String(value);
    return shown;
  }

  #showRoutes(after: Flow): void {
    const changed = this.#record.routes
      .map((one) => ({ name: one.name, before: total(this.#before, one.activities), after: total(after, one.activities) }))
      .filter((one) => Math.abs(one.after - one.before) > MOVED)
      .filter((one) => this.#printed(one.before, 3) !== this.#printed(one.after, 3))
      .sort((one, other) => Math.abs(other.after - other.before) - Math.abs(one.after - one.before))
      .slice(0, ROUTES);
    const body = element("refusing-routes").querySelector("tbody");
    body?.replaceChildren(
      ...changed.map((one) => {
        const name = made("th", one.name);
        name.setAttribute("scope", "row");
        const cells = [one.before, one.after].map((amount) => made("td", this.#printed(amount, 3)));
        for (const cell of cells) cell.className = "n";
        return made("tr", "", name, ...cells);
      }),
    );
    element("refusing-routes").hidden = changed.length === 0;
  }

  /** Print a number as the brief does: two or three figures, a true minus. */
  #printed(value: number, figures: number): string {
    const size = Math.abs(value);
    if (size < 1e-6) return "0";
    const own = figures - 1 - Math.floor(Math.log10(size));
    const places = Math.max(0, Math.min(own, size >= 1 ? 1 : 2));
    const step = 10 ** Math.max(0, -own);
    const rounded = step > 1 ? Math.round(value / step) * step : value;
    const [whole, part] = Math.abs(rounded).toFixed(places).split(".");
    const { group, decimal, minus } = this.#record.signs;
    const shown = (whole ?? "").replace(/\B(?=(\d{3})+$)/g, group) + (part === undefined ? "" : decimal + part);
    return /[1-9]/.test(shown) && value < 0 ? minus + shown : shown;
  }
}

function total(flow: Flow, activities: readonly number[]): number {
  return activities.reduce((sum, one) => sum + at(flow.use, one), 0);
}

function made(tag: string, text: string, ...within: HTMLElement[]): HTMLElement {
  const found = document.createElement(tag);
  found.textContent = text;
  found.append(...within);
  return found;
}

function begin(): void {
  const form = element<HTMLFormElement>("refusing-form");
  const severity = element<HTMLInputElement>("refusing-severity");
  const shown = element<HTMLOutputElement>("refusing-share");
  let desk: Promise<Desk> | undefined;
  let asked = 0;
  const ask = async (): Promise<void> => {
    const own = ++asked;
    shown.textContent = `${severity.value} %`;
    const chosen = [...form.querySelectorAll<HTMLInputElement>("input[type=checkbox]:checked")];
    const parties = new Map(chosen.map((box) => [box.value, box.labels?.[0]?.textContent?.trim() ?? box.value]));
    const said = element("refusing-said");
    if (parties.size === 0) {
      said.replaceChildren();
      element("refusing-routes").hidden = true;
      return;
    }
    said.setAttribute("aria-busy", "true");
    try {
      desk ??= Desk.open();
      const ready = await desk;
      if (own === asked) ready.show(parties, Number(severity.value) / 100); // else a later click asks more
    } catch (error) {
      said.textContent = `${form.dataset["failed"] ?? ""} (${String(error)})`;
      element("refusing-routes").hidden = true;
    }
    said.removeAttribute("aria-busy");
  };
  form.addEventListener("input", () => void ask());
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => window.setTimeout(() => void ask()));
  element("refusing").hidden = false;
  void ask();
}

begin();
