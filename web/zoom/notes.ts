// What is said beside the pointer: what lies there, or a choice where several things do.

import type { Spot } from "./area.js";
import type { Thing } from "./drawn.js";

/** The note of a map; at most one stands at a time. */
export class Note {
  readonly element = document.createElement("div");

  constructor() {
    this.element.className = "note";
    this.element.hidden = true;
    this.element.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.hide();
    });
  }

  /** Whether a choice stands that has not been made. */
  get asks(): boolean {
    return !this.element.hidden && this.element.querySelector("a") !== null;
  }

  /** Say something at a spot. */
  say(text: string, at: Spot, within: HTMLElement): void {
    this.element.replaceChildren(document.createTextNode(text));
    this.element.classList.remove("asking");
    this.stand(at, within);
  }

  /** Let one of several things be chosen. */
  ask(question: string, things: readonly Thing[], at: Spot, within: HTMLElement): void {
    const list = document.createElement("ul");
    for (const thing of things) {
      const link = document.createElement("a");
      link.href = thing.href;
      link.textContent = thing.about;
      const item = document.createElement("li");
      item.append(link);
      list.append(item);
    }
    const head = document.createElement("p");
    head.textContent = question;
    this.element.replaceChildren(head, list);
    this.element.classList.add("asking");
    this.stand(at, within);
    list.querySelector("a")?.focus({ preventScroll: true });
  }

  hide(): void {
    this.element.hidden = true;
    this.element.replaceChildren();
  }

  private stand(at: Spot, within: HTMLElement): void {
    this.element.hidden = false;
    const [wide, high] = [within.clientWidth, within.clientHeight];
    const left = Math.max(4, Math.min(at.x + 12, wide - this.element.offsetWidth - 4));
    const top = at.y + 14 + this.element.offsetHeight > high ? at.y - 10 - this.element.offsetHeight : at.y + 14;
    this.element.style.left = `${left}px`;
    this.element.style.top = `${Math.max(4, top)}px`;
  }
}
