import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from "node:http";
import { Agent as HttpsAgent, request as requestHttps } from "node:https";

/** What the gateway answered. */
export interface GatewayAnswer {
  status: number;
  headers: IncomingMessage["headers"];
  /** Empty where it is too large: no answer that means something is. */
  text: string;
  /** When its headers came, in milliseconds since 1970. */
  answeredAt: number;
}

/** Posts a body, and follows no redirection. Rejects when there is no whole answer. */
export type PostBody = (body: Buffer, signal: AbortSignal) => Promise<GatewayAnswer>;

const MAX_ANSWER_CHARACTERS = 4_000_000;

/** Posts to one address over one connection that is kept: `fetch` would cost an edge more memory and time than what it reads. */
export function createPostBody(
  url: URL,
  { headers, now }: { headers: Readonly<Record<string, string>>; now: () => number },
): PostBody {
  const isTls = url.protocol === "https:";
  const options = { keepAlive: true, maxSockets: 1 };
  const agent = isTls ? new HttpsAgent(options) : new HttpAgent(options);
  const request = isTls ? requestHttps : requestHttp;
  return async (body, signal) => {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const own = { ...headers, "content-length": body.length };
      request(url, { method: "POST", agent, signal, headers: own })
        .once("response", resolve)
        .on("error", reject)
        .end(body);
    });
    const answeredAt = now();
    return { status: response.statusCode ?? 0, headers: response.headers, text: await readText(response), answeredAt };
  };
}

async function readText(response: IncomingMessage): Promise<string> {
  response.setEncoding("utf8");
  let text = "";
  for await (const piece of response) {
    text += String(piece);
    if (text.length > MAX_ANSWER_CHARACTERS) return "";
  }
  return text;
}
