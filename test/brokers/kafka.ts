import { type Broker, findProgram, startProgram } from "./program.ts";

export const KCAT = findProgram("kcat", "kafkacat");

/** The mock cluster of librdkafka, which speaks Kafka's own protocol on a real port for as long as a producer of kcat's waits for input. */
export async function startKafka(): Promise<Broker> {
  const { printed, stop } = await startProgram({
    command: KCAT ?? "",
    args: ["-P", "-b", "none", "-t", "unused", "-X", "test.mock.num.brokers=1", "-d", "mock,broker"],
    isReady: /bootstrap\.servers=(127\.0\.0\.1:\d+)/,
  });
  return { url: printed[1] ?? "", stop };
}
