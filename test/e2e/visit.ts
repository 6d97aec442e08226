import type { Browser, BrowserContext, Locator, Page, Request } from "playwright-core";
import { TOKEN } from "./stack.ts";

const PATIENCE_MS = 12_000;

export interface Visit {
  context: BrowserContext;
  page: Page;
  /** What the page asked of anyone but the tower. */
  foreignRequests: string[];
  /** What the page threw, or wrote as an error. */
  faults: string[];
  /** Waits until all that the page asked for has come and is drawn. */
  settle: () => Promise<void>;
}

const DRAWN = `document.fonts.ready.then(() => new Promise((done) =>
  requestAnimationFrame(() => requestAnimationFrame(() => done(true)))))`;

/** A browser window at the tower, signed in as the administrator or with a key. */
export async function visit(
  browser: Browser,
  url: string,
  options: { isSignedIn?: boolean; key?: string } = {},
): Promise<Visit> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    timezoneId: "America/Chicago",
    reducedMotion: "reduce",
  });
  if (options.isSignedIn !== false) {
    const answer = await context.request.post(`${url}/api/v1/session`, {
      data: { key: options.key ?? TOKEN },
      headers: { origin: url },
    });
    if (!answer.ok()) throw new Error(`Signing in failed with ${answer.status()}.`);
  }
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const foreignRequests: string[] = [];
  const faults: string[] = [];
  page.on("request", (request) => {
    if (!request.url().startsWith(url) && !request.url().startsWith("blob:")) foreignRequests.push(request.url());
  });
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource"))
      faults.push(message.text());
  });
  return { context, page, foreignRequests, faults, settle: createSettle(page) };
}

function createSettle(page: Page): () => Promise<void> {
  const pending = new Set<Request>();
  page.on("request", (request) => request.resourceType() === "eventsource" || pending.add(request));
  page.on("requestfinished", (request) => pending.delete(request));
  page.on("requestfailed", (request) => pending.delete(request));
  return async () => {
    do {
      while (pending.size > 0)
        await Promise.race([page.waitForEvent("requestfinished"), page.waitForEvent("requestfailed")]);
      await page.evaluate(DRAWN);
    } while (pending.size > 0);
  };
}

/** True once it is in sight; throws when it does not come. */
export async function sees(locator: Locator): Promise<boolean> {
  await locator.waitFor();
  return true;
}
