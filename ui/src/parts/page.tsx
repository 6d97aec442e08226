import { type JSX, Show, createEffect } from "solid-js";
import "./page.css";

interface PageProps {
  title: string;
  /** After the title: how many, of when. */
  note?: JSX.Element;
  actions?: JSX.Element;
  /** The title is read aloud and names the window, but the page shows its own head. */
  isTitleHidden?: boolean;
  /** The title is a sentence that the page begins with; the window keeps this name. */
  windowTitle?: string;
  children: JSX.Element;
}

/** A page that scrolls as a whole: overviews and details. */
export function Page(props: PageProps): JSX.Element {
  nameDocument(props);
  return (
    <div class="page-body">
      <PageHead {...props} />
      {props.children}
    </div>
  );
}

interface ListPageProps extends PageProps {
  filters: JSX.Element;
  drawer?: JSX.Element;
}

/** A list that fills the screen, with its filters above and the detail of a row beside it. */
export function ListPage(props: ListPageProps): JSX.Element {
  nameDocument(props);
  return (
    <div class="page-list">
      <div class="page-list-main">
        <PageHead {...props} />
        {props.filters}
        {props.children}
      </div>
      {props.drawer}
    </div>
  );
}

function PageHead(props: Omit<PageProps, "children">): JSX.Element {
  return (
    <header
      classList={{
        "page-head": props.isTitleHidden !== true,
        "sr-only": props.isTitleHidden === true,
        sentence: props.windowTitle !== undefined,
      }}
    >
      <h1>{props.title}</h1>
      <Show when={props.note}>
        <span class="page-note">{props.note}</span>
      </Show>
      <Show when={props.actions}>
        <span class="page-actions">{props.actions}</span>
      </Show>
    </header>
  );
}

function nameDocument(props: { title: string; windowTitle?: string }): void {
  createEffect(() => {
    document.title = `${props.windowTitle ?? props.title} · Throughline`;
  });
}
