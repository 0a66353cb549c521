/**
 * The content security policy sends every text that would become HTML through this trusted-types policy. It refuses text
 * with a `<`, and lets the contents of Mantine's style elements pass.
 */
type Policies = {
  createPolicy(name: 'default', rules: { createHTML(text: string): string | null }): unknown;
};

const { trustedTypes: policies } = globalThis as { trustedTypes?: Policies };
policies?.createPolicy('default', { createHTML: (text) => (text.includes('<') ? null : text) });
