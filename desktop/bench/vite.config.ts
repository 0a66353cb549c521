import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const pages = ['slate', 'full-calendar', 'event-calendar', 'desk'];

/** Builds the board alone with a fabricated day, to look at and to benchmark against other calendars, and the desk of a browser. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  clearScreen: false,
  build: {
    target: 'chrome130',
    rollupOptions: { input: pages.map((page) => join(import.meta.dirname, `${page}.html`)) },
  },
});
