import type { Principal } from "@throughline/schemas/access";
import { AppError } from "@throughline/schemas/error";
import type { Reply } from "../receive/reply.ts";
import type { WayBack } from "./way-back.ts";

/** A path that a sender reads with its key. */
export type SenderPage = (sender: Principal, query: URLSearchParams) => Promise<Reply>;

const MAX_INTERFACES = 200;
const NAME = /^[a-z][a-z0-9-]{0,62}$/;

/** What edges ask: what holds for their interfaces, and the parts of it by their digests. */
export function createWayBackPages(wayBack: WayBack | undefined): ReadonlyMap<string, SenderPage> {
  if (wayBack === undefined) return new Map();
  const readManifest: SenderPage = async (sender, query) => {
    const interfaces = query.getAll("interface");
    if (interfaces.length > MAX_INTERFACES || interfaces.some((name) => !NAME.test(name)))
      throw new AppError("invalid_request", `Name up to ${MAX_INTERFACES} interfaces, as edge.yaml has them.`);
    return toReply(await wayBack.sign(sender, interfaces.toSorted()));
  };
  const readPart: SenderPage = async (sender, query) => {
    const part = wayBack.findPart(sender, query.get("digest") ?? "");
    if (part === undefined)
      throw new AppError("not_found", "Nothing of this digest was named lately: ask again what holds.");
    return toReply(part);
  };
  return new Map([
    ["/v1/edge", readManifest],
    ["/v1/edge/part", readPart],
  ]);
}

function toReply(body: string): Reply {
  return { status: 200, headers: { "content-type": "application/json" }, body };
}
