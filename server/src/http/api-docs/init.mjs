// Runs in the browser. A separate file, because the page's policy allows no inline scripts.

const keyHeader = 'Idempotency-Key';

/** `crypto.randomUUID` works only over https and on this machine, but hospitals also use plain http for tests. */
function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** On this page the key is optional: each request without one gets a new one. */
function withoutKeys(document) {
  const key = document.components.parameters[keyHeader];
  key.required = false;
  key.description += ' If you leave it empty here, every request gets a new one.';
  return document;
}

function withKey(request) {
  const hasKey = Object.keys(request.headers).some((name) => name.toLowerCase() === keyHeader.toLowerCase());
  if (request.method !== 'GET' && !hasKey) request.headers[keyHeader] = newKey();
  return request;
}

async function show() {
  const answer = await fetch('/openapi.json');
  if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
  globalThis.SwaggerUIBundle({
    dom_id: '#docs',
    spec: withoutKeys(await answer.json()),
    requestInterceptor: withKey,
    // No external validator: this page contacts no other server.
    validatorUrl: null,
    // Tokens stay in this page only.
    persistAuthorization: false,
    deepLinking: true,
    filter: true,
    displayRequestDuration: true,
    defaultModelsExpandDepth: 0,
  });
}

show().catch((error) => {
  document.querySelector('#docs').textContent =
    `Can’t load the documentation (${error.message}). Reload the page, or read /openapi.json.`;
});
