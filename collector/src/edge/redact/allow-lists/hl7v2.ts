const of = (segment: string, places: readonly string[]) => places.map((place) => `${segment}.${place}`);

/**
 * What may leave of HL7 v2. PID, PD1, NK1, IN1 to IN3, GT1, AL1, DG1, NTE, OBX, names of people, texts and every local Z segment stay
 * at the edge; numbers of orders, prescriptions and transactions, which lead to patients, become tokens.
 */
export const HL7_ALLOWED: readonly string[] = [
  ...of("EVN", ["1", "2"]),
  // The unit, never room or bed.
  ...of("PV1", ["3.1"]),
  ...of("ORC", ["1", "2.1:token", "3.1:token", "5", "9"]),
  ...of("RXO", ["1.1", "1.3", "2", "4.1", "11", "12.1"]),
  ...of("RXE", ["2.1", "2.3", "3", "5.1", "10", "11.1", "15.1:token", "17"]),
  ...of("RXD", ["1", "2.1", "2.3", "3", "4", "5.1", "7.1:token", "13.1", "18", "19", "20.1"]),
  ...of("RXA", ["1", "2", "3", "5.1", "5.3", "6", "7.1", "11.1", "15", "16", "20", "21"]),
  ...of("RXR", ["1.1"]),
  ...of("FT1", [
    "2.1:token",
    "3",
    "4.1",
    "6.1",
    "7.1",
    "7.3",
    "10",
    "11.1",
    "12.1",
    "13.1",
    "16.1",
    "23.1:token",
    "43.1",
  ]),
  ...of("MFI", ["1.1", "3", "5"]),
  ...of("MFE", ["1", "2", "3", "4.1"]),
  ...of("IIM", ["1.1", "2.1", "3", "4", "5.1", "6.1", "8", "9.1", "11", "12.1"]),
  ...of("ITM", ["1.1", "3.1"]),
  ...of("MSA", ["1", "2"]),
];
