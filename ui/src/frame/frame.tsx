import { useNavigate } from "@solidjs/router";
import MenuIcon from "lucide-solid/icons/menu";
import { type JSX, Suspense, createSignal } from "solid-js";
import { ClockAt } from "../data/clock.tsx";
import { useScope } from "../data/scope.tsx";
import { PageFailure } from "../pages/failure/page-failure.tsx";
import { SkeletonRows } from "../parts/skeleton.tsx";
import { AsOfBanner } from "./as-of-banner.tsx";
import { FeedHealth } from "./feed-health.tsx";
import { KeyHelp } from "./key-help.tsx";
import { createKey } from "./keyboard.tsx";
import { LiveSwitch } from "./live-switch.tsx";
import { PAGES } from "./pages.ts";
import { Rail } from "./rail.tsx";
import { RangeMenu } from "./range-menu.tsx";
import { ScopeMenu } from "./scope-menu.tsx";
import { Search } from "./search.tsx";
import { UserMenu } from "./user-menu.tsx";
import "./frame.css";

/** What stands around every page: the rail, the top bar and the keys. */
export function Frame(props: { children: JSX.Element }): JSX.Element {
  const scope = useScope();
  const [isRailCalled, setRailCalled] = createSignal(false);
  const [isHelpOpen, setHelpOpen] = createSignal(false);
  createPageKeys();
  createKey("?", "Show all keys", () => setHelpOpen(true));
  return (
    <div class="frame">
      <a class="skip-link" href="#page" target="_self">
        Skip to the page
      </a>
      <Rail isCalled={isRailCalled()} onLeave={() => setRailCalled(false)} />
      <div class="frame-main">
        <header class="top-bar">
          <button type="button" class="icon-button narrow-only" aria-label="Pages" onClick={() => setRailCalled(true)}>
            <MenuIcon size={18} aria-hidden="true" />
          </button>
          <Search />
          <div class="top-health">
            <FeedHealth />
          </div>
          <ScopeMenu />
          <RangeMenu />
          <LiveSwitch />
          <UserMenu onKeys={() => setHelpOpen(true)} />
        </header>
        <main class="page" id="page" tabIndex={-1}>
          <PageFailure>
            <AsOfBanner />
            <ClockAt atMs={scope.asOf()}>
              <Suspense fallback={<SkeletonRows count={12} />}>{props.children}</Suspense>
            </ClockAt>
          </PageFailure>
        </main>
      </div>
      <KeyHelp isOpen={isHelpOpen()} onClose={() => setHelpOpen(false)} />
    </div>
  );
}

/** g and a letter lead to each page. */
function createPageKeys(): void {
  const navigate = useNavigate();
  const scope = useScope();
  for (const page of PAGES) createKey(`g ${page.key}`, page.title, () => navigate(scope.linkTo(page.path)));
}
