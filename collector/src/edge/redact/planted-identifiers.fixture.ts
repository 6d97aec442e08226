/** Made-up identifiers, one or more for each of the 18 kinds that identify a patient. */
export const IDENTIFIERS = {
  names: ["Zebulon", "Quimby"],
  places: ["4711 Sycamore", "Peoria", "61602"],
  dates: ["19480229", "1948-02-29"],
  telephone: ["309-555-0142"],
  fax: ["(309) 555-0143"],
  email: ["zeb@quimby.example"],
  socialSecurity: ["078-05-1120"],
  medicalRecord: ["MRN5550001"],
  healthPlan: ["HPB5550002"],
  account: ["ACC5550003"],
  licence: ["DL5550004"],
  vehicle: ["1HGCM82633A004352"],
  device: ["DEV5550005"],
  url: ["http://people.example/zeb"],
  network: ["203.0.113.77"],
  biometric: ["FINGER5550006"],
  photo: ["iVBORw0KGgoAAAANSUhEUgAAAAEAAAAB"],
  other: ["RX5550007"],
} as const satisfies Record<string, readonly string[]>;

/** All of them in one text. */
export const ALL_IDENTIFIERS = Object.values(IDENTIFIERS).flat().join(" ");
