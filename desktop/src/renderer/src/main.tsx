import './shell/no-markup.ts';
import '@fontsource-variable/inter/index.css';
import '@mantine/core/styles.css';
// After the styles of the component library, which it overrides.
import './ui/theme.css';
import { MantineProvider } from '@mantine/core';
import { createRoot } from 'react-dom/client';
import { z } from 'zod';
import { connectClient } from './api/client.ts';
import { App, Insecure } from './features/console/app.tsx';
import { colorScheme } from './features/preferences/preferences.tsx';
import { startServices } from './services/start.ts';
import { shell } from './shell/shell.ts';
import { resume } from './stores/desk-entry.ts';
import { policyStore } from './stores/policy.ts';
import { accessToken, expireToken } from './stores/session.ts';
import { toast } from './stores/toasts.ts';
import { theme } from './ui/theme.ts';
import { connectionWords } from './words/connection.ts';

// The content security policy forbids `eval`, which zod would otherwise try.
z.config({ jitless: true });

const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';
const root = document.querySelector('#root');
if (!root) throw new Error('The page has no place for the console.');

const { server, restarted, policy } = await shell.start();
policyStore.setState(policy);
if (server !== null && isSecureContext) {
  connectClient({ server, token: accessToken, tokenRefused: expireToken });
  startServices();
  if (restarted) toast(connectionWords.restarted, { stays: true });
  void resume();
}
// The board measures its texts before it cuts them, so the font must be loaded first. Without it, a fallback is measured.
await document.fonts.load('13px "Inter Variable"').catch(() => []);
createRoot(root).render(
  <MantineProvider
    theme={theme}
    defaultColorScheme="auto"
    colorSchemeManager={colorScheme}
    getStyleNonce={() => nonce}
  >
    {isSecureContext ? <App server={server} /> : <Insecure />}
  </MantineProvider>,
);
