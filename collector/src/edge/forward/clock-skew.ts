/** How far the gateway's clock is ahead of this one; the truth lies within `errorMs` of it. */
export interface ClockSkew {
  offsetMs: number;
  errorMs: number;
}

const SECOND_MS = 1000;
const SAMPLES = 32;

/**
 * Narrows the skew down from the Date headers of answers. Each was written in the second that it names, between sending and
 * receiving; what the last answers have in common is the estimate. When they have nothing in common a clock was set, and only the latest counts.
 */
export function createClockSkew() {
  let samples: { least: number; most: number }[] = [];
  const common = () => ({
    least: Math.max(...samples.map(({ least }) => least)),
    most: Math.min(...samples.map(({ most }) => most)),
  });
  return {
    observe: (header: string | null, { sentAt, receivedAt }: { sentAt: number; receivedAt: number }) => {
      const second = header === null ? Number.NaN : Date.parse(header);
      if (Number.isNaN(second) || receivedAt < sentAt) return;
      const sample = { least: second - receivedAt, most: second + SECOND_MS - sentAt };
      samples = [...samples, sample].slice(-SAMPLES);
      const { least, most } = common();
      if (least > most) samples = [sample];
    },
    estimate: (): ClockSkew | undefined => {
      if (samples.length === 0) return undefined;
      const { least, most } = common();
      return { offsetMs: Math.round((least + most) / 2), errorMs: Math.ceil((most - least) / 2) };
    },
  };
}
