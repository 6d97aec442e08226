/** Where a tower says that something is wrong. */
export const CHANNELS = ["leg", "match", "item", "feed", "interface", "quarantine"] as const;
export type Channel = (typeof CHANNELS)[number];

/** What a tower says is wrong, as its API tells it; knows nothing of what was done to the network. */
export interface Finding {
  /** The same for the same finding at every look. */
  key: string;
  channel: Channel;
  /** flow/leg, code of a match, reconciliation, kind of a finding of a feed or interface, code of a refusal. */
  name: string;
  /** Of a leg: its verdict, and whether it has ended by now. */
  verdict?: string;
  hasEnded?: boolean;
  /** Of a leg: the code with which the journey says that what is awaited was refused. */
  refusal?: string;
  /** What it is about, by type and id; of a feed or interface its name. */
  objects: readonly (readonly [type: string, id: string])[];
  /** Unix milliseconds at which the tower came to it; of a feed, at which it began. */
  at: number;
  /** Of a feed: when it was over. */
  until?: number;
  /** What the tower says of it besides. */
  detail?: string;
}
