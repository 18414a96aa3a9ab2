/* The saver: what somebody types or ticks reaches the server by itself, and never gets lost on the way.

     put ──at once──► copy on the device ──0.8 s after the last put──► POST ──► onSaved; then the copy is dropped

   var saver = portal.saver({state: element, store: 'usulan:12'});     // the same store gives the same saver
   saver.put({key: 'title', url: '…', values: {…} or function, onSaved: f(answer), onConflict: f(answer),
              onRefused: f(sentence, errors)});
   saver.resume('title', {…the same…})   the copy that an earlier visit left under this key is put again; gives it, or null
   saver.copies()                        all copies on the device: [{key, url, values, at, sentence}]
   saver.drop(key); saver.flush(); saver.waiting(key)

   One request at a time, oldest put first; of one key only the latest values are sent. `values` as a function is asked
   when a copy is written and again when the request leaves, so it may tell what the server confirmed meanwhile.
   What the server answers:
     2xx with JSON ─► onSaved             409 with JSON ─► onConflict (the copy stays until the key is put or dropped)
     422 {"errors": {field: [sentence]}} and any refusal with a sentence ─► onRefused; the copy stays, with the sentence
     no link, time-out, 408, 429, 5xx ─► again after 1, 2, 4 … 30 s, and at once when the link is back
     401 ─► portal.fetch opens the login dialog and repeats
   A copy carries a stamp: an answer to older values, or to another tab's, drops nothing newer.
   Every confirmation is told to the page as the event portal:saved. A plain form that is sent while values wait (hand in,
   print …) is held back until they are saved. The state line is templates/components/save_state.html. Works on Chrome 70: no ?. ?? and no modules. */
(function () {
  'use strict';

  var portal = window.portal;
  var savers = {};
  var PAUSE = 800;

  function firstOf(errors) {
    var name = Object.keys(errors || {})[0];
    return name ? [].concat(errors[name])[0] : '';
  }

  function Saver(options) {
    this.prefix = 'simpan:' + portal.userId + ':' + options.store + ':';
    this.state = options.state || null;
    this.phrases = this.state ? this.state.dataset : {};
    this.items = {};
    this.busy = null;
    this.failures = 0;
    this.offline = this.login = false;
    this.works = true;
    this.savedAt = '';
    this.timer = null;
    this.waiters = [];
    try { localStorage.setItem(this.prefix + 'coba', '1'); localStorage.removeItem(this.prefix + 'coba'); } catch (error) { this.works = false; }
    this.show();
  }

  /* -- copies on the device -------------------------------------------------------------------------------------------- */

  Saver.prototype.write = function (item) {
    var copy = { url: item.url, values: item.now(), at: item.stamp, tag: item.tag, sentence: item.sentence };
    try { localStorage.setItem(this.prefix + item.key, JSON.stringify(copy)); this.works = true; } catch (error) { this.works = false; /* full or switched off: the state line says so */ }
  };

  Saver.prototype.copy = function (key) {
    try { return JSON.parse(localStorage.getItem(this.prefix + key)); } catch (error) { return null; }
  };

  Saver.prototype.copies = function () {
    var found = [];
    try {
      for (var n = 0; n < localStorage.length; n++) {
        var name = localStorage.key(n);
        if (name.indexOf(this.prefix) === 0) { found.push(Object.assign(JSON.parse(localStorage.getItem(name)), { key: name.slice(this.prefix.length) })); }
      }
    } catch (error) { this.works = false; }
    return found.sort(function (a, b) { return a.at - b.at; });
  };

  Saver.prototype.forget = function (key, tag) {
    var copy = this.copy(key);
    if (!copy || (tag && copy.tag !== tag)) { return; }
    try { localStorage.removeItem(this.prefix + key); } catch (error) { /* nothing was kept then */ }
  };

  /* -- what pages call --------------------------------------------------------------------------------------------------- */

  Saver.prototype.put = function (wanted) {
    var item = Object.assign({}, wanted, { state: 'waiting', stamp: Date.now(), tag: portal.uuid(), sentence: '' });
    item.now = function () { return typeof wanted.values === 'function' ? wanted.values() : wanted.values; };
    var before = this.items[item.key];
    item.first = before && before.state === 'waiting' ? before.first : item.stamp;
    item.due = wanted.soon ? 0 : Math.min(item.stamp + PAUSE, item.first + 5 * PAUSE);
    this.items[item.key] = item;
    this.write(item);
    this.pump();
    return item;
  };

  Saver.prototype.resume = function (key, wanted) {
    var copy = this.copy(key);
    if (copy && !this.items[key]) { this.put(Object.assign({ key: key, url: copy.url, values: copy.values, soon: true }, wanted)); }
    return copy;
  };

  Saver.prototype.drop = function (key) { delete this.items[key]; this.forget(key); this.show(); };

  Saver.prototype.waiting = function (key) {
    var items = this.items;
    return Object.keys(items).some(function (name) { return (!key || name === key) && items[name].state === 'waiting'; });
  };

  // Resolves when nothing waits any more; rejects at the first failure of the link or a refusal.
  Saver.prototype.flush = function () {
    var saver = this;
    Object.keys(this.items).forEach(function (key) { saver.items[key].due = 0; });
    return new Promise(function (resolve, reject) { saver.waiters.push({ resolve: resolve, reject: reject }); saver.pump(); });
  };

  Saver.prototype.settleWaiters = function (failed) {
    if (!failed && this.waiting()) { return; }
    this.waiters.splice(0).forEach(function (waiter) { if (failed) { waiter.reject(failed); } else { waiter.resolve(); } });
  };

  /* -- the line of requests ------------------------------------------------------------------------------------------------ */

  Saver.prototype.next = function () {
    var items = this.items;
    return Object.keys(items).map(function (key) { return items[key]; })
      .filter(function (item) { return item.state === 'waiting'; })
      .sort(function (a, b) { return a.due - b.due || a.first - b.first; })[0];
  };

  Saver.prototype.later = function (milliseconds) {
    clearTimeout(this.timer);
    this.timer = setTimeout(this.pump.bind(this), Math.max(0, milliseconds));
  };

  Saver.prototype.pump = function () {
    var saver = this;
    if (this.busy) { return; }
    clearTimeout(this.timer);
    this.show();
    var item = this.next();
    if (!item) { this.settleWaiters(); return; }
    if (item.due > Date.now()) { this.later(item.due - Date.now()); return; }
    this.busy = item;
    var values = item.now();
    this.write(item);
    this.show();
    portal.fetch(item.url, { method: 'POST', body: portal.formBody(values), seconds: 20 }).then(function (response) {
      return portal.readAnswer(response).then(function (answer) { saver.settle(item, values, response.status, answer); });
    }).catch(function (error) { saver.failed(error); }).then(function () {
      saver.busy = null;
      if (!saver.failures) { saver.pump(); }
      saver.show();
    });
  };

  Saver.prototype.settle = function (item, values, status, answer) {
    if (status === 403 && !answer.sentence) { portal.renewToken(); throw new Error('stale token'); }
    if (status >= 500 || status === 408 || status === 429) { throw new Error('status ' + status); }
    if (status < 300 && answer.plain) { throw new Error('not our server'); }
    this.reached();
    var latest = this.items[item.key] === item;
    if (status < 300) {
      if (latest) { delete this.items[item.key]; this.forget(item.key, item.tag); }
      this.savedAt = answer.at || portal.clock();
      if (item.onSaved) { item.onSaved(answer, values, latest); }
      portal.emit('saved', { key: item.key });
      return;
    }
    if (!latest) { return; /* something newer is on its way; the answer to that counts */ }
    item.state = status === 409 && !answer.plain ? 'conflict' : 'refused';
    item.sentence = answer.sentence || firstOf(answer.errors) || this.phrases.refused || '';
    this.write(item);
    if (item.state === 'conflict' && item.onConflict) { item.onConflict(answer, values); } else if (item.onRefused) { item.onRefused(item.sentence, answer.errors || null, status); }
    this.settleWaiters(new Error(item.sentence));
  };

  Saver.prototype.reached = function () { this.failures = 0; this.offline = false; };

  Saver.prototype.failed = function (error) {
    this.failures += 1;
    this.offline = true;
    this.trouble = !this.works ? 'offlineUnsafe' : /^status/.test(error.message) ? 'serverDown' : 'offline';
    this.later(Math.min(30000, 1000 * Math.pow(2, this.failures - 1)) * (0.8 + Math.random() * 0.4));
    this.settleWaiters(error);
  };

  /* -- the state line ------------------------------------------------------------------------------------------------------- */

  Saver.prototype.told = function () {
    var items = this.items;
    var phrases = this.phrases;
    function first(state) { return Object.keys(items).map(function (key) { return items[key]; }).filter(function (item) { return item.state === state; })[0]; }
    var waits = first('waiting');
    if (this.login) { return ['login', phrases.login, 'warning']; }
    if (this.offline && waits) { return ['offline', phrases[this.trouble], 'warning']; }
    if (waits || this.busy) { return ['saving', phrases.saving, 'progress']; }
    if (first('conflict')) { return ['conflict', phrases.conflict, 'warning']; }
    if (first('refused')) { return ['refused', first('refused').sentence || phrases.refused, 'danger']; }
    return ['saved', this.savedAt ? (phrases.savedAt || '').replace('%s', this.savedAt) : phrases.saved, 'success'];
  };

  Saver.prototype.show = function () {
    if (!this.state) { return; }
    var now = this.told();
    if (this.state.getAttribute('data-state') === now[0] && this.shown === now[1]) { return; }
    this.shown = now[1];
    this.state.className = 'save-state tone-' + now[2];
    this.state.setAttribute('data-state', now[0]);
    this.state.querySelector('[data-slot="text"]').textContent = now[1] || '';
    this.state.querySelectorAll('[data-for]').forEach(function (icon) { icon.toggleAttribute('hidden', icon.getAttribute('data-for').split(' ').indexOf(now[0]) < 0); });
  };

  /* -- events of the page ----------------------------------------------------------------------------------------------------- */

  function each(work) { Object.keys(savers).forEach(function (store) { work(savers[store]); }); }

  document.addEventListener('portal:online', function () { each(function (saver) { saver.later(0); }); });
  window.addEventListener('online', function () { each(function (saver) { saver.later(300); }); });
  document.addEventListener('portal:session-lost', function () { each(function (saver) { saver.login = true; saver.show(); }); });
  document.addEventListener('portal:session-restored', function () { each(function (saver) { saver.login = false; saver.later(0); }); });
  // Whoever leaves the page, or looks at another one on the phone, does not wait for the pause.
  document.addEventListener('visibilitychange', function () {
    if (document.hidden) { each(function (saver) { saver.flush().catch(function () { /* the copy stays */ }); }); }
  });
  window.addEventListener('beforeunload', function (event) {
    each(function (saver) { if (!saver.works && saver.waiting()) { event.preventDefault(); event.returnValue = ''; } });
  });

  // What is handed in is what is stored: a form that leaves the page waits for what is still on its way.
  portal.gates.push(function (form, button) {
    var waiting = Object.keys(savers).map(function (store) { return savers[store]; }).filter(function (saver) { return saver.waiting(); });
    if (!waiting.length || form.hasAttribute('data-logout')) { return false; }
    portal.busy(form, true);
    Promise.all(waiting.map(function (saver) { return saver.flush(); })).then(function () {
      portal.resubmit(form, button);
    }, function () { portal.busy(form, false); });
    return true;
  });

  portal.saver = function (options) {
    if (!savers[options.store]) { savers[options.store] = new Saver(options); }
    var saver = savers[options.store];
    if (options.state && !saver.state) { saver.state = options.state; saver.phrases = options.state.dataset; saver.show(); }
    return saver;
  };
})();
