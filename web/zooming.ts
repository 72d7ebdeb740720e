// The map that can be zoomed: its script, a library of its own, comes only where it is asked for. It shows what the
// drawn map says, which stays beneath it as the list of what can be chosen.

type Follow = (address: string) => void;
type Lose = (codes: readonly string[]) => void;

/** What the script of the map gives; kept alive while the page around it is shown anew. */
interface Script {
  show(host: HTMLElement, drawn: SVGSVGElement, follow: Follow, lose: Lose): Promise<void>;
}

const SCRIPT = "./zoomable.js";

/** Offer both maps of a place, and show the one that can be zoomed where it is asked for. */
export function followZoom(place: ParentNode, follow: Follow, lose: Lose): void {
  const views = place.querySelector<HTMLElement>("#views");
  if (views !== null) views.hidden = false;
  const host = place.querySelector<HTMLElement>("#zoomed");
  const drawn = place.querySelector<SVGSVGElement>("svg#map");
  if (host === null || drawn === null) return;
  void begin(host, drawn, follow, lose);
}

async function begin(host: HTMLElement, drawn: SVGSVGElement, follow: Follow, lose: Lose): Promise<void> {
  try {
    const script = (await import(SCRIPT)) as Script;
    await script.show(host, drawn, follow, lose);
  } catch (error) {
    if (!host.isConnected) return;
    drawn.closest(".wide")?.classList.remove("unseen");
    tell(host, host.dataset["missing"] ?? "");
    console.warn(error);
  }
}

/** Say in one line why the drawn map stays. */
function tell(host: HTMLElement, text: string): void {
  const line = document.createElement("p");
  line.className = "quiet missing";
  line.textContent = text;
  host.replaceWith(line);
}
