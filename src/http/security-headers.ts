import type { RequestHandler } from 'express';
import helmet from 'helmet';

const pageHeaders = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'", "'wasm-unsafe-eval'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", 'data:', 'blob:'],
      fontSrc: ["'self'"],
      connectSrc: ["'self'"],
      manifestSrc: ["'self'"],
      workerSrc: ["'self'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
      baseUri: ["'none'"],
    },
  },
  referrerPolicy: { policy: 'no-referrer' }, // a card's link is its secret
  strictTransportSecurity: { maxAge: 31_536_000, includeSubDomains: false },
});

/** The API answers with data only: it needs few headers, and the stamp path is not burdened with a page's. */
export const securityHeaders: RequestHandler = (request, response, next) => {
  // As Express finds routes: whatever the case of their letters.
  if (!request.path.toLowerCase().startsWith('/api/v1/')) return pageHeaders(request, response, next);
  response.setHeader('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'");
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('Cache-Control', 'no-store');
  next();
};
