// Charts that can be pointed at: the drawn one stands until a pointer comes to it, and so does what it costs.

interface Script {
  draw(figure: HTMLElement): Promise<void>;
}

const SCRIPT = "./charts.js";

/** Let the charts of a place be pointed at. */
export function followCharts(place: ParentNode): void {
  for (const figure of place.querySelectorAll<HTMLElement>(".figure:has(script.live)")) {
    figure.addEventListener("pointerenter", () => void draw(figure), { once: true });
  }
}

async function draw(figure: HTMLElement): Promise<void> {
  const script = (await import(SCRIPT)) as Script;
  await script.draw(figure);
}
