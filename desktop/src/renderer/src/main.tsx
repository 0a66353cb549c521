import './shell/no-markup.ts';
import '@fontsource-variable/inter/index.css';
import '@mantine/core/styles.css';
// After the styles of the component library, which it overrides.
import './ui/theme.css';
import { MantineProvider } from '@mantine/core';
import type { ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import { z } from 'zod';
import { connectClient } from './api/client.ts';
import { App, Crashed, Insecure } from './features/console/app.tsx';
import type { Workspace } from './features/console/app.tsx';
import { colorScheme } from './features/preferences/color-scheme.ts';
import { shell } from './shell/shell.ts';
import { resume } from './stores/desk-entry.ts';
import { policyStore } from './stores/policy.ts';
import { accessToken, expireToken, loadBeforeSignIn } from './stores/session.ts';
import { toast } from './stores/toasts.ts';
import { theme } from './ui/theme.ts';
import { connectionWords } from './words/connection.ts';

// The content security policy forbids `eval`, which zod would otherwise try.
z.config({ jitless: true });

const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';
const place = document.querySelector('#root');
if (!place) throw new Error('The page has no place for the console.');
const root = createRoot(place);
const draw = (screen: ReactNode) =>
  root.render(
    <MantineProvider
      theme={theme}
      defaultColorScheme="auto"
      colorSchemeManager={colorScheme}
      getStyleNonce={() => nonce}
    >
      {screen}
    </MantineProvider>,
  );

/** Draws the first screen, and then loads the workspace. */
async function start() {
  // The board measures its texts before it cuts them, so the font must be loaded first. Without it, a fallback is measured.
  const font = document.fonts.load('13px "Inter Variable"').catch(() => []);
  const { server, restarted, policy } = await shell.start();
  policyStore.setState(policy);

  let workspace: Workspace = null;
  async function drawApp() {
    await font;
    draw(<App server={server} workspace={workspace} />);
  }
  async function loadWorkspace() {
    workspace = await import('./features/console/workspace.ts');
    if (server !== null) workspace.startServices();
    await drawApp();
  }
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  let loading: Promise<void> | undefined;
  function load() {
    begin();
    return (loading ??= loadWorkspace());
  }

  if (server !== null) {
    connectClient({ server, token: accessToken, tokenRefused: expireToken });
    loadBeforeSignIn(load);
    if (restarted) toast(connectionWords.restarted, { stays: true });
    // Without a session the sign-in is the first screen. Resuming one loads the workspace, and waits for the server.
    await Promise.race([resume(), begun]);
  }
  await drawApp();
  await painted();
  await load().catch(() => draw(<Crashed />));
}

/** Resolves when the first screen is visible, or at once in a hidden tab. */
const painted = () =>
  new Promise<void>((resolve) => {
    if (document.hidden) resolve();
    else new PerformanceObserver(() => resolve()).observe({ type: 'paint', buffered: true });
  });

// Not a top-level `await`: the modules that the workspace shares with this one would become a file of their own, whose styles
// would come before those of the component library.
if (isSecureContext) void start();
else draw(<Insecure />);
