// Only the driver's pages are kept, and only until sign-out; every other address goes to the network untouched.
"use strict";
(() => {
  const PAGES = /^\/(enlevements\/(telephone|[^/]+\/pointage)|tournees\/TRN-[^/]+)$/, LABEL = /^\/u\/([^/]+)$/;
  const ROAD = "/enlevements/telephone", PATIENCE = 6000;
  self.addEventListener("install", () => self.skipWaiting());
  self.addEventListener("activate", event => event.waitUntil(self.clients.claim()));
  self.addEventListener("sync", event => { if (event.tag === "gestes") event.waitUntil(Phone.send()); });

  const soon = (request, patience) => Promise.race([
    fetch(request), new Promise((ok, no) => setTimeout(() => no(new Error("slow")), patience)),
  ]);
  const page = async (request, path) => {
    const cache = await caches.open(Phone.KEPT), kept = await cache.match(path);
    try {
      const answer = await (kept ? soon(request, PATIENCE) : fetch(request));
      if (answer.status === 200 && answer.type === "basic") await cache.put(path, answer.clone());
      return answer.status >= 500 && kept ? kept : answer;
    } catch (error) {
      const instead = kept || await cache.match(ROAD);
      if (!instead) throw error;
      return instead;
    }
  };
  const label = async (request, code) => {
    try { return await fetch(request); } catch (error) {
      const plan = (await Phone.stops()).find(stop => stop.units.some(unit => unit[1] === code.toUpperCase()));
      if (!plan) throw error;
      return Response.redirect(`/enlevements/${plan.reference}/pointage#${code.toUpperCase()}`, 302);
    }
  };
  // Nobody signs out of acts that only this phone knows: they are shown first.
  const leaving = async request => {
    if ((await Phone.waiting()).length) return Response.redirect(`${ROAD}#attente`, 303);
    const answer = await fetch(request);
    await caches.delete(Phone.KEPT);
    await Phone.forget(null);
    return answer;
  };
  self.addEventListener("fetch", event => {
    const request = event.request, address = new URL(request.url), path = address.pathname;
    if (address.origin !== location.origin) return;
    if (request.method === "POST" && path === "/deconnexion") return event.respondWith(leaving(request));
    if (request.method !== "GET") return;
    if (path.startsWith("/static/")) {
      event.respondWith(caches.match(request).then(kept => kept || fetch(request)));
    } else if (request.mode === "navigate" && PAGES.test(path)) {
      event.respondWith(page(request, path));
    } else if (request.mode === "navigate" && LABEL.test(path)) {
      event.respondWith(label(request, LABEL.exec(path)[1]));
    }
  });
})();
