import { type JSX, Show } from "solid-js";
import { formatNoun } from "../../format/number.ts";
import { Button } from "../../parts/button.tsx";
import type { createImport } from "./create-import.ts";
import "../../parts/draft-form.css";
import "../../parts/field.css";

type Load = ReturnType<typeof createImport>;

/** Chooses a file, says where it is known from, and leads from a look at it to the proposal. */
export function ImportForm(props: { load: Load; mayWrite: boolean }): JSX.Element {
  return (
    <form
      class="import-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void props.load.check();
      }}
    >
      <label>
        CSV file
        <input
          class="field import-file"
          type="file"
          accept=".csv,text/csv"
          disabled={!props.mayWrite}
          onChange={(event) => {
            const [chosen] = event.currentTarget.files ?? [];
            if (chosen !== undefined) void props.load.choose(chosen);
          }}
        />
      </label>
      <label>
        Where it is known from
        <input
          class="field"
          type="text"
          maxLength={1000}
          placeholder="Item master of March"
          disabled={!props.mayWrite}
          value={props.load.reason()}
          onInput={(event) => props.load.setReason(event.currentTarget.value)}
        />
      </label>
      <Buttons {...props} />
      <Show when={!props.mayWrite}>
        <p class="quiet">Operators and administrators propose translations.</p>
      </Show>
      <Show when={props.load.failure()}>
        {(message) => (
          <p class="late" role="alert">
            {message()}
          </p>
        )}
      </Show>
    </form>
  );
}

function Buttons(props: { load: Load; mayWrite: boolean }): JSX.Element {
  const count = () => {
    const preview = props.load.preview();
    return preview === undefined ? 0 : preview.rows - preview.refused;
  };
  return (
    <div class="import-buttons">
      <Button type="submit" look={count() > 0 ? "plain" : "solid"} disabled={!props.mayWrite || props.load.isBusy()}>
        Check the file
      </Button>
      <Show when={count() > 0}>
        <Button look="solid" disabled={props.load.isBusy()} onClick={() => void props.load.propose()}>
          Propose {formatNoun(count(), "translation")}
        </Button>
      </Show>
    </div>
  );
}
