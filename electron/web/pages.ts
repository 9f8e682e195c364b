// Owns the few pages that the loopback host writes itself: no script, no outside resource, in the colours of the application.

/** Leads on to the application. A page and not a redirect: a Strict cookie does not travel with a redirect that another site began. */
export function enterPage(): string {
  return page('SonoSync', '<p>Opening …</p>', '<meta http-equiv="refresh" content="0; url=/">');
}

/** Says what went wrong and what to do. */
export function errorPage(title: string, advice: string): string {
  return page(title, `<h1>${escapeHtml(title)}</h1><p>${escapeHtml(advice)}</p>`, '');
}

function page(title: string, body: string, head: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(title)}</title>${head}
<style>
  body { margin: 0; min-height: 100vh; display: grid; place-content: center; background: #0e1216; color: #d7dee5; font: 15px/1.5 system-ui, sans-serif }
  main { max-width: 34rem; padding: 2rem } h1 { font-size: 1.25rem; margin: 0 0 .5rem } p { margin: 0; color: #aab4be }
</style></head><body><main>${body}</main></body></html>
`;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
