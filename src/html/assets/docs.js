// Starts Swagger UI on /docs and keeps its dark mode in step with the colour scheme of the system.
"use strict";

(() => {
  const darkScheme = matchMedia("(prefers-color-scheme: dark)");
  const follow = () => document.documentElement.classList.toggle("dark-mode", darkScheme.matches);
  follow();
  darkScheme.addEventListener("change", follow);

  SwaggerUIBundle({
    url: "/openapi.json",
    dom_id: "#swagger-ui",
    deepLinking: true,
    validatorUrl: null,
    presets: [SwaggerUIBundle.presets.apis],
    layout: "BaseLayout",
    tryItOutEnabled: true,
  });
})();
