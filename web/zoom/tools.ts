// The tools above the map: what a stroke does, closer and further, and the whole again.

import type { Mode } from "./area.js";

const MODES: readonly Mode[] = ["move", "box", "lasso"];

export interface Tools {
  mode(mode: Mode): void;
  closer(steps: number): void;
  whole(): void;
}

/** Return a bar of tools whose words are those of the host of a map. */
export function barOf(words: DOMStringMap, now: Mode, tools: Tools): HTMLElement {
  const bar = document.createElement("p");
  bar.className = "closer tools";
  const modes = MODES.map((mode) => {
    const button = buttonOf(words[mode] ?? mode, () => {
      for (const one of modes) one.setAttribute("aria-pressed", String(one === button));
      tools.mode(mode);
    });
    button.dataset["mode"] = mode;
    button.setAttribute("aria-pressed", String(mode === now));
    return button;
  });
  const title = words["title"] ?? "";
  const closer = [["+", 1], ["−", -1]] as const;
  const steps = closer.map(([sign, by]) => {
    const button = buttonOf(sign, () => tools.closer(by));
    button.setAttribute("aria-label", `${title} ${sign}`);
    return button;
  });
  bar.append(...modes, ...steps, buttonOf(words["whole"] ?? "", () => tools.whole()));
  return bar;
}

function buttonOf(text: string, act: () => void): HTMLButtonElement {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "second";
  button.textContent = text;
  button.addEventListener("click", act);
  return button;
}
