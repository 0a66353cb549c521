/** `npm run build`: builds the console for the desktop program and for browsers. */
import { relative } from 'node:path';
import { buildConsole } from './build-console.ts';

try {
  console.log(`The console is in ${relative(process.cwd(), buildConsole())}.`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
