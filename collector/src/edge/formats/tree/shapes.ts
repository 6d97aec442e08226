import type { DocumentFormat } from "@throughline/schemas/pack/document-mapping";
import type { NativeDocument, NativeNode } from "../document.ts";
import type { JsonShape } from "./parse-json.ts";
import type { XmlShape } from "./parse-xml.ts";
import { textOf, toNodes } from "./to-node.ts";

const EPCIS_EVENTS = new Set([
  "ObjectEvent",
  "AggregationEvent",
  "TransactionEvent",
  "TransformationEvent",
  "AssociationEvent",
  "QuantityEvent",
]);
const UBL_DOCUMENTS = new Set([
  "Order",
  "OrderChange",
  "OrderCancellation",
  "OrderResponse",
  "DespatchAdvice",
  "Invoice",
  "CreditNote",
]);
/** Resources whose own id leads to no patient; that of any other may. */
const PLAIN_RESOURCES = new Set([
  "InventoryItem",
  "InventoryReport",
  "Location",
  "Medication",
  "Organization",
  "Substance",
]);

interface Found {
  kind: string;
  root: NativeNode;
  id?: string | undefined;
  isIdPersonal?: boolean;
  isTest?: boolean;
  control?: Record<string, string>;
}

function create(format: DocumentFormat, found: Found): NativeDocument {
  const { kind, root, id, isTest = false, control = {}, isIdPersonal = false } = found;
  return { format, kind, id: id === "" ? undefined : id, isTest, control, root, ...(isIdPersonal && { isIdPersonal }) };
}

const isRoot: XmlShape["isDocument"] = (_, { depth }) => depth === 1;

export const UBL_SHAPE: XmlShape = {
  isDocument: isRoot,
  toDocument: (root) => {
    if (!UBL_DOCUMENTS.has(root.name)) return undefined;
    const number = textOf(root, "ID");
    const seller = ["SellerSupplierParty", "AccountingSupplierParty", "DespatchSupplierParty"]
      .map(
        (party) =>
          textOf(root, party, "Party", "EndpointID") || textOf(root, party, "Party", "PartyIdentification", "ID"),
      )
      .find((text) => text !== "");
    const buyer = ["BuyerCustomerParty", "AccountingCustomerParty", "DeliveryCustomerParty"]
      .map(
        (party) =>
          textOf(root, party, "Party", "EndpointID") || textOf(root, party, "Party", "PartyIdentification", "ID"),
      )
      .find((text) => text !== "");
    const control = { seller: seller ?? "", buyer: buyer ?? "", number };
    const id =
      number === ""
        ? undefined
        : `${root.name}/${control.buyer}/${control.seller}/${number}/${textOf(root, "IssueDate")}`;
    return create("ubl", { kind: root.name, root, id, control });
  },
};

export const CXML_SHAPE: XmlShape = {
  isDocument: isRoot,
  toDocument: (root) => {
    if (root.name !== "cXML") return undefined;
    const body = root.children.find(({ name }) => name === "Request" || name === "Message" || name === "Response");
    const content = body?.children.find(({ name }) => name !== "Status");
    const header = root.children.find(({ name }) => name === "Header");
    const identity = (side: string) => textOf(header, side, "Credential", "Identity");
    return create("cxml", {
      kind: content?.name ?? body?.name ?? "cXML",
      root,
      // An address of mail in form only: it names a message.
      id: root.attributes?.["payloadID"]?.replaceAll("@", "~"),
      isTest: (body?.attributes?.["deploymentMode"] ?? "production") !== "production",
      control: { sender: identity("From"), receiver: identity("To"), time: root.attributes?.["timestamp"] ?? "" },
    });
  },
};

export const IDOC_SHAPE: XmlShape = {
  isDocument: (name) => name === "IDOC",
  toDocument: (root) => {
    const header = root.children.find(({ name }) => name === "EDI_DC40");
    const at = (name: string) => textOf(header, name);
    const control = {
      sender: at("SNDPRN"),
      receiver: at("RCVPRN"),
      number: at("DOCNUM"),
      type: at("IDOCTYP"),
      date: at("CREDAT"),
      time: at("CRETIM"),
    };
    const id = control.number === "" ? undefined : `${control.sender}/${control.number}`;
    return create("idoc", { kind: at("MESTYP"), root, id, isTest: at("TEST") !== "", control });
  },
};

export const EPCIS_XML_SHAPE: XmlShape = {
  isDocument: (name) => EPCIS_EVENTS.has(name),
  toDocument: (root) =>
    create("epcis", { kind: root.name, root, id: textOf(root, "eventID") || textOf(root, "baseExtension", "eventID") }),
};

export const EPCIS_JSON_SHAPE: JsonShape = {
  paths: ["$.epcisBody.eventList.*", "$.epcisBody.queryResults.resultsBody.eventList.*"],
  toDocument: (value) => {
    const [root] = toNodes("event", value);
    const kind = textOf(root, "type");
    if (root === undefined || !EPCIS_EVENTS.has(kind)) return undefined;
    return create("epcis", { kind, root, id: textOf(root, "eventID") });
  },
};

export const FHIR_JSON_SHAPE: JsonShape = {
  paths: ["$.entry.*"],
  toDocument: (value) => {
    const [entry] = toNodes("entry", value);
    return toResource(entry?.children.find(({ name }) => name === "resource") ?? entry, textOf(entry, "fullUrl"));
  },
};

/** Entries of a bundle, or a resource alone. The elements of FHIR have their values in an attribute. */
export const FHIR_XML_SHAPE: XmlShape = {
  isDocument: (name, { depth, root }) => (root === "Bundle" ? depth === 2 && name === "entry" : depth === 1),
  toDocument: (node) => {
    if (node.name !== "entry") return toResource(toJsonForm(node), "");
    const resource = node.children.find(({ name }) => name === "resource")?.children[0];
    const fullUrl = node.children.find(({ name }) => name === "fullUrl")?.attributes?.["value"];
    return resource === undefined ? undefined : toResource(toJsonForm(resource), fullUrl ?? "");
  },
};

/** A resource of XML as JSON has it: what kind it is stands in it. */
function toJsonForm(resource: NativeNode): NativeNode {
  const kind: NativeNode = { name: "resourceType", text: resource.name, children: [] };
  return { ...resource, children: [kind, ...resource.children.map(takeValue)] };
}

function takeValue({ name, attributes, children }: NativeNode): NativeNode {
  const { value, ...others } = attributes ?? {};
  return {
    name,
    ...(value === undefined ? {} : { text: value }),
    ...(Object.keys(others).length === 0 ? {} : { attributes: others }),
    children: children.map(takeValue),
  };
}

function toResource(resource: NativeNode | undefined, fullUrl: string): NativeDocument | undefined {
  const kind = textOf(resource, "resourceType");
  if (resource === undefined || kind === "") return undefined;
  const number = textOf(resource, "id");
  return create("fhir", {
    kind,
    root: { ...resource, name: kind },
    id: number === "" ? undefined : `${kind}/${number}/${textOf(resource, "meta", "versionId") || "1"}`,
    isIdPersonal: !PLAIN_RESOURCES.has(kind),
    isTest: textOf(resource, "meta", "tag", "code") === "HTEST",
    // What other entries call a medicine.
    control: kind === "Medication" && fullUrl.startsWith("urn:uuid:") ? { entry: fullUrl } : {},
  });
}

export const JSON_SHAPE: JsonShape = {
  paths: ["$.*"],
  toDocument: (value) => {
    const [root] = toNodes("record", value);
    return root === undefined ? undefined : create("json", { kind: "record", root });
  },
};
