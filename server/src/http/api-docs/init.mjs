// Runs in the browser. A file of its own, because the page's policy allows no script inside it.

const keyHeader = 'Idempotency-Key';

/** `crypto.randomUUID` exists only on https and on this machine; hospitals try things out over plain http, too. */
function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** Here the key may be left empty: each request then gets one of its own. */
function withoutKeys(document) {
  const key = document.components.parameters[keyHeader];
  key.required = false;
  key.description += ' Left empty here, every request gets a new one.';
  return document;
}

function withKey(request) {
  const named = Object.keys(request.headers).some((name) => name.toLowerCase() === keyHeader.toLowerCase());
  if (request.method !== 'GET' && !named) request.headers[keyHeader] = newKey();
  return request;
}

async function show() {
  const answer = await fetch('/openapi.json');
  if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
  globalThis.SwaggerUIBundle({
    dom_id: '#docs',
    spec: withoutKeys(await answer.json()),
    requestInterceptor: withKey,
    // Nobody else is told what is documented here, or that it was looked at.
    validatorUrl: null,
    // A token stays in this page and ends with it.
    persistAuthorization: false,
    deepLinking: true,
    filter: true,
    displayRequestDuration: true,
    defaultModelsExpandDepth: 0,
  });
}

show().catch((error) => {
  document.querySelector('#docs').textContent =
    `The documentation could not be loaded (${error.message}). Reload the page; if it stays, look at /openapi.json.`;
});
