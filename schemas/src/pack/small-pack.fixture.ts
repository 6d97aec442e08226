import { formatPackIssue, type PackFile } from "./pack-issue.ts";
import { parsePack } from "./parse-pack.ts";

export const OBJECTS = `objects:
  - { type: order, title: Order }
  - { type: receipt, title: Receipt }
  - { type: invoice, title: Invoice }
`;

export const FLOW = `id: small
title: Small
description: A flow to test with.
owner: Nobody
domain: test
criticality: high
latencyClass: event
anchor: order
links:
  - { from: order, to: receipt }
milestones:
  ordered:
    title: Ordered
    system: ERP
    measure: quantity
    events:
      - type: test.order.created
  received:
    title: Received
    system: ERP
    measure: quantity
    events:
      - type: test.receipt.posted
legs:
  - id: delivery
    title: Delivery
    from: ordered
    to: received
    targets:
      - where: { attributes.criticality: [critical] }
        within: PT1H
      - within: PT4H
    response: Call the supplier.
`;

/** What is wrong with a pack of one flow, one line each. */
export function listIssues(flow: string, objects = OBJECTS, more: PackFile[] = []): string[] {
  const result = parsePack([
    { path: "objects.yaml", text: objects },
    { path: "flows/small.yaml", text: flow },
    ...more,
  ]);
  return result.ok ? [] : result.issues.map(formatPackIssue);
}
