import type {
  DecidedTranslations,
  ImportPreview,
  ImportQuery,
  NewTranslation,
  PreviewQuery,
  Translation,
  TranslationDecision,
  TranslationDetail,
  TranslationImport,
  TranslationPage,
  TranslationsQuery,
} from "./crosswalk.ts";

type Asked<Query> = Partial<Query>;

/** What the reading paths of crosswalks take and answer. */
export interface CrosswalkReading {
  "/crosswalks": { query: Asked<TranslationsQuery>; answer: TranslationPage };
  "/crosswalks/{id}": { path: { id: string }; query: object; answer: TranslationDetail };
}

/** What the writing paths of crosswalks take and answer. */
export interface CrosswalkWriting {
  "POST /crosswalks": {
    body: Omit<NewTranslation, "reversible"> & Partial<Pick<NewTranslation, "reversible">>;
    answer: Translation;
  };
  "POST /crosswalks/import": {
    query: Asked<ImportQuery> & { reason: string };
    text: string;
    answer: TranslationImport;
  };
  "POST /crosswalks/import/preview": { query: PreviewQuery; text: string; answer: ImportPreview };
  "POST /crosswalks/decisions": {
    body: Omit<TranslationDecision, "note"> & { note?: string };
    answer: DecidedTranslations;
  };
}
