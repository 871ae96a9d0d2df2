"use strict";
// htmx puts the server's own answers into the page as HTML, which Trusted Types only allows through a policy. This one lets
// markup pass only when it carries no script, no frame and no handler attribute: the server escapes all page text, and
// should that ever fail, nothing is inserted instead of something that runs.
if (window.trustedTypes) {
  const own = /<script src="\/static\/[a-z.]+" defer><\/script>|<meta (charset|name)="[^>]*>/g;
  const element = /<\s*(script|iframe|frame|object|embed|base|meta)\b/i;
  const address = /\b(href|src|action|formaction|xlink:href)\s*=\s*["']?\s*(javascript|vbscript|data):/i;
  const handler = /<[^>]*[\s"'/]on[a-z]+\s*=/i;
  window.trustedTypes.createPolicy("default", {
    createHTML: (html) => {
      const clean = html.replace(own, "");
      if (element.test(clean) || address.test(clean) || handler.test(clean.replace(/="[^"]*"/g, '=""'))) {
        throw new TypeError("markup with something live in it was refused");
      }
      return clean;
    },
  });
}
