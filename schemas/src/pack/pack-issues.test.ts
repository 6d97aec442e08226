import { describe, expect, test } from "vitest";
import { FLOW, listIssues } from "./small-pack.fixture.ts";

describe("an issue", () => {
  test.each<[string, string, string, string[]]>([
    [
      "an unknown key",
      "owner: Nobody",
      "owner: Nobody\nownr: Me",
      ['flows/small.yaml:5:1: "ownr" is not a key of this file (did you mean "owner"?)'],
    ],
    ["a missing key", "owner: Nobody\n", "", ['flows/small.yaml:1:1: "owner" is missing in this file']],
    [
      "a missing key of a milestone",
      "    title: Ordered\n",
      "",
      ['flows/small.yaml:13:5: "title" is missing in ordered'],
    ],
    [
      "an unknown key deep inside",
      "system: ERP\n    measure: quantity\n    events:\n      - type: test.receipt.posted",
      "system: ERP\n    measure: quantity\n    events:\n      - typ: test.receipt.posted",
      [
        'flows/small.yaml:23:9: "typ" is not a key of events[0] (did you mean "type"?)',
        'flows/small.yaml:23:9: "type" is missing in events[0]',
      ],
    ],
    ["a wrong type", "title: Small", "title: [1]", ["flows/small.yaml:2:8: title must be text"]],
    [
      "a value that is none of the known",
      "criticality: high",
      "criticality: hihg",
      ['flows/small.yaml:6:14: criticality must be one of critical, high, standard (did you mean "high"?)'],
    ],
    [
      "a key that stands twice",
      "owner: Nobody",
      "owner: Nobody\nowner: Me",
      ["flows/small.yaml:5:1: this key stands here twice (keep one of them)"],
    ],
    [
      "a key that is no name",
      "  ordered:",
      "  Bad Name:",
      [
        'flows/small.yaml:12:3: "Bad Name" must be a lower-case name such as goods-receipt',
        'flows/small.yaml:12:3: no leg starts or ends at "Bad Name" (name it in a leg or remove it)',
        'flows/small.yaml:27:11: no milestone "ordered" in this flow (known here: Bad Name, received)',
      ],
    ],
    [
      "a milestone that does not exist",
      "to: received",
      "to: recieved",
      [
        'flows/small.yaml:18:3: no leg starts or ends at "received" (name it in a leg or remove it)',
        'flows/small.yaml:28:9: no milestone "recieved" in this flow (did you mean "received"?)',
      ],
    ],
    [
      "a milestone called like an inherited property",
      "to: received",
      "to: constructor",
      [
        'flows/small.yaml:18:3: no leg starts or ends at "received" (name it in a leg or remove it)',
        'flows/small.yaml:28:9: no milestone "constructor" in this flow (known here: ordered, received)',
      ],
    ],
    [
      "a leg that goes nowhere",
      "to: received",
      "to: ordered",
      [
        'flows/small.yaml:18:3: no leg starts or ends at "received" (name it in a leg or remove it)',
        'flows/small.yaml:28:9: the leg starts and ends at "ordered" (name two milestones)',
      ],
    ],
    [
      "an object type that is not declared",
      "to: receipt",
      "to: reciept",
      ['flows/small.yaml:10:24: "reciept" is not an object type that objects.yaml declares (did you mean "receipt"?)'],
    ],
    [
      "an anchor that is not declared",
      "anchor: order",
      "anchor: zebra",
      [
        'flows/small.yaml:8:9: "zebra" is not an object type that objects.yaml declares (known here: order, receipt, invoice)',
        'flows/small.yaml:10:13: no link leads from the anchor "zebra" to "order" (known here: zebra)',
      ],
    ],
    [
      "a link that goes back",
      "  - { from: order, to: receipt }",
      "  - { from: order, to: receipt }\n  - { from: receipt, to: invoice }\n  - { from: invoice, to: order }",
      [
        "flows/small.yaml:12:5: the links go round in a circle: invoice → order → receipt → invoice (links lead away from the anchor only)",
      ],
    ],
    [
      "a link to itself",
      "to: receipt }",
      "to: order }",
      ['flows/small.yaml:10:5: the link leads from "order" to itself'],
    ],
    [
      "a link that stands twice",
      "  - { from: order, to: receipt }",
      "  - { from: order, to: receipt }\n  - { from: order, to: receipt }",
      ['flows/small.yaml:11:5: the link from "order" to "receipt" stands here twice'],
    ],
    [
      "a link that the anchor does not reach",
      "{ from: order, to: receipt }",
      "{ from: receipt, to: invoice }",
      ['flows/small.yaml:10:13: no link leads from the anchor "order" to "receipt" (known here: order)'],
    ],
    [
      "changes of legs that are not there or end by quantity",
      "legs:\n  - id: delivery\n",
      "changes:\n  - { events: [{ type: test.order.changed }], legs: [delivry, delivery] }\nlegs:\n  - id: delivery\n    completion: { underTolerancePercent: 5 }\n",
      [
        'flows/small.yaml:25:54: no leg "delivry" in this flow (did you mean "delivery"?)',
        'flows/small.yaml:25:63: "delivery" ends by quantity and cannot start anew (leave it out)',
      ],
    ],
    [
      "changes that change nothing",
      "legs:\n  - id: delivery\n",
      "changes:\n  - { events: [{ type: test.order.changed }] }\nlegs:\n  - id: delivery\n",
      [
        "flows/small.yaml:25:5: changes[0] changes nothing (name the legs that start anew, or the milestone whose quantity it states)",
      ],
    ],
    [
      "a change of the quantity of a milestone that is not there",
      "legs:\n  - id: delivery\n",
      "changes:\n  - { events: [{ type: test.order.changed }], quantity: orderd }\nlegs:\n  - id: delivery\n",
      ['flows/small.yaml:25:57: no milestone "orderd" in this flow (did you mean "ordered"?)'],
    ],
    [
      "a change of the quantity of a milestone at which no leg by quantity starts",
      "legs:\n  - id: delivery\n",
      "changes:\n  - { events: [{ type: test.order.changed }], quantity: received }\nlegs:\n  - id: delivery\n",
      [
        'flows/small.yaml:25:57: no leg that ends by quantity starts at "received" (name the milestone from which such a leg leads)',
      ],
    ],
    [
      "a change of a quantity that is not counted",
      "milestones:\n  ordered:\n    title: Ordered\n    system: ERP\n    measure: quantity\n",
      "changes:\n  - { events: [{ type: test.order.changed }], quantity: ordered }\nmilestones:\n  ordered:\n    title: Ordered\n    system: ERP\n",
      [
        'flows/small.yaml:12:57: the milestone "ordered" counts no quantity that could change (add "measure: quantity" to ordered)',
      ],
    ],
    [
      "a target without default",
      "      - within: PT4H\n",
      "",
      ["flows/small.yaml:29:5: no target applies when no condition holds (end the list with a target without `where`)"],
    ],
    [
      "a target behind the default",
      "      - within: PT4H",
      "      - within: PT4H\n      - within: PT5H",
      ["flows/small.yaml:33:9: targets[2] is never used: targets[1] always applies (put the one without `where` last)"],
    ],
    [
      "a target with the conditions of another",
      "      - within: PT4H",
      "      - where: { attributes.criticality: [critical] }\n        within: PT2H\n      - within: PT4H",
      ["flows/small.yaml:32:9: targets[1] is never used: an earlier one has the same conditions"],
    ],
    [
      "a duration of days",
      "PT4H",
      "P1D",
      [
        "flows/small.yaml:32:17: within must be an ISO 8601 duration of hours, minutes and seconds, such as PT4H or PT1H30M",
      ],
    ],
    ["a duration of nothing", "PT4H", "PT0H0M", ["flows/small.yaml:32:17: within must be longer than nothing"]],
    [
      "a target with two ways to be due",
      "      - within: PT4H",
      "      - { within: PT4H, closeOf: month, calendar: us }",
      [
        "flows/small.yaml:32:9: targets[1] must have exactly one of within, cutoff, days, workingDays and closeOf",
        'flows/small.yaml:32:51: no calendar "us" (declare it in calendars.yaml)',
      ],
    ],
    [
      "a target with no way to be due",
      "      - within: PT4H",
      "      - until: attributes.requested_date",
      ["flows/small.yaml:32:9: targets[1] must have exactly one of within, cutoff, days, workingDays and closeOf"],
    ],
    [
      "working days without a calendar",
      "within: PT4H",
      "workingDays: 2",
      ["flows/small.yaml:32:22: workingDays needs a calendar, which says what a working day is and where a day ends"],
    ],
    [
      "the close of something that does not close",
      "within: PT4H",
      "closeOf: moth",
      ['flows/small.yaml:32:18: closeOf must be one of day, month (did you mean "month"?)'],
    ],
    ["half a day", "within: PT4H", "days: 0.5", ["flows/small.yaml:32:15: days must be a whole number"]],
    [
      "a lead without what it is ahead of",
      "within: PT4H",
      "within: PT4H\n        lead: PT24H",
      ["flows/small.yaml:33:15: lead needs before, which says what it is ahead of"],
    ],
    [
      "two attributes for one deadline",
      "within: PT4H",
      "within: PT4H\n        until: attributes.a\n        before: attributes.b",
      ["flows/small.yaml:34:17: before cannot stand beside until: one attribute holds the deadline"],
    ],
    [
      "a leg for each of nothing",
      "    response:",
      "    each: { field: attributes.subscriber, values: {} }\n    response:",
      ["flows/small.yaml:33:51: values must name at least one value"],
    ],
    [
      "a leg for each value of what is no field",
      "    response:",
      "    each: { field: subscriber, values: { ehr: EHR } }\n    response:",
      ["flows/small.yaml:33:20: field must be outcome, site, source or attributes.<name>"],
    ],
    [
      "a leg for each that has the name of another",
      "    response: Call the supplier.\n",
      `    each: { field: attributes.subscriber, values: { ehr: EHR, UPPER: Upper } }
    response: Call the supplier.
  - { id: delivery-ehr, title: D, from: ordered, to: received, targets: [{ within: PT1H }], response: Call. }
`,
      [
        'flows/small.yaml:33:53: it makes a second leg "delivery-ehr"',
        'flows/small.yaml:33:63: "UPPER" must be a lower-case name such as goods-receipt',
      ],
    ],
    [
      "a leg for each whose name becomes too long",
      "    response:",
      `    each: { field: attributes.subscriber, values: { ${"a".repeat(60)}: A } }\n    response:`,
      [
        `flows/small.yaml:33:53: the leg "delivery-${"a".repeat(60)}" that it makes has more than 64 characters`,
        `flows/small.yaml:33:53: the milestone "received-${"a".repeat(60)}" that it makes has more than 64 characters`,
      ],
    ],
    [
      "a statutory leg without its citation",
      "    response:",
      "    statutory: { title: Report in time }\n    response:",
      ['flows/small.yaml:33:16: "citation" is missing in statutory'],
    ],
    [
      "a statutory flow that no law sets",
      "latencyClass: event",
      "latencyClass: statutory",
      [
        "flows/small.yaml:7:15: no leg of this flow is statutory (add statutory with citation and title to the legs that the law sets, or choose another class)",
      ],
    ],
    [
      "a leg id that stands twice",
      "legs:\n",
      "legs:\n  - { id: delivery, title: D, from: ordered, to: received, targets: [{ within: PT1H }], response: Call. }\n",
      ['flows/small.yaml:26:9: another leg of this flow is called "delivery"'],
    ],
    [
      "a second document",
      "legs:",
      "---\nlegs:",
      ["flows/small.yaml:24:1: holds a second document (put each into a file of its own)"],
    ],
  ])("at %s says where it is and what would be right", (...[, before, after, expected]) => {
    expect(FLOW).toContain(before);
    expect(listIssues(FLOW.replace(before, after))).toEqual(expected);
  });

  test.each([
    ["an unclosed list", "anchor: order", "anchor: [order", "flows/small.yaml:9:1: is not valid YAML: Flow sequence"],
    ["a tab", "  - { from: order", "\t- { from: order", "flows/small.yaml:10:1: tabs cannot indent YAML (use spaces)"],
    ["a value without quotes", "title: Small", "title: Small: one", "flows/small.yaml:2:8: is not valid YAML: Nested"],
  ])("at %s starts where the file cannot be read", (...[, before, after, expected]) => {
    expect(listIssues(FLOW.replace(before, after))[0]).toContain(expected);
  });
});
