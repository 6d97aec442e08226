import { AppError } from "@throughline/schemas/error";

export const FORMATS = [
  "xes",
  "ocel-xml",
  "ocel-json",
  "ocel-tables",
  "cloudevents",
  "cloudevents-batch",
  "csv",
] as const;

export type Format = (typeof FORMATS)[number];

/** The format of a text file from its beginning. Throws where nothing fits, naming what would. */
export function detectFormat(start: string): Format {
  const text = start.replace(/^\uFEFF/, "").trimStart();
  if (text.startsWith("SQLite format 3"))
    throw new AppError(
      "unsupported_media_type",
      "SQLite logs are not read; export the log as JSON, XML or CSV tables.",
    );
  if (text.startsWith("<")) return detectXml(text);
  if (text.startsWith("[")) return "cloudevents-batch";
  if (text.startsWith("{")) return detectJson(text);
  if (text.slice(0, text.indexOf("\n") === -1 ? undefined : text.indexOf("\n")).search(/[,;\t|]/) !== -1) return "csv";
  throw new AppError(
    "unsupported_media_type",
    "The file is none of XES, OCEL, CloudEvents or CSV; name it with --format.",
  );
}

function detectXml(text: string): Format {
  const elements = [...text.replaceAll(/<!--.*?-->/gs, "").matchAll(/<([A-Za-z_][\w.:-]*)/g)].map(
    (match) => match[1] ?? "",
  );
  const [root, first] = elements.map((name) => name.slice(name.indexOf(":") + 1));
  if (root !== "log")
    throw new AppError(
      "unsupported_media_type",
      `The file is XML with the root <${root ?? ""}>, neither XES nor OCEL.`,
    );
  if (first !== undefined && ["object-types", "event-types", "objects", "events"].includes(first)) return "ocel-xml";
  if (first === "global" && text.includes("ocel:"))
    throw new AppError("unsupported_media_type", "OCEL 1.0 is read as JSON, OCEL 2.0 as JSON, XML or CSV tables.");
  return "xes";
}

function detectJson(text: string): Format {
  const [line = ""] = text.split("\n", 1);
  if (/"specversion"\s*:/.test(line)) return "cloudevents";
  if (/"(ocel:[a-z-]+|objectTypes|eventTypes|objects|events)"\s*:/.test(text)) return "ocel-json";
  if (/"specversion"\s*:/.test(text)) return "cloudevents";
  throw new AppError("unsupported_media_type", "The file is JSON, but neither OCEL nor CloudEvents one a line.");
}
