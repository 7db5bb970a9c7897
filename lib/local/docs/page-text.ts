/** Loads nothing from elsewhere: the viewer and its start are served beside it. */
export const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Postrider API</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="/docs/swagger-ui.css">
    <link rel="stylesheet" href="/docs/page.css">
  </head>
  <body>
    <noscript>This page needs JavaScript. The document that it shows is <a href="/v1/openapi.json">/v1/openapi.json</a>.</noscript>
    <div id="reference"></div>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/start.js"></script>
  </body>
</html>
`;

/** A key that is typed in stays in the page's memory, and is gone when the page is. No validator elsewhere is asked. */
export const START = `SwaggerUIBundle({
  url: '/v1/openapi.json',
  dom_id: '#reference',
  deepLinking: true,
  docExpansion: 'none',
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  filter: true,
  persistAuthorization: false,
  tryItOutEnabled: true,
  validatorUrl: null,
});
`;

/** There is one server, this one: nobody has to choose it. */
export const STYLE = `body { margin: 0; background: #fff; }
.swagger-ui .servers, .swagger-ui .servers-title { display: none; }
.swagger-ui .info { margin: 24px 0 8px; }
.swagger-ui .scheme-container { margin: 0; padding: 8px 0 16px; box-shadow: none; }
`;
