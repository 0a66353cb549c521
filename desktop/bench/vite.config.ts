import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const pages = ['slate', 'full-calendar', 'event-calendar'];

/** The board by itself, with a fabricated day in it: to look at it, and to measure it beside others. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  clearScreen: false,
  build: {
    target: 'chrome130',
    rollupOptions: { input: pages.map((page) => join(import.meta.dirname, `${page}.html`)) },
  },
});
