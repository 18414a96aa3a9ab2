/* Minutes, part 1: the copies on this device, and the line of requests to the server.

   Never lose a keystroke: every text lives in up to three places, and leaves one only when the next has confirmed it.

     typing ──≤ 250 ms──► copy on the device ──≤ 1.2 s after typing stops, ≤ 4.5 s while typing──► draft on the server
     "Simpan butir" ──► copy marked "queued" ──► POST ──► entry; then draft and copy are dropped

   A text being written is a SLIP (minutes-slips.js). Its states:

     clean ──input──► draft ──save──► queued ──200──► (gone: the entry stands in its place)
                        ▲               │──409 with texts──► conflict ──choice──► queued
                        └───── 422 ─────┘   (errors beside the fields; nothing lost)

   Requests leave one at a time (saves before drafts), so they arrive in order. What goes wrong:
     no link, time-out, 408, 429, 5xx ─► again after 1, 2, 4 … 30 s, and at once when the link is back
     401 ─► portal.fetch opens the login dialog and repeats; typing and copies are untouched
     400, 403, 404, 409, 413 with a sentence ─► shown; a save is tried again every 30 s (somebody may return the minutes)
   Doubles are impossible: a new entry carries a UUID made here, a changed one its base version; the server knows both.
   `seq` (milliseconds, always rising) lets the newer of two copies win, also against late answers.

   Works on Chrome 70: no ?. ?? and no modules. */
(function () {
  'use strict';

  var portal = window.portal;
  var source = document.getElementById('notula-setup');
  if (!portal || !source) { return; }
  var setup = JSON.parse(source.textContent);
  var phrases = document.getElementById('notula-phrases').dataset;
  var notula = window.notula = { setup: setup, phrases: phrases, slips: [], tab: '' };

  notula.phrase = function (name, value) { return (phrases[name] || '').replace('%s', value); };

  notula.tab = portal.uuid();

  // `seen`: a number the server already has, perhaps of another device whose clock is ahead.
  var last = 0;
  notula.tick = function (seen) { last = Math.max(Date.now(), last + 1, (seen || 0) + 1); return last; };

  /* -- copies on the device ------------------------------------------------------------------------------------------- */

  var PREFIX = 'notula:' + portal.userId + ':' + setup.minutes + ':';
  var store = notula.store = { works: true };

  store.write = function (key, copy) {
    try { localStorage.setItem(PREFIX + key, JSON.stringify(copy)); store.works = true; } catch (error) { store.works = false; /* full or switched off: the state line says so */ }
    return store.works;
  };
  store.drop = function (key) {
    try { localStorage.removeItem(PREFIX + key); } catch (error) { /* nothing was kept then */ }
  };
  store.all = function () {
    var found = [];
    try {
      for (var n = 0; n < localStorage.length; n++) {
        var name = localStorage.key(n);
        if (name.indexOf(PREFIX) !== 0) { continue; }
        var copy = JSON.parse(localStorage.getItem(name));
        copy.key = name.slice(PREFIX.length);
        last = Math.max(last, copy.seq);
        found.push(copy);
      }
    } catch (error) { store.works = false; }
    return found.sort(function (a, b) { return (a.queuedAt || a.seq) - (b.queuedAt || b.seq); });
  };
  // Which tabs of this browser are alive: a lock of each, given back by the browser even when a tab crashes.
  store.liveTabs = function () {
    if (!navigator.locks) { return Promise.resolve([]); }
    navigator.locks.request(notula.tab, function () { return new Promise(function () {}); });
    return navigator.locks.query().then(function (state) { return state.held.map(function (lock) { return lock.name; }); });
  };
  try { localStorage.setItem(PREFIX + 'coba', '1'); localStorage.removeItem(PREFIX + 'coba'); } catch (error) { store.works = false; }

  /* -- the line of requests ------------------------------------------------------------------------------------------------ */

  var line = notula.line = { busy: null, failures: 0, offline: false, login: false, savedAt: '', refusal: '' };
  var timer = null;

  function later(milliseconds) {
    clearTimeout(timer);
    timer = setTimeout(line.pump, Math.max(0, milliseconds));
  }

  function next() {
    var now = Date.now();
    var queued = notula.slips.filter(function (slip) { return slip.state === 'queued' && slip.notBefore <= now; });
    queued.sort(function (a, b) { return a.queuedAt - b.queuedAt; });
    if (queued.length) { return queued[0]; }
    return notula.slips.filter(function (slip) { return slip.owes() && slip.due <= now; })[0];
  }

  function nextTime() {
    var times = notula.slips.map(function (slip) { return slip.state === 'queued' ? slip.notBefore : slip.owes() ? slip.due : Infinity; });
    return Math.min.apply(null, times.concat(Infinity));
  }

  line.pump = function () {
    clearTimeout(timer);
    if (line.busy) { return; }
    var slip = next();
    if (!slip) {
      var wait = nextTime() - Date.now();
      if (wait < Infinity) { later(wait); }
      notula.show();
      return;
    }
    line.busy = slip;
    var saving = slip.state === 'queued';
    var request = saving ? slip.saveRequest() : slip.draftRequest();
    notula.show();
    portal.fetch(request.url, { method: 'POST', body: request.body, seconds: 20 }).then(function (response) {
      return portal.readAnswer(response).then(function (answer) { settle(slip, saving, request, response.status, answer); });
    }).catch(function (error) { failed(error); }).then(function () {
      line.busy = null;
      if (!line.failures) { line.pump(); }
      notula.show();
    });
  };

  function settle(slip, saving, request, status, answer) {
    if (status === 403 && !answer.sentence) { portal.renewToken(); throw new Error('stale token'); }
    if (status >= 500 || status === 408 || status === 429) { throw new Error('status ' + status); }
    if (status < 300 && answer.id === undefined && answer.seq === undefined) { throw new Error('not our server'); }
    reached();
    if (status < 300) {
      line.refusal = '';
      if (answer.at) { line.savedAt = answer.at; }
      if (saving) { slip.accepted(answer); } else { slip.drafted(request.seq, answer.seq); }
    } else if (status === 409 && answer.conflict) {
      slip.conflict(answer);
    } else if (status === 422) {
      slip.invalid(answer.errors || {});
    } else {
      line.refusal = answer.sentence || phrases.refused;
      if (saving) { slip.notBefore = Date.now() + 30000; } else { slip.due = Date.now() + 30000; }
      notula.say(line.refusal);
    }
  }

  function reached() {
    line.failures = 0;
    if (line.offline) { line.offline = false; notula.say(phrases.backOnline); }
  }

  function failed(error) {
    line.failures += 1;
    line.trouble = !store.works ? phrases.offlineUnsafe : /^status/.test(error.message) ? phrases.serverDown : phrases.offline;
    if (!line.offline) { line.offline = true; notula.say(line.trouble); }
    later(Math.min(30000, 1000 * Math.pow(2, line.failures - 1)) * (0.8 + Math.random() * 0.4));
  }

  document.addEventListener('portal:online', function () { later(0); });
  window.addEventListener('online', function () { later(300); });
  document.addEventListener('portal:session-lost', function () { line.login = true; notula.show(); });
  document.addEventListener('portal:session-restored', function () { line.login = false; later(0); notula.show(); });
})();
