/* Keeps the visit form at hand where there is no network. The page itself puts its files into the cache; here they are
   only given out, and the page is fetched anew whenever the network answers. */
"use strict";

const STORE = "visits-1";
const PAGE = "/visits/new";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(tidy()));

async function tidy() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("visits-") && name !== STORE).map((name) => caches.delete(name)));
  await self.clients.claim();
}

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  const isPage = url.pathname === PAGE;
  if (event.request.method !== "GET" || url.origin !== self.location.origin) {
    return;
  }
  if (isPage || url.pathname.startsWith("/static/")) {
    event.respondWith(freshOrKept(event.request, isPage));
  }
});

async function freshOrKept(request, isPage) {
  try {
    const answer = await fetch(request);
    if (isPage && answer.ok && !answer.redirected) {
      const store = await caches.open(STORE);
      await store.put(PAGE, answer.clone());
    }
    return answer;
  } catch (offline) {
    const kept = await caches.match(isPage ? PAGE : request, { ignoreVary: true });
    if (kept) {
      return kept;
    }
    throw offline;
  }
}
