import { SaxesParser } from "saxes";
import { AppError } from "@throughline/schemas/error";
import { MAX_ITEM_CHARACTERS, type Parser } from "../file-record.ts";

const MAX_DEPTH = 100;

/** What is told of the elements of a file, by local name, and the items that it makes of them. */
export interface XmlReader<Item> {
  items: Item[];
  open: (name: string, attributes: Record<string, string>) => void;
  /** `text` is what stands right before the end of the element. */
  close: (name: string, text: string) => void;
}

/** A parser of XML whose elements are handed on by local name. Entities that the file declares are refused, not expanded. */
export function createXmlParser<Item>(reader: XmlReader<Item>): Parser<Item> {
  const sax = new SaxesParser<{ xmlns?: false; position: true }>({ position: true });
  let depth = 0;
  let sinceLast = 0;
  let text = "";
  const step = () => {
    sinceLast = 0;
    text = "";
  };
  sax.on("error", (error) => {
    throw new AppError("invalid_request", `The file is not well-formed XML: ${error.message}`, { cause: error });
  });
  sax.on("opentag", (tag) => {
    step();
    depth += 1;
    if (depth > MAX_DEPTH) throw new AppError("invalid_request", `The file nests elements deeper than ${MAX_DEPTH}.`);
    reader.open(toLocalName(tag.name), tag.attributes);
  });
  sax.on("text", (piece) => {
    text += piece;
  });
  sax.on("closetag", (tag) => {
    depth -= 1;
    reader.close(toLocalName(tag.name), text);
    step();
  });
  return {
    write: (piece) => {
      sinceLast += piece.length;
      if (sinceLast > MAX_ITEM_CHARACTERS)
        throw new AppError(
          "payload_too_large",
          `An element of the file is longer than ${MAX_ITEM_CHARACTERS} characters.`,
        );
      sax.write(piece);
      return reader.items.splice(0);
    },
    end: () => {
      sax.close();
      return reader.items.splice(0);
    },
  };
}

function toLocalName(name: string): string {
  return name.slice(name.indexOf(":") + 1);
}
