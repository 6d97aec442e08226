import { JSONParser } from "@streamparser/json";
import { AppError } from "@throughline/schemas/error";
import { MAX_ITEM_CHARACTERS, type Parser } from "../file-record.ts";

/** Hands on each value at one of `paths`, with its own key and the key of the list or map that it stands in. */
export function createJsonParser<Item>(
  paths: string[],
  toItem: (value: unknown, key: string | number, list: string) => Item,
): Parser<Item> {
  const items: Item[] = [];
  let sinceLast = 0;
  const parser = new JSONParser({ paths, keepStack: false });
  parser.onValue = ({ value, key, stack }) => {
    sinceLast = 0;
    items.push(toItem(value, key ?? "", String(stack.at(-1)?.key ?? "")));
  };
  parser.onError = (error) => {
    throw new AppError("invalid_request", `The file is not valid JSON: ${error.message}`, { cause: error });
  };
  return {
    write: (text) => {
      sinceLast += text.length;
      if (sinceLast > MAX_ITEM_CHARACTERS)
        throw new AppError(
          "payload_too_large",
          `An entry of the file is longer than ${MAX_ITEM_CHARACTERS} characters.`,
        );
      // What follows the end of the value must be white space, which the parser no longer takes.
      if (!parser.isEnded || text.trim() !== "") parser.write(text);
      return items.splice(0);
    },
    end: () => {
      if (!parser.isEnded) throw new AppError("invalid_request", "The file ends in the middle of its JSON.");
      return items.splice(0);
    },
  };
}
