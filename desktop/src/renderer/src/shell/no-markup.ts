/**
 * The policy lets no text become elements but through here, and here nothing does that could be one. What the kit
 * writes as the contents of its styles passes.
 */
type Policies = {
  createPolicy(name: 'default', rules: { createHTML(text: string): string | null }): unknown;
};

const { trustedTypes: policies } = globalThis as { trustedTypes?: Policies };
policies?.createPolicy('default', { createHTML: (text) => (text.includes('<') ? null : text) });
