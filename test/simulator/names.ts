export const SITES = ["north", "harbor", "lakeside"];

export const SUPPLIERS = ["MERIDIAN", "HALCYON", "CORVANTA", "BLUEPEAK", "NORTHSTAR", "ALDERWOOD"];

/** Those that are brought in while the trade runs. */
export const NEW_SUPPLIERS = [
  "SUMMIT",
  "TIDEWATER",
  "GRANITE",
  "WILLOWBROOK",
  "CEDARLINE",
  "FAIRMONT",
  "REDSTONE",
  "OAKHAVEN",
];

export const LOCATIONS = ["PHARM", "ICU-1", "ICU-2", "ED", "OR", "MEDSURG-3", "ONC-1", "PEDS"];

const controlled = (name: string) => ({ name, isControlled: true });
const plain = (name: string) => ({ name, isControlled: false });

export const ITEM_NAMES = [
  ...["Morphine", "Fentanyl", "Hydromorphone", "Midazolam", "Ketamine", "Lorazepam"].map(controlled),
  ...["Heparin", "Enoxaparin", "Norepinephrine", "Epinephrine", "Vasopressin", "Propofol", "Rocuronium"].map(plain),
  ...["Vancomycin", "Ceftriaxone", "Cefazolin", "Meropenem", "Piperacillin", "Azithromycin", "Metronidazole"].map(
    plain,
  ),
  ...["Ondansetron", "Pantoprazole", "Famotidine", "Metoclopramide", "Dexamethasone", "Methylprednisolone"].map(plain),
  ...["Insulin lispro", "Insulin glargine", "Potassium chloride", "Magnesium sulfate", "Sodium bicarbonate"].map(plain),
  ...["Amiodarone", "Labetalol", "Esmolol", "Furosemide", "Metoprolol", "Nicardipine", "Acetaminophen"].map(plain),
  ...["Paclitaxel", "Carboplatin"].map(plain),
];

export const ITEM_FORMS = [
  "10 mg/mL vial",
  "50 mg/mL vial",
  "prefilled syringe",
  "1 g powder",
  "100 mL bag",
  "250 mL bag",
  "500 mL bag",
  "ampoule",
  "tablet, unit dose",
  "oral solution",
];
