/** Keeps how far the list of this page is scrolled, so that going back finds it as it was left. */
export function keepScroll(top: number): void {
  sessionStorage.setItem(nameOfPage(), String(Math.round(top)));
}

/** How far the list of this page was scrolled when it was last left; 0 for a page not seen yet. */
export function readScroll(): number {
  return Number(sessionStorage.getItem(nameOfPage()) ?? 0);
}

/** The page and its place in the browser's history; the row that is open does not make it another one. */
function nameOfPage(): string {
  const parameters = new URLSearchParams(location.search);
  parameters.delete("open");
  const state: { _depth?: number } | null = history.state;
  return `throughline.scroll ${state?.["_depth"] ?? 0} ${location.pathname}?${parameters.toString()}`;
}
