/** A time in which nothing was known of a source. Times in milliseconds since 1970 UTC; undefined: it goes on. */
export interface BlindTime {
  source: string;
  from: number;
  until: number | undefined;
}

/** Hours on end in which a source was silent for some time: numbered since 1970 UTC, without `until`. */
export interface BlindHours {
  source: string;
  from: number;
  until: number;
}
