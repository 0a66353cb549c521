import { createRequire } from 'node:module';
import { basename, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Router } from 'express';
import type { Request, Response } from 'express';

const ours = (file: string) => fileURLToPath(new URL(`api-docs/${file}`, import.meta.url));
const theirs = (file: string) => createRequire(import.meta.url).resolve(`swagger-ui-dist/${file}`);

const files = {
  '/': ours('index.html'),
  '/init.mjs': ours('init.mjs'),
  '/swagger-ui.css': theirs('swagger-ui.css'),
  '/swagger-ui-bundle.js': theirs('swagger-ui-bundle.js'),
};

/** Nothing but what this server sends; pictures in its style sheet are data addresses. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The interactive documentation of the API: a page, its script, and the two files of Swagger UI it needs. */
export function createDocs(): Router {
  const router = Router();
  for (const [path, file] of Object.entries(files)) {
    router.get(path, (_request: Request, response: Response, next) => {
      response.setHeader('Content-Security-Policy', policy);
      // Asked for anew each time, sent again only when changed. With a root, folders above it may have any name.
      const options = { root: dirname(file), cacheControl: false, headers: { 'Cache-Control': 'no-cache' } };
      response.sendFile(basename(file), options, next);
    });
  }
  return router;
}
