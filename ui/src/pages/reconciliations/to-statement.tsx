import { Navigate } from "@solidjs/router";
import type { JSX } from "solid-js";

/** The address of a reconciliation by itself leads to its statement. */
export function ToStatement(): JSX.Element {
  return <Navigate href={({ location }) => `${location.pathname.replace(/\/$/, "")}/statement${location.search}`} />;
}
