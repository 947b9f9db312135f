// <details data-menu>: closes by Esc, by a click elsewhere, and when the focus leaves it. Arrows move in it.
import { behaviour } from "../page/behaviour";

behaviour("data-menu", (menu, signal) => {
  if (!(menu instanceof HTMLDetailsElement)) return;
  const entries = (): HTMLElement[] => [...menu.querySelectorAll<HTMLElement>(".menu a[href], .menu button")];
  const move = (step: number): void => {
    const all = entries();
    const at = all.indexOf(document.activeElement as HTMLElement);
    all.at((at + step + all.length) % all.length)?.focus();
  };
  const onKey = (event: KeyboardEvent): void => {
    if (!menu.open) return;
    if (event.key === "Escape") {
      event.preventDefault();
      menu.open = false;
      menu.querySelector("summary")?.focus();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const isInside = entries().includes(document.activeElement as HTMLElement);
      if (isInside) move(event.key === "ArrowDown" ? 1 : -1);
      else entries().at(event.key === "ArrowDown" ? 0 : -1)?.focus();
    }
  };
  const onLeave = (event: Event): void => {
    if (event.target instanceof Node && !menu.contains(event.target)) menu.open = false;
  };
  menu.addEventListener("keydown", onKey, { signal });
  document.addEventListener("pointerdown", onLeave, { signal });
  document.addEventListener("focusin", onLeave, { signal });
});
