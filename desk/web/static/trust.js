"use strict";
// htmx puts the server's own answers into the page as HTML, which Trusted Types only allows through a policy. This one lets
// markup pass only when it carries no script, no frame and no handler attribute: the server escapes all page text, and
// should that ever fail, nothing is inserted instead of something that runs. The one frame let through is that of a saved page,
// word for word as its template writes it: it runs nothing.
if (window.trustedTypes) {
  const own = /<script src="\/static\/[a-z.]+" defer><\/script>|<meta (charset|name)="[^>]*>/g;
  const frame = /<iframe src="\/item\/[0-9a-f]{32}\/page\/frame" sandbox title="[^"<>]*" referrerpolicy="no-referrer"><\/iframe>/g;
  const element = /<\s*(script|iframe|frame|object|embed|base|meta)\b/i;
  const address = /\b(href|src|action|formaction|xlink:href)\s*=\s*["']?\s*(javascript|vbscript|data):/i;
  const handler = /<[^>]*[\s"'/]on[a-z]+\s*=/i;
  window.trustedTypes.createPolicy("default", {
    createHTML: (html) => {
      const clean = html.replace(own, "");
      const checked = clean.replace(frame, "");
      if (element.test(checked) || address.test(checked) || handler.test(checked.replace(/="[^"]*"/g, '=""'))) {
        throw new TypeError("markup with something live in it was refused");
      }
      return clean;
    },
  });
}
