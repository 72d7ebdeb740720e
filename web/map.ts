// The map: drag over several links to lose them together, and look closer.

type Follow = (address: string) => void;
interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

const FURTHEST = 1;
const CLOSEST = 8;
const STEP = 1.6;
const DRAGGED = 6; // pixels below which a drag is a click
const SVG = "http://www.w3.org/2000/svg";

/** Follow what is done on a map; `follow` goes to the address of the state that it asks for. */
export function followMap(map: SVGSVGElement, follow: Follow): void {
  const whole = boxOf(map);
  addCloser(map, whole);
  let from: DOMPoint | undefined;
  let frame: SVGRectElement | undefined;

  map.addEventListener("pointerdown", (event) => {
    if (event.button === 0 && event.pointerType !== "touch") from = placeOf(map, event);
  });
  map.addEventListener("pointermove", (event) => {
    if (from === undefined) return;
    const box = between(from, placeOf(map, event));
    if (frame === undefined && Math.max(box.width, box.height) * scaleOf(map) < DRAGGED) return;
    if (frame === undefined) {
      frame = document.createElementNS(SVG, "rect");
      frame.setAttribute("class", "chosen");
      map.append(frame);
      map.setPointerCapture(event.pointerId);
    }
    for (const [name, value] of Object.entries(box)) frame.setAttribute(name, String(value));
  });
  const done = (event: PointerEvent): void => {
    const box = from === undefined || frame === undefined ? undefined : between(from, placeOf(map, event));
    frame?.remove();
    from = frame = undefined;
    if (box === undefined) return;
    const ignored = (click: Event): void => {
      click.preventDefault();
      click.stopPropagation();
    };
    map.addEventListener("click", ignored, { capture: true });
    window.setTimeout(() => map.removeEventListener("click", ignored, { capture: true }));
    const codes = within(map, box);
    if (codes.length > 0) follow(losing(codes));
  };
  map.addEventListener("pointerup", done);
  map.addEventListener("pointercancel", () => {
    frame?.remove();
    from = frame = undefined;
  });
  map.addEventListener("dragstart", (event) => event.preventDefault());
}

/** Return the codes of the links whose middle lies in a box. */
function within(map: SVGSVGElement, box: Box): string[] {
  const found: string[] = [];
  for (const link of map.querySelectorAll<SVGAElement>("a[data-lose]")) {
    const line = link.querySelector<SVGPathElement>("path.line");
    const code = link.dataset["lose"];
    if (line === null || code === undefined) continue;
    const middle = line.getPointAtLength(line.getTotalLength() / 2);
    const inside = middle.x >= box.x && middle.x <= box.x + box.width;
    if (inside && middle.y >= box.y && middle.y <= box.y + box.height) found.push(code);
  }
  return found;
}

/** Return the address of what is shown with more assets lost. */
export function losing(codes: readonly string[]): string {
  const query = new URLSearchParams(window.location.search);
  const lost = new Set([...query.getAll("lose"), ...codes]);
  query.delete("lose");
  query.delete("draws");
  for (const code of [...lost].sort()) query.append("lose", code);
  return `/?${query.toString()}`;
}

function addCloser(map: SVGSVGElement, whole: Box): void {
  const bar = document.createElement("p");
  bar.className = "closer";
  for (const [sign, factor] of [["+", STEP], ["−", 1 / STEP]] as const) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = sign;
    button.className = "second";
    button.setAttribute("aria-label", `${map.getAttribute("aria-label") ?? ""} ${sign}`);
    button.addEventListener("click", () => zoom(map, whole, factor));
    bar.append(button);
  }
  map.parentElement?.before(bar);
}

function zoom(map: SVGSVGElement, whole: Box, factor: number): void {
  const now = boxOf(map);
  const closer = Math.min(CLOSEST, Math.max(FURTHEST, (whole.width / now.width) * factor));
  const [width, height] = [whole.width / closer, whole.height / closer];
  const x = Math.min(whole.width - width, Math.max(0, now.x + (now.width - width) / 2));
  const y = Math.min(whole.height - height, Math.max(0, now.y + (now.height - height) / 2));
  map.setAttribute("viewBox", `${x} ${y} ${width} ${height}`);
  map.style.setProperty("--closer", String(closer)); // letters keep their size, so that more of them have room
  for (const step of [2, 4]) map.classList.toggle(`closer${step}`, closer >= step);
}

function boxOf(map: SVGSVGElement): Box {
  const { x, y, width, height } = map.viewBox.baseVal;
  return { x, y, width, height };
}

function scaleOf(map: SVGSVGElement): number {
  return map.getScreenCTM()?.a ?? 1;
}

function placeOf(map: SVGSVGElement, event: PointerEvent): DOMPoint {
  return new DOMPoint(event.clientX, event.clientY).matrixTransform(map.getScreenCTM()?.inverse());
}

function between(one: DOMPoint, other: DOMPoint): Box {
  return {
    x: Math.min(one.x, other.x),
    y: Math.min(one.y, other.y),
    width: Math.abs(one.x - other.x),
    height: Math.abs(one.y - other.y),
  };
}
