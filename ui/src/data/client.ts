import type { Problem, Readable, Writable } from "@throughline/api/contract";

const BASE = "/api/v1";
const TIMEOUT_MS = 30_000;

/** A call that failed: with the answer of the API where there was one, with status 0 where there was none. */
export class ApiError extends Error {
  readonly status: number;
  readonly problem: Problem | undefined;
  readonly atMs: number;

  constructor(message: string, options: { status: number; problem?: Problem; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.name = "ApiError";
    this.status = options.status;
    this.problem = options.problem;
    this.atMs = Date.now();
  }
}

type Value = string | number | readonly string[] | undefined;

interface Request {
  path?: Readonly<Record<string, string>>;
  query?: object;
  body?: unknown;
  text?: string;
}

/** What a reading path needs: what stands in the path, and what may be asked for. */
export type RequestOf<Name extends keyof Readable> = PathOf<Readable[Name]> & { query?: Readable[Name]["query"] };
type PathOf<Route> = Route extends { path: infer Path } ? { path: Path } : { path?: never };
type BodyOf<Route> = Route extends { body: infer Body } ? { body: Body } : { body?: never };
type FileOf<Route> = Route extends { query: infer Query; text: string }
  ? { query: Query; text: string }
  : { query?: never; text?: never };

export interface Client {
  /** Reads; throws an `ApiError`. */
  get: <Name extends keyof Readable>(
    name: Name,
    request: RequestOf<Name>,
    signal?: AbortSignal,
  ) => Promise<Readable[Name]["answer"]>;
  /** Writes, as JSON or a CSV file's text; throws an `ApiError`. */
  send: <Name extends keyof Writable>(
    name: Name,
    request: PathOf<Writable[Name]> & BodyOf<Writable[Name]> & FileOf<Writable[Name]>,
  ) => Promise<Writable[Name]["answer"]>;
}

/** The API over HTTP. `onSignedOut` is called when it says that nobody is signed in. */
export function createClient(onSignedOut: () => void): Client {
  const call = async <Answer>(method: string, url: string, options: CallOptions): Promise<Answer> => {
    try {
      return await fetchJson<Answer>(method, url, options);
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) onSignedOut();
      throw error;
    }
  };
  return {
    get: (name, request, signal) => call("GET", toUrl(name, request), { signal }),
    send: (name, request) => {
      const [method = "POST", path = ""] = name.split(" ");
      return call(method, toUrl(path, request), { body: request.body, text: request.text });
    },
  };
}

interface CallOptions {
  body?: unknown;
  text?: string | undefined;
  signal?: AbortSignal | undefined;
}

async function fetchJson<Answer>(method: string, url: string, options: CallOptions): Promise<Answer> {
  const { body, text: file, signal } = options;
  const content = file ?? (body === undefined ? undefined : JSON.stringify(body));
  const type = file === undefined ? "application/json" : "text/csv";
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  const response = await fetchOrExplain(url, {
    method,
    credentials: "same-origin",
    headers: { accept: "application/json", ...(content === undefined ? {} : { "content-type": type }) },
    signal: signal === undefined ? timeout : AbortSignal.any([timeout, signal]),
    ...(content === undefined ? {} : { body: content }),
  });
  const text = await response.text();
  if (response.ok) return JSON.parse(text === "" ? "null" : text);
  const problem = parseProblem(text);
  const message = problem?.detail ?? `The tower answered with status ${response.status}.`;
  throw new ApiError(message, { status: response.status, ...(problem === undefined ? {} : { problem }) });
}

async function fetchOrExplain(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    const isSlow = error instanceof DOMException && error.name === "TimeoutError";
    const message = isSlow ? `The tower did not answer within ${TIMEOUT_MS / 1000} s.` : "The tower cannot be reached.";
    throw new ApiError(message, { status: 0, cause: error });
  }
}

function parseProblem(text: string): Problem | undefined {
  try {
    const parsed: Problem | null = JSON.parse(text);
    return typeof parsed?.detail === "string" ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function toUrl(path: string, { path: values = {}, query }: Request): string {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ""));
  return `${BASE}${filled}${toQuery(query)}`;
}

/** `?a=1&b=2&b=3`, leaving out what is empty; empty text for nothing. */
export function toQuery(query: object | undefined): string {
  const parameters = new URLSearchParams();
  const entries: [string, Value][] = Object.entries(query ?? {});
  for (const [name, value] of entries) {
    if (value === undefined || value === "") continue;
    if (typeof value === "string" || typeof value === "number") parameters.append(name, String(value));
    else for (const one of value) parameters.append(name, one);
  }
  const text = parameters.toString();
  return text === "" ? "" : `?${text}`;
}
