import type { Journey } from "@throughline/api/contract";
import { For, type JSX, Show, createMemo } from "solid-js";
import { toPageHref } from "../../data/links.ts";
import { useScope } from "../../data/scope.tsx";
import { formatNoun } from "../../format/number.ts";
import { Section } from "../../parts/section.tsx";
import { type TreeNode, toObjectTree } from "./object-tree.ts";
import "./object-list.css";

/** The objects that a journey touches, along their links; each leads to its own journey. */
export function ObjectList(props: { journey: Journey }): JSX.Element {
  const tree = createMemo(() => toObjectTree(props.journey.objects));
  const count = () => props.journey.objects.nodes.length;
  return (
    <Section
      title="Objects"
      note={`${formatNoun(count(), "object")}${props.journey.isTruncated.objects ? ", the nearest of more" : ""}`}
    >
      <TreeLevel nodes={tree()} />
    </Section>
  );
}

function TreeLevel(props: { nodes: readonly TreeNode[] }): JSX.Element {
  return (
    <ul class="tree">
      <For each={props.nodes}>
        {(node) => (
          <li>
            <TreeEntry node={node} />
            <Show when={node.children.length > 0}>
              <TreeLevel nodes={node.children} />
            </Show>
          </li>
        )}
      </For>
    </ul>
  );
}

function TreeEntry(props: { node: TreeNode }): JSX.Element {
  const scope = useScope();
  const object = () => props.node.object;
  return (
    <a
      class="tree-entry"
      href={scope.linkTo(toPageHref(object().href))}
      aria-current={object().relation === "self" ? "page" : undefined}
      title={`${object().title} ${object().id}, ${formatNoun(object().events, "event")}`}
    >
      <span class="tree-kind">{object().title}</span>
      <span class="mono tree-id">{object().id}</span>
    </a>
  );
}
