/* The door's service worker: the page opens without a link. Its scope is rakor/<slug>/pintu/ alone.

   self.DOOR (written by rakor/views/door.py): {cache, family, shell, assets, static}. The cache's name (family and a mark)
   changes with any asset.
     the page    from the server; after 4 s, without a link, or when the server is down: the copy of the last visit
     /static/    from the copies; what is new is fetched and kept (a new release's page may come before its worker)
     the rest    not touched: lists and check-ins are the page's own business (door-store.js, door-sync.js) */
'use strict';

var MARK = 12; // letters of the mark at the end of a cache's name
var WAIT = 4000;

self.addEventListener('install', function (event) {
  event.waitUntil(caches.open(self.DOOR.cache).then(function (cache) {
    return cache.addAll(self.DOOR.assets).then(function () {
      // Without a session there is no page to keep yet; the next visit brings it.
      return fetch(self.DOOR.shell, { credentials: 'same-origin' }).then(function (answer) { return keep(cache, answer); }, function () { return undefined; });
    });
  }).then(function () { return self.skipWaiting(); }));
});

self.addEventListener('activate', function (event) {
  event.waitUntil(caches.keys().then(function (names) {
    // Exactly this edition's: the name of another one may begin alike.
    var old = names.filter(function (name) { return name !== self.DOOR.cache && name.slice(0, -MARK) === self.DOOR.family; });
    return Promise.all(old.map(function (name) { return caches.delete(name); }));
  }).then(function () { return self.clients.claim(); }));
});

function keep(cache, answer) {
  if (!answer.ok || answer.redirected || answer.type !== 'basic' || !answer.headers.get('X-Door')) { return undefined; }
  return cache.put(self.DOOR.shell, answer.clone());
}

function page(request) {
  return caches.open(self.DOOR.cache).then(function (cache) {
    return cache.match(self.DOOR.shell).then(function (kept) {
      var fresh = fetch(request).then(function (answer) {
        if (answer.status >= 500 && kept) { return kept; }
        return Promise.resolve(keep(cache, answer)).then(function () { return answer; });
      });
      if (!kept) { return fresh; }
      var patience = new Promise(function (resolve) { setTimeout(function () { resolve(kept); }, WAIT); });
      return Promise.race([fresh.catch(function () { return kept; }), patience]);
    });
  });
}

function asset(request) {
  return caches.open(self.DOOR.cache).then(function (cache) {
    return cache.match(request).then(function (kept) {
      if (kept) { return kept; }
      return fetch(request).then(function (answer) {
        if (answer.ok && answer.type === 'basic') { cache.put(request, answer.clone()); }
        return answer;
      });
    });
  });
}

self.addEventListener('fetch', function (event) {
  var request = event.request;
  var address = new URL(request.url);
  if (request.method !== 'GET' || address.origin !== self.location.origin) { return; }
  if (request.mode === 'navigate') {
    if (address.pathname === self.DOOR.shell) { event.respondWith(page(request)); }
  } else if (address.pathname.indexOf(self.DOOR.static) === 0) { event.respondWith(asset(request)); }
});
