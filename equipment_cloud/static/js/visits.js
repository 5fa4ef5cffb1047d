/* The visit form without a network: what is written goes into the browser's own store first, under a UUID made here,
   and is sent when there is a network. Sent twice it is still one visit. Without scripts the form posts plainly. */
(() => {
  "use strict";

  const form = document.querySelector("form[data-visit]");
  if (!form || !window.indexedDB || !window.fetch) {
    return;
  }
  const list = document.getElementById("visits-waiting");
  const words = list.dataset;
  const FIELDS = ["unit_id", "name", "model", "manufacturer", "serial_number", "in_service_on", "address"];
  const LONGEST_SIDE = 1600;
  let busy = false;

  /* --- the store ------------------------------------------------------------------------------------------------ */

  const opened = new Promise((resolve, reject) => {
    const request = indexedDB.open("visits", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("waiting", { keyPath: "key" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

  async function inStore(mode, act) {
    const database = await opened;
    return new Promise((resolve, reject) => {
      const transaction = database.transaction("waiting", mode);
      const request = act(transaction.objectStore("waiting"));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onerror = () => reject(transaction.error);
    });
  }

  const all = () => inStore("readonly", (store) => store.getAll());
  const keep = (visit) => inStore("readwrite", (store) => store.put(visit));
  const forget = (key) => inStore("readwrite", (store) => store.delete(key));

  /* --- writing -------------------------------------------------------------------------------------------------- */

  form.addEventListener("submit", async (event) => {
    if (!form.elements.name.value.trim() || !form.elements.unit_id.value) {
      return; /* the server says what is missing; without a network the browser does */
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    const visit = { key: crypto.randomUUID(), visited_at: new Date().toISOString(), error: "" };
    FIELDS.forEach((name) => {
      visit[name] = form.elements[name].value;
    });
    visit.unit_words = form.elements.unit_id.selectedOptions[0].textContent.trim();
    visit.photo = await smaller(form.elements.photo.files[0]);
    await keep(visit);
    FIELDS.filter((name) => name !== "unit_id" && name !== "address").forEach((name) => {
      form.elements[name].value = "";
    });
    form.elements.photo.value = "";
    await show();
    form.elements.name.focus();
    send();
  }, true);

  /** A photo of a sensible size; what the browser cannot draw is kept as it came. */
  async function smaller(file) {
    if (!file) {
      return null;
    }
    try {
      const picture = await createImageBitmap(file);
      const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(picture.width * scale);
      canvas.height = Math.round(picture.height * scale);
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      return await new Promise((resolve) => canvas.toBlob((blob) => resolve(blob ?? file), "image/jpeg", 0.8));
    } catch {
      return file;
    }
  }

  /* --- sending -------------------------------------------------------------------------------------------------- */

  async function send() {
    if (busy || !navigator.onLine) {
      return;
    }
    busy = true;
    try {
      const waiting = await all();
      if (waiting.length) {
        const token = await freshToken();
        for (const visit of token ? waiting : []) {
          await sendOne(visit, token);
        }
      }
    } catch {
      /* no network after all: they wait */
    } finally {
      busy = false;
    }
    await show();
  }

  /** The token of the form may be hours old. A person who was signed out is told so. */
  async function freshToken() {
    const answer = await fetch("/visits/token", { headers: { Accept: "application/json" }, redirect: "manual" });
    if (!answer.ok) {
      list.querySelector("[data-signed-out]").hidden = false;
      return null;
    }
    list.querySelector("[data-signed-out]").hidden = true;
    return (await answer.json()).csrf_token;
  }

  async function sendOne(visit, token) {
    const body = new FormData();
    ["key", "visited_at", ...FIELDS].forEach((name) => body.append(name, visit[name] ?? ""));
    if (visit.photo) {
      body.append("photo", visit.photo, "nameplate.jpg");
    }
    const answer = await fetch("/visits/sync", { method: "POST", body, headers: { "X-CSRFToken": token }, redirect: "manual" });
    if (answer.ok) {
      await forget(visit.key);
    } else if (answer.status >= 400 && answer.status < 500 && answer.status !== 429) {
      const said = await answer.json().catch(() => ({}));
      await keep({ ...visit, error: (said.errors ?? []).join(" ") || words.refused });
    }
  }

  /* --- what waits ------------------------------------------------------------------------------------------------ */

  async function show() {
    const waiting = await all();
    const rows = waiting.map((visit) => {
      const row = document.createElement("li");
      row.textContent = `${visit.name} · ${visit.unit_words}${visit.error ? ` · ${visit.error}` : ""}`;
      if (visit.error) {
        row.append(" ", button(words.again, () => backIntoForm(visit)), " ", button(words.drop, () => dropped(visit)));
      }
      return row;
    });
    list.querySelector("[data-list]").replaceChildren(...rows);
    list.querySelector("[data-count]").textContent = String(waiting.length);
    list.hidden = waiting.length === 0;
  }

  function button(text, act) {
    const element = document.createElement("button");
    element.type = "button";
    element.className = "btn btn-sm";
    element.textContent = text;
    element.addEventListener("click", act);
    return element;
  }

  async function backIntoForm(visit) {
    FIELDS.forEach((name) => {
      form.elements[name].value = visit[name] ?? "";
    });
    await forget(visit.key);
    await show();
  }

  async function dropped(visit) {
    await forget(visit.key);
    await show();
  }

  /* --- at hand without a network ----------------------------------------------------------------------------------- */

  async function takeAlong() {
    if (!navigator.serviceWorker || !window.caches) {
      return;
    }
    await navigator.serviceWorker.register("/visits/worker.js", { scope: "/visits/" });
    const store = await caches.open("visits-1");
    const files = [...document.querySelectorAll("link[rel=stylesheet], link[rel=icon]")].map((link) => link.href);
    const scripts = [...document.querySelectorAll("script[src]")].map((script) => script.src);
    const pictures = [...document.querySelectorAll("img[src^='/static/']")].map((picture) => picture.src);
    await store.addAll([...new Set([...files, ...scripts, ...pictures])]);
    if (navigator.onLine) {
      const page = await fetch("/visits/new");
      if (page.ok && !page.redirected) {
        await store.put("/visits/new", page);
      }
    }
    await navigator.serviceWorker.ready;
    document.body.dataset.offlineReady = "yes";
  }

  document.querySelector("[data-send-visits]")?.addEventListener("click", send);
  window.addEventListener("online", send);
  show().then(send);
  takeAlong().catch(() => {
    /* private windows forbid it: the form then needs a network */
  });
})();
