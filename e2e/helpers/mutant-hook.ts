/** Loaded before a server that runs as a mutant: see `mutant.ts`. */
import { registerHooks } from 'node:module';

type Rewrite = { url: string; from: string; to: string };
const rewrites = JSON.parse(process.env.SLATE_TEST_MUTANT ?? '[]') as Rewrite[];

registerHooks({
  load(url, context, next) {
    const loaded = next(url, context);
    const rewritesOfFile = rewrites.filter((each) => each.url === url);
    if (rewritesOfFile.length === 0) return loaded;
    const text = Buffer.from(loaded.source as Buffer).toString();
    return {
      ...loaded,
      source: rewritesOfFile.reduce((source, { from, to }) => source.replace(from, () => to), text),
    };
  },
});
