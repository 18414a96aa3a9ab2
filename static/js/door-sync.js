/* The door, part 3: what waits on the device goes to the server, what other devices did comes back.

     check-in ─► disk (door-store) ─► POST …/kirim/ {device, sent_at, since, items} ─► results, rows that changed
     every 10 s without items: what the other doors did          every 10 min, and when a list is chosen: the whole list

   Every item has a key made here, so that sending twice (a lost answer, two tabs) is one check-in. `at` and `sent_at` are
   both of this device's clock: the server sees by itself how far it is off. What goes wrong:
     no link, time-out, 408, 429, 5xx ─► again after 1, 2, 4 … 30 s, and at once when the link is back
     401 ─► the bar offers to log in again; scanning goes on, nothing is lost, and whoever logs in sends it
     400, 413, 422 ─► the batch is halved until the broken item stands alone; it is put aside with the server's sentence
     403, 404, 409 with a sentence ─► shown; everything stays here and is tried again every 30 s */
(function () {
  'use strict';

  var door = window.door;
  if (!door) { return; }
  var MOST = 100;
  var PULSE = 10000;
  var WHOLE = 600000;
  var sync = door.sync = { state: 'online', sentence: '', sending: false };
  var size = MOST;
  var failures = 0;
  var timer = null;
  var wholeAt = 0;

  function tell(state, sentence) {
    sync.state = state;
    sync.sentence = sentence || '';
    door.show();
  }

  function later(milliseconds) {
    clearTimeout(timer);
    timer = setTimeout(sync.pump, Math.max(0, milliseconds));
  }

  function wire(item) {
    var sent = { key: item.key, person: typeof item.person === 'number' ? item.person : null, pass: item.pass || null, at: item.at, method: item.method };
    if (item.new) { sent.new = item.new; }
    return sent;
  }

  function place(list) { return door.setup.lists.filter(function (each) { return each.id === list; })[0] || null; }

  /* -- one request at a time ----------------------------------------------------------------------------------------------- */

  function batch() {
    return door.store.items().then(function (all) {
      door.list.setItems(all);
      var lost = all.filter(function (item) { return item.state === 'waiting' && !place(item.list); });
      if (lost.length) { return Promise.all(lost.map(function (item) { return door.store.refuse(item, door.phrase('gone')); })).then(batch); }
      var waiting = all.filter(function (item) { return item.state === 'waiting'; });
      var list = waiting.length ? waiting[0].list : door.list.id;
      return { list: list, items: waiting.filter(function (item) { return item.list === list; }).slice(0, size), left: waiting.length };
    });
  }

  sync.pump = function () {
    clearTimeout(timer);
    if (sync.sending) { sync.again = true; return Promise.resolve(); }
    sync.sending = true;
    sync.again = false;
    return batch().then(function (found) {
      if (!found.list || (!found.items.length && document.hidden)) { return undefined; }
      if (!door.list.data || Date.now() - wholeAt > WHOLE) { return whole().then(function () { return found.items.length ? send(found) : undefined; }); }
      return send(found);
    }).then(function () { sync.sending = false; next(); }, function (error) { sync.sending = false; failed(error); });
  };

  function next() {
    var waits = door.list.items.some(function (item) { return item.state === 'waiting'; });
    if (sync.state === 'refused') { later(30000); } else if (sync.state === 'login') { later(PULSE); } else { later(sync.again || waits ? 0 : PULSE); }
    door.show();
  }

  function failed(error) {
    failures += 1;
    tell(/^status/.test(error.message) ? 'trouble' : 'offline');
    later(Math.min(30000, 1000 * Math.pow(2, failures - 1)) * (0.8 + Math.random() * 0.4));
  }

  function ask(url, options) {
    return portal.fetch(url, Object.assign({ login: false, seconds: 15 }, options)).then(function (response) {
      if (response.status === 401) { failures = 0; tell('login'); return null; }
      return portal.readAnswer(response).then(function (answer) { return judge(response.status, answer); });
    });
  }

  // The answer if it is one; null when it was dealt with; an error when it is to be tried again.
  function judge(status, answer) {
    if (status === 403 && !answer.sentence) { portal.renewToken(); throw new Error('status 403'); }
    if (status >= 500 || status === 408 || status === 429) { throw new Error('status ' + status); }
    if (status < 300 && answer.plain) { throw new Error('not our server'); }
    failures = 0;
    if (status < 300) { if (sync.state !== 'online') { tell('online'); } return answer; }
    if (status === 400 || status === 413 || status === 422) { return { broken: answer.sentence || answer.error || door.phrase('broken') }; }
    tell('refused', answer.sentence || answer.error || door.phrase('broken'));
    if (status === 403 || status === 404) { door.store.tidy(true); }
    return null;
  }

  /* -- the whole list --------------------------------------------------------------------------------------------------------- */

  function whole() {
    var id = door.list.id;
    var here = place(id);
    if (!here) { return Promise.resolve(); }
    // Not from the browser's cache: the answer tells the server's time.
    return ask(here.url, { poll: true, cache: 'no-store' }).then(function (answer) {
      if (!answer || !answer.list || id !== door.list.id) { return undefined; }
      wholeAt = Date.now();
      portal.setToken(answer.csrf);
      delete answer.csrf;
      door.list.take(answer);
      return undefined;
    });
  }

  sync.choose = function (id) {
    wholeAt = 0;
    return door.store.list(id).then(function (kept) {
      door.list.use(id, kept);
      door.show();
      return sync.pump();
    });
  };

  /* -- sending --------------------------------------------------------------------------------------------------------------- */

  function send(found) {
    var here = found.list === door.list.id && Boolean(door.list.data);
    var body = { device: door.device, sent_at: Date.now(), since: here ? door.list.data.change : 0, items: found.items.map(wire) };
    return ask(place(found.list).send, {
      method: 'POST', body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' }, poll: !found.items.length,
    }).then(function (answer) {
      if (!answer) { return undefined; }
      if (answer.broken) { return apart(found, answer.broken); }
      size = MOST;
      if (here && found.list === door.list.id) { door.list.take(answer); }
      return settle(found.items, answer);
    });
  }

  function refresh() {
    return door.store.items().then(function (all) {
      door.list.setItems(all);
      return door.list.data && door.list.data.list.closed ? door.list.store() : undefined;
    });
  }

  function apart(found, sentence) {
    if (!found.items.length) { return undefined; }
    if (found.items.length > 1) { size = Math.max(1, Math.floor(found.items.length / 2)); return undefined; }
    size = MOST;
    return door.store.refuse(found.items[0], sentence).then(refresh).then(function () { door.answered(found.items[0], { outcome: 'ditolak', sentence: sentence }); });
  }

  function settle(items, answer) {
    var results = {};
    (answer.results || []).forEach(function (result) { results[result.key] = result; });
    var told = items.filter(function (item) { return results[item.key]; });
    var refused = told.filter(function (item) { return results[item.key].outcome === 'ditolak'; });
    var done = told.filter(function (item) { return refused.indexOf(item) === -1; }).map(function (item) { return item.key; });
    return door.store.drop(done).then(function () {
      return Promise.all(refused.map(function (item) { return door.store.refuse(item, results[item.key].sentence); }));
    }).then(refresh).then(function () { told.forEach(function (item) { door.answered(item, results[item.key]); }); });
  }

  /* -- when -------------------------------------------------------------------------------------------------------------------- */

  sync.now = function () { failures = 0; return sync.pump(); };
  ['online', 'session-restored'].forEach(function (name) {
    document.addEventListener('portal:' + name, function () { wholeAt = 0; sync.now(); });
  });
  document.addEventListener('portal:offline', function () { if (sync.state === 'online') { tell('offline'); } });
  window.addEventListener('online', function () { setTimeout(sync.now, 300); });
  document.addEventListener('visibilitychange', function () { sync.pump(); });
})();
