import type { Compliance } from "@throughline/api/contract";
import { type JSX, Show } from "solid-js";
import { toPageHref } from "../data/links.ts";
import { useScope } from "../data/scope.tsx";
import { formatCount, formatPercent } from "../format/number.ts";
import "./compliance-bar.css";

/** A share with its bar: grey what was met, red what was not. `isExact`: of a time of its own, not that of the page. */
export function ComplianceBar(props: { compliance: Compliance; of: string; isExact?: boolean }): JSX.Element {
  const scope = useScope();
  const percent = () => formatPercent(props.compliance.met, props.compliance.n);
  return (
    <Show when={percent()} fallback={<span class="quiet nowrap">none yet</span>}>
      {(text) => (
        <a
          class="compliance"
          href={props.isExact === true ? toPageHref(props.compliance.href) : scope.linkToRows(props.compliance.href)}
          aria-label={`${text()} of ${formatCount(props.compliance.n)} met, ${props.of}`}
        >
          <span class="compliance-bar" aria-hidden="true">
            <span class="compliance-met" style={{ width: `${(props.compliance.met / props.compliance.n) * 100}%` }} />
          </span>
          <span class="compliance-share">{text()}</span>
          <span class="compliance-n">of {formatCount(props.compliance.n)}</span>
        </a>
      )}
    </Show>
  );
}
