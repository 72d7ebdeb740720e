// An area drawn over the map with mouse or finger, as a box or by free hand.

/** Pixels across and down from the corner of the map. */
export interface Spot {
  x: number;
  y: number;
}
export type Mode = "move" | "box" | "lasso";

const SVG = "http://www.w3.org/2000/svg";
const LEAST = 6; // pixels below which a stroke is none

/** A sheet over the map: it takes strokes unless the map is to be moved, and tells the area that each encloses. */
export class Sheet {
  readonly element = document.createElementNS(SVG, "svg");
  private readonly outline = document.createElementNS(SVG, "polygon");
  private mode: Mode = "move";
  private stroke: Spot[] = [];

  constructor(enclosed: (area: readonly Spot[]) => void) {
    this.element.setAttribute("class", "sheet");
    this.element.setAttribute("aria-hidden", "true");
    this.element.append(this.outline);
    this.element.addEventListener("pointerdown", (event) => {
      if (event.button !== 0 || !event.isPrimary) return;
      this.element.setPointerCapture(event.pointerId);
      this.stroke = [this.spotOf(event)];
      event.preventDefault();
    });
    this.element.addEventListener("pointermove", (event) => {
      if (this.stroke.length === 0 || !event.isPrimary) return;
      this.stroke.push(this.spotOf(event));
      this.outline.setAttribute("points", this.area().map((one) => `${one.x},${one.y}`).join(" "));
    });
    this.element.addEventListener("pointerup", () => {
      const area = this.area();
      this.clear();
      if (sizeOf(area) >= LEAST) enclosed(area);
    });
    this.element.addEventListener("pointercancel", () => this.clear());
  }

  /** Take strokes of a kind, or none. */
  take(mode: Mode): void {
    this.mode = mode;
    this.element.classList.toggle("taking", mode !== "move");
    this.clear();
  }

  private area(): Spot[] {
    const [from, to] = [this.stroke[0], this.stroke[this.stroke.length - 1]];
    if (from === undefined || to === undefined) return [];
    if (this.mode === "lasso") return this.stroke;
    return [from, { x: to.x, y: from.y }, to, { x: from.x, y: to.y }];
  }

  private clear(): void {
    this.stroke = [];
    this.outline.removeAttribute("points");
  }

  private spotOf(event: PointerEvent): Spot {
    const box = this.element.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }
}

/** Return whether an area holds a spot (even-odd rule). */
export function holds(area: readonly Spot[], spot: Spot): boolean {
  let inside = false;
  area.forEach((one, index) => {
    const other = area[(index + 1) % area.length] ?? one;
    if (one.y > spot.y !== other.y > spot.y) {
      const across = one.x + ((spot.y - one.y) / (other.y - one.y)) * (other.x - one.x);
      if (spot.x < across) inside = !inside;
    }
  });
  return inside;
}

function sizeOf(area: readonly Spot[]): number {
  const [xs, ys] = [area.map((one) => one.x), area.map((one) => one.y)];
  return Math.max(Math.max(...xs) - Math.min(...xs), Math.max(...ys) - Math.min(...ys));
}
