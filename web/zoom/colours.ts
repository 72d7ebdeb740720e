// The colours of the page, light or dark, and the hatchings made of them.

const NAMES = [
  "accent", "border", "hue0", "hue1", "hue2", "hue3", "hue4", "ink", "land", "paper", "quiet", "sea", "shade0",
  "tint1", "tint2", "tint3", "tint4",
] as const;
export type Colours = Record<(typeof NAMES)[number], string>;

const SIZE = 8; // pixels after which a hatching repeats
const SHARP = 2;

/** Return the colours that the style sheet gives now. */
export function coloursNow(): Colours {
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(NAMES.map((name) => [name, style.getPropertyValue(`--${name}`).trim()])) as Colours;
}

/** Return a hatching that can be laid side by side, of lines of one colour on another or on nothing. */
export function hatching(line: string, width: number, ground: string): ImageData {
  const side = SIZE * SHARP;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = side;
  const pen = canvas.getContext("2d");
  if (pen === null) throw new Error("no drawing in this browser");
  if (ground !== "") {
    pen.fillStyle = ground;
    pen.fillRect(0, 0, side, side);
  }
  pen.strokeStyle = line;
  pen.lineWidth = width * SHARP;
  pen.beginPath();
  for (const shift of [-side, 0, side]) {
    pen.moveTo(shift - 1, side + 1);
    pen.lineTo(shift + side + 1, -1);
  }
  pen.stroke();
  return pen.getImageData(0, 0, side, side);
}

export const PIXELS = SHARP;
