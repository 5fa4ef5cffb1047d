/* Loaded before the page is painted, so that a dark page never flashes white. */
(() => {
  "use strict";
  let kept = null;
  try {
    kept = window.localStorage.getItem("theme");
  } catch {
    /* storage is switched off: follow the system */
  }
  const dark = kept ? kept === "dark" : window.matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.bsTheme = dark ? "dark" : "light";
})();
