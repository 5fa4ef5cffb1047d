/* What every page does beyond plain HTML. All of it hangs on data attributes; without scripts each page still works.
   No inline code anywhere: the content-security policy is `default-src 'self'`. */
(() => {
  "use strict";

  const meta = (name) => document.querySelector(`meta[name="${name}"]`)?.content ?? "";
  const words = (name) => document.body.dataset[name] ?? "";

  /* --- htmx: the CSRF header, and words for answers that are not shown ----------------------------------------- */

  document.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.verb !== "get") {
      event.detail.headers["X-CSRFToken"] = meta("csrf-token");
    }
  });
  document.addEventListener("htmx:responseError", () => tell(words("errorWords")));
  document.addEventListener("htmx:sendError", () => tell(words("offlineWords")));

  /** Say something in the corner, also to screen readers; it leaves after ten seconds. */
  function tell(text) {
    const place = document.getElementById("live-words");
    if (!place || !text) {
      return;
    }
    const box = document.createElement("p");
    box.className = "box box-error";
    box.textContent = text;
    place.replaceChildren(box);
    setTimeout(() => box.remove(), 10000);
  }

  /* --- asking before an act ------------------------------------------------------------------------------------ */

  const confirmed = new WeakSet();

  // The capture phase runs before htmx sees the submit.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const question = event.submitter?.dataset.confirm || form.dataset.confirm;
    const dialog = document.getElementById("confirm-dialog");
    if (!question || !dialog || confirmed.delete(form)) {
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    ask(dialog, question, event.submitter?.textContent, () => {
      confirmed.add(form);
      form.requestSubmit(event.submitter);
    });
  }, true);

  function ask(dialog, question, act, go) {
    dialog.querySelector("[data-question]").textContent = question;
    const yes = dialog.querySelector("[value=yes]");
    yes.textContent = (act ?? "").trim() || yes.dataset.words;
    dialog.returnValue = "";
    dialog.addEventListener("close", () => dialog.returnValue === "yes" && go(), { once: true });
    dialog.showModal();
  }

  /* --- one click, one act -------------------------------------------------------------------------------------- */

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented && !form.matches("[hx-post], [hx-put], [hx-delete]")) {
      return;
    }
    if (!form.matches("[data-disable-once]") || form.method !== "post") {
      return;
    }
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    event.submitter?.setAttribute("aria-busy", "true");
    // A download leaves the page standing: let the button work again.
    setTimeout(() => release(form), 8000);
  });

  function release(form) {
    delete form.dataset?.sent;
    form.querySelectorAll?.("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
  }

  document.addEventListener("htmx:afterRequest", (event) => release(event.target));
  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(release));

  /* --- selects and boxes that submit their form ------------------------------------------------------------------ */

  document.addEventListener("change", (event) => {
    const input = event.target;
    if (input.matches("[data-autosubmit]")) {
      input.form?.requestSubmit();
    }
    if (input.matches("[data-select-all]")) {
      const name = CSS.escape(input.dataset.selectAll);
      document.querySelectorAll(`input[type=checkbox][name="${name}"]`).forEach((box) => {
        box.checked = input.checked;
      });
    }
  });

  /* --- buttons: print, copy, theme ------------------------------------------------------------------------------- */

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-print], [data-copy], [data-copy-from], [data-theme-toggle]");
    if (!button) {
      return;
    }
    if (button.matches("[data-print]")) {
      window.print();
    } else if (button.matches("[data-theme-toggle]")) {
      toggleTheme(button);
    } else {
      copy(button);
    }
  });

  function toggleTheme(button) {
    const next = document.documentElement.dataset.bsTheme === "dark" ? "light" : "dark";
    document.documentElement.dataset.bsTheme = next;
    button.setAttribute("aria-pressed", String(next === "dark"));
    try {
      window.localStorage.setItem("theme", next);
    } catch {
      /* storage is switched off: the choice lasts for this page */
    }
    document.dispatchEvent(new CustomEvent("theme-changed"));
  }

  async function copy(button) {
    const source = button.dataset.copyFrom && document.querySelector(button.dataset.copyFrom);
    const text = source ? (source.value ?? source.textContent).trim() : button.dataset.copy;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      return; /* not allowed: the text is on the page to be marked by hand */
    }
    const before = button.textContent;
    button.textContent = words("copiedWords");
    setTimeout(() => {
      button.textContent = before;
    }, 2000);
  }

  /* --- menus ------------------------------------------------------------------------------------------------------ */

  document.addEventListener("click", (event) => {
    document.querySelectorAll("details.menu[open]").forEach((menu) => {
      if (!menu.contains(event.target)) {
        menu.open = false;
      }
    });
  });
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && event.target.closest?.("details.menu[open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  /* --- clocks: data-countdown to a moment, data-elapsed since one ----------------------------------------------- */

  function tick() {
    document.querySelectorAll("[data-countdown], [data-elapsed]").forEach((clock) => {
      const counting = clock.dataset.countdown;
      const moment = Date.parse(counting ?? clock.dataset.elapsed);
      const seconds = Math.max(0, Math.round((counting ? moment - Date.now() : Date.now() - moment) / 1000));
      if (counting && seconds === 0 && clock.dataset.over) {
        clock.textContent = clock.dataset.over;
        return;
      }
      const parts = [Math.floor(seconds / 60) % 60, seconds % 60].map((part) => String(part).padStart(2, "0"));
      const hours = Math.floor(seconds / 3600);
      clock.textContent = hours || !counting ? `${String(hours).padStart(2, "0")}:${parts.join(":")}` : parts.join(":");
    });
  }

  /* --- files that only some pages need ---------------------------------------------------------------------------- */

  const loading = new Map();

  /** Load a script once; its address stands in a meta tag. */
  function load(name) {
    if (!loading.has(name)) {
      loading.set(name, new Promise((resolve, reject) => {
        const script = document.createElement("script");
        script.src = meta(name);
        script.onload = resolve;
        script.onerror = reject;
        document.head.append(script);
      }));
    }
    return loading.get(name);
  }

  async function searchable(select) {
    if (select.tomselect) {
      return;
    }
    if (!document.querySelector("link[data-tom-select]")) {
      const sheet = document.createElement("link");
      Object.assign(sheet, { rel: "stylesheet", href: meta("tom-select-css") });
      sheet.dataset.tomSelect = "";
      document.head.prepend(sheet);
    }
    await load("tom-select-js");
    if (!select.tomselect) {
      new window.TomSelect(select, { maxOptions: 500, allowEmptyOption: true });
    }
  }

  async function drawCharts() {
    await load("echarts-js");
    await load("charts-js");
    window.drawCharts();
  }

  /* --- every page, and every part that htmx brings ----------------------------------------------------------------- */

  function enhance(root) {
    root.querySelectorAll("select[data-search]").forEach((select) => searchable(select).catch(() => {}));
    if (root.querySelector("[data-chart]")) {
      drawCharts().catch(() => {});
    }
    root.querySelector("[data-focus]")?.focus();
  }

  document.addEventListener("DOMContentLoaded", () => {
    enhance(document);
    const dark = document.documentElement.dataset.bsTheme === "dark";
    document.querySelector("[data-theme-toggle]")?.setAttribute("aria-pressed", String(dark));
    if (window.matchMedia("(max-width: 767.98px)").matches) {
      document.querySelectorAll("details[data-fold-narrow][open]").forEach((part) => {
        part.open = false;
      });
    }
    tick();
    setInterval(tick, 1000);
  });
  document.addEventListener("htmx:afterSwap", (event) => enhance(event.target));
})();
