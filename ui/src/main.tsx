import { render } from "solid-js/web";
import { App } from "./app.tsx";
import "./styles/fonts.css";
import "./styles/tokens.css";
import "./styles/base.css";
import "./parts/dialog.css";
import "./parts/popover.css";

const root = document.querySelector("#root");
if (root !== null) render(() => <App />, root);
