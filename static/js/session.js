/* Connection and session: a lost link and an ended session never cost what was typed.
   portal.fetch, portal.login, portal.extend; events portal:online, portal:offline, portal:session-restored. */
(function () {
  'use strict';

  var portal = window.portal;
  var phrases = portal.phrases;
  var LOGIN = '/masuk/?dialog=1';
  var EXTEND = '/sesi/perpanjang/';
  var idleSeconds = Number(document.body.getAttribute('data-idle-seconds')) || 0;

  function cookie(name) {
    var found = document.cookie.split('; ').find(function (pair) { return pair.indexOf(name + '=') === 0; });
    return found ? decodeURIComponent(found.slice(name.length + 1)) : '';
  }

  /* -- the link ------------------------------------------------------------------------------------------------------ */

  var online = true;
  var probing = null;
  portal.isOnline = function () { return online; };

  function setOnline(now) {
    if (now === online) { return; }
    online = now;
    document.querySelectorAll('[data-offline-bar]').forEach(function (bar) { bar.hidden = now; });
    clearTimeout(probing);
    if (now) { portal.toast({ text: phrases.online, tone: 'success', seconds: 4 }); } else { probe(3000); }
    portal.emit(now ? 'online' : 'offline');
  }

  // The browser's own idea of being online says nothing about the server; a small file is asked for until it comes.
  function probe(wait) {
    probing = setTimeout(function () {
      var mark = document.querySelector('link[rel="icon"]');
      fetch(mark ? mark.href : '/', { method: 'HEAD', cache: 'no-store' }).then(function () { setOnline(true); }, function () { probe(Math.min(wait * 1.5, 30000)); });
    }, wait);
  }

  window.addEventListener('offline', function () { setOnline(false); });
  window.addEventListener('online', function () { clearTimeout(probing); probe(200); });
  document.addEventListener('portal:unreachable', function () { setOnline(false); });
  document.addEventListener('portal:contact', function () { setOnline(true); });
  if (navigator.onLine === false) { setOnline(false); }

  /* -- requests of our own scripts ------------------------------------------------------------------------------------- */

  function withTimeout(url, options, seconds) {
    var control = new AbortController();
    var timer = setTimeout(function () { control.abort(); }, seconds * 1000);
    options.signal = control.signal;
    return fetch(url, options).then(function (response) { clearTimeout(timer); return response; }, function (error) { clearTimeout(timer); throw error; });
  }

  function refreshBody(data) {
    if (data instanceof FormData && data.has('csrfmiddlewaretoken')) { data.set('csrfmiddlewaretoken', portal.token()); }
    return data;
  }

  /* Like fetch, and: sends the token, opens the login dialog when the session has ended and repeats the request after it.
     More options: poll (not counted as activity), seconds (time limit), login (false: just answer with the 401).
     Rejects only when the server cannot be reached. */
  portal.fetch = function (url, options) {
    var wanted = Object.assign({ credentials: 'same-origin', method: 'GET' }, options);
    wanted.headers = Object.assign({ 'X-Requested-With': wanted.poll ? 'poll' : 'fetch' }, wanted.headers);
    if (wanted.method !== 'GET' && wanted.method !== 'HEAD') { wanted.headers['X-CSRFToken'] = portal.token(); }
    wanted.body = refreshBody(wanted.body);
    return withTimeout(url, wanted, wanted.seconds || 30).then(function (response) {
      if (response.status === 401 && response.headers.get('X-Login-Required')) {
        if (wanted.login === false) { return response; }
        return portal.login().then(function () { return portal.fetch(url, options); });
      }
      portal.emit('contact', { poll: Boolean(wanted.poll) });
      if (response.headers.get('HX-Redirect')) { location.href = response.headers.get('HX-Redirect'); }
      return response;
    }, function (error) {
      portal.emit('unreachable');
      throw error;
    });
  };

  /* -- what every script that saves needs: form bodies, answers, keys ---------------------------------------------------- */

  portal.formBody = function (values) {
    var data = new URLSearchParams();
    Object.keys(values).forEach(function (name) {
      [].concat(values[name]).forEach(function (value) { data.append(name, value === null || value === undefined ? '' : value); });
    });
    return data;
  };

  // What the server said: its JSON, or {plain: true, sentence}; the sentence is empty for error pages and captive portals.
  portal.readAnswer = function (response) {
    var type = response.headers.get('Content-Type') || '';
    return response.text().then(function (text) {
      if (type.indexOf('application/json') === 0) { return JSON.parse(text); }
      return { plain: true, sentence: type.indexOf('text/plain') === 0 && text.length < 600 ? text : '' };
    });
  };

  // Somebody logged in again in another tab: the page's token is old, the cookie has the new one.
  portal.renewToken = function () { portal.setToken(cookie('__Host-csrftoken') || cookie('csrftoken')); };

  portal.uuid = function () {
    var bytes = new Uint8Array(16);
    window.crypto.getRandomValues(bytes);
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    var hex = Array.prototype.map.call(bytes, function (byte) { return (byte + 256).toString(16).slice(1); }).join('');
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
  };

  /* -- logging in again without leaving the page ------------------------------------------------------------------------- */

  var dialog = document.getElementById('login-dialog');
  var waiting = null;
  var opening = null;

  /* Resolves when the user has logged in again. Everybody hears at once that the session is lost; the dialog waits for
     whoever is typing, whose next letters would otherwise go into its fields. */
  portal.login = function () {
    if (waiting) { openAtPause(); return waiting.promise; }
    if (!portal.userId || !dialog || !dialog.showModal) {
      location.href = '/masuk/?next=' + encodeURIComponent(location.pathname + location.search);
      return new Promise(function () {});
    }
    waiting = {};
    waiting.promise = new Promise(function (resolve) { waiting.resolve = resolve; });
    portal.emit('session-lost');
    openAtPause();
    return waiting.promise;
  };

  function openAtPause() {
    clearTimeout(opening);
    if (!waiting || dialog.open) { return; }
    if (portal.untilPause()) { opening = setTimeout(openAtPause, portal.untilPause()); return; }
    dialog.showModal();
    loadForm();
  }

  document.addEventListener('submit', openAtPause, true);

  function slot() { return dialog.querySelector('[data-login-form]'); }

  function sentence(text) {
    var note = document.createElement('p');
    note.textContent = text;
    slot().textContent = '';
    slot().appendChild(note);
  }

  function loadForm() {
    sentence(phrases.loading);
    request(LOGIN, { method: 'GET' }).catch(function () {
      sentence(phrases.loginBroken);
      setTimeout(function () { if (waiting && !slot().querySelector('form')) { loadForm(); } }, 5000);
    });
  }

  function request(url, options) {
    options.credentials = 'same-origin';
    options.headers = { 'X-Requested-With': 'fetch' };
    return withTimeout(url, options, 30).then(function (response) {
      return response.text().then(function (html) { answer(response, html); });
    });
  }

  function answer(response, html) {
    var page = new DOMParser().parseFromString(html, 'text/html');
    var form = page.querySelector('form[data-login-fragment], main form[method="post"], form[method="post"]');
    var address = new URL(response.url);
    var path = address.pathname;
    var entered = response.status === 204 || response.headers.get('X-Logged-In') || (response.redirected && !/^\/(masuk|akun)\//.test(path));
    if (entered) { restored(response, page); return; }
    if (!form) { throw new Error('no login form in the answer'); }
    form.setAttribute('data-own-submit', '');
    form.setAttribute('action', form.getAttribute('action') || path + (address.search || '?dialog=1'));
    slot().textContent = '';
    slot().appendChild(document.importNode(form, true));
    var field = slot().querySelector('[aria-invalid="true"], .is-invalid, input:not([type="hidden"])');
    if (field) { field.focus(); }
  }

  function restored(response, page) {
    var meta = page.querySelector('meta[name="csrf-token"]');
    var owner = response.headers.get('X-User-Id') || (page.body && page.body.getAttribute('data-user-id'));
    if (owner && owner !== portal.userId) { location.reload(); return; }
    portal.setToken(response.headers.get('X-CSRF-Token') || (meta && meta.content) || cookie('__Host-csrftoken') || cookie('csrftoken'));
    share('portal:login', portal.userId);
    finish();
  }

  function finish() {
    var done = waiting;
    waiting = null;
    touch();
    if (dialog.open) { dialog.close(); }
    slot().textContent = '';
    portal.toast({ text: phrases.back, tone: 'success' });
    portal.emit('session-restored');
    if (done) { done.resolve(); }
  }

  if (dialog) {
    dialog.addEventListener('cancel', function (event) { event.preventDefault(); });
    dialog.addEventListener('submit', function (event) {
      var form = event.target;
      event.preventDefault();
      if (form.hasAttribute('data-busy')) { return; }
      var data = new FormData(form);
      var button = portal.submitterOf(form, event);
      if (button && button.name) { data.append(button.name, button.value); }
      portal.busy(form, true);
      request(form.getAttribute('action'), { method: 'POST', body: data }).catch(function () {
        portal.busy(form, false);
        portal.toast({ text: phrases.noConnection, tone: 'danger' });
      });
    });
  }

  /* htmx requests that met the end of the session are repeated; polls repeat themselves. */
  document.addEventListener('htmx:responseError', function (event) {
    var detail = event.detail;
    if (detail.xhr.status !== 401 || !detail.xhr.getResponseHeader('X-Login-Required')) { return; }
    var config = detail.requestConfig;
    portal.login().then(function () {
      if (config.headers['X-Requested-With'] === 'poll') { return; }
      window.htmx.ajax(config.verb, config.path, { source: detail.elt, target: detail.target, values: refreshBody(config.formData) });
    });
  });

  /* -- idle ------------------------------------------------------------------------------------------------------------------ */

  var CONTACT = 'portal:contact:' + portal.userId;
  var warning = null;
  var extending = null;
  var lost = false;

  function share(key, value) {
    try { localStorage.setItem(key, value + ' ' + Date.now()); } catch (error) { /* storage may be switched off: then tabs do not know of each other */ }
  }

  function lastContact() {
    var own = portal.contactAt || 0;
    try { own = Math.max(own, Number((localStorage.getItem(CONTACT) || '').split(' ')[1]) || 0); } catch (error) { /* as above */ }
    return own;
  }

  function touch() {
    lost = false;
    portal.contactAt = Date.now();
    share(CONTACT, 'at');
    if (warning) { warning.remove(); warning = null; }
  }

  portal.extend = function () {
    if (!extending) {
      extending = portal.fetch(EXTEND, { method: 'POST' }).then(function (response) { extending = null; return response.ok; }, function (error) { extending = null; throw error; });
    }
    return extending;
  };

  // Asks without prolonging: is the session still there? Opens the login dialog when it is not.
  function verify() {
    if (waiting || !online) { return; }
    portal.fetch(location.pathname, { method: 'HEAD', poll: true }).catch(function () { /* the offline bar tells */ });
  }

  function watch() {
    var idle = (Date.now() - lastContact()) / 1000;
    if (waiting) { return; }
    if (idle > idleSeconds + 5) { if (!lost) { lost = true; verify(); } return; }
    if (idleSeconds > 180 && idle > idleSeconds - 120) {
      if (!warning) {
        warning = portal.toast({ text: phrases.idle, tone: 'warning', seconds: 0, action: { label: phrases.stay, run: function () {
          warning = null;
          portal.extend().then(function () { portal.toast({ text: phrases.stayed, tone: 'success', seconds: 4 }); }, function () { portal.toast({ text: phrases.noConnection, tone: 'danger' }); });
        } } });
      }
    } else if (warning) { warning.remove(); warning = null; }
  }

  document.addEventListener('portal:contact', function (event) { if (!event.detail.poll) { touch(); } });

  if (portal.userId && idleSeconds) {
    touch();
    setInterval(watch, 10000);
    document.addEventListener('visibilitychange', function () { if (!document.hidden) { watch(); } });
    // Who types is not idle, although no request leaves.
    document.addEventListener('input', function () {
      if (online && !waiting && Date.now() - lastContact() > Math.min(300, idleSeconds / 3) * 1000) {
        portal.contactAt = Date.now() - 60000 > lastContact() ? Date.now() : portal.contactAt;
        portal.extend().catch(function () { /* the offline bar tells */ });
      }
    });
    window.addEventListener('storage', function (event) {
      var value = (event.newValue || '').split(' ')[0];
      if (event.key === 'portal:logout' && value === portal.userId) { verify(); }
      if (event.key === 'portal:login' && value === portal.userId && waiting) { portal.setToken(cookie('__Host-csrftoken') || cookie('csrftoken')); finish(); }
    });
    document.addEventListener('submit', function (event) { if (event.target.hasAttribute('data-logout')) { share('portal:logout', portal.userId); } });
  }

  /* A form that is sent the plain way would leave the page: first see that it will be received. */
  portal.gates.push(function (form, button) {
    if (form.hasAttribute('data-checked')) { form.removeAttribute('data-checked'); return false; }
    if (!online && navigator.onLine === false) {
      portal.toast({ text: form.hasAttribute('data-keep') ? phrases.unsent : phrases.noConnection, tone: 'warning' });
      return true;
    }
    if (!portal.userId || !idleSeconds || form.hasAttribute('data-logout') || Date.now() - lastContact() < Math.min(300, idleSeconds / 2) * 1000) { return false; }
    portal.busy(form, true);
    portal.extend().then(function () {
      form.setAttribute('data-checked', '');
      portal.resubmit(form, button);
    }, function () {
      portal.busy(form, false);
      portal.toast({ text: form.hasAttribute('data-keep') ? phrases.unsent : phrases.noConnection, tone: 'warning' });
    });
    return true;
  });
})();
